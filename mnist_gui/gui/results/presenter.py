"""Test results, and test images in place of the drawing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.events import RunState, TestEvaluated
from mnist_gui.engine.models.test_images import (
    TestImage,
    find_next_mistake,
    next_index_of_digit,
    predict_image,
)
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.report import write_report
from mnist_gui.engine.results_files import confusion_csv, write_results
from mnist_gui.engine.runs.run import RunRecord, TestPredictions
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.images import png_file
from mnist_gui.gui.common.values import network_file_name, network_name, network_title
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.results.report import report_on
from mnist_gui.gui.results.view import ResultsView, Wish
from mnist_gui.gui.results.while_training import TrainingReader
from mnist_gui.gui.runs.text import run_title, with_distinct_names
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.words.report.page import report_html


class TestImagePresenter(QObject):
    """Displays test images in place of the drawing, until something else is displayed.

    Training images are displayed by their numbers only. A search ends the one before. The displayed
    image is predicted again by each new network.
    """

    def __init__(self, session: Session, shell: Shell, seed: int | None = None) -> None:
        """`seed` gives the same random images again."""
        super().__init__()
        self._session, self._shell = session, shell
        self._random = np.random.default_rng(seed)
        displayed = session.displayed.value
        known = displayed.index if displayed.source is Source.TEST_IMAGE else None
        self._index = -1 if known is None else known
        self._has_found = False
        self._is_replay = False
        self._job = LatestJob(session.prediction_thread)
        self._add_menu(shell.menus.view_menu)
        session.dataset.changed.connect(self._use_dataset)
        session.reader.follow(self._use_network)
        session.displayed.follow(self._follow_displayed)
        session.drawing.changed.connect(self._follow_drawing)

    def _add_menu(self, view_menu: QMenu) -> None:
        view_menu.addSeparator()
        self._menu = menu = view_menu.addMenu(self.tr("Test i&mage"))
        self._add_action(self.tr("Any test &image"), "N", self.show_random)
        self._add_action(self.tr("Next &mistake of the network"), "M", self.show_next_mistake)
        menu.addSeparator()
        for digit in range(CLASSES):
            text = self.tr("Next &{digit}").format(digit=digit)
            self._add_action(text, f"Ctrl+Shift+{digit}", partial(self.show_next_of, digit))
        menu.addSeparator()
        self._back = self._add_action(self.tr("&Back to the drawing"), "B", self.hide)
        self._back.setEnabled(False)

    def _add_action(self, text: str, key: str, function: Callable[[], None]) -> QAction:
        action = QAction(text, self._menu, shortcut=QKeySequence(key))
        action.triggered.connect(function)
        self._menu.addAction(action)
        return action

    @property
    def _images(self) -> LabelledImages | None:
        dataset = self._session.dataset.value
        return dataset.test if dataset is not None else None

    @property
    def _is_displayed(self) -> bool:
        return self._session.displayed.value.is_of_dataset

    @Slot()
    def show_random(self) -> None:
        """Show a random image."""
        if (images := self._images) is not None:
            self._index = int(self._random.integers(len(images)))
        self._search_at_index()

    @Slot()
    def show_next_mistake(self) -> None:
        """Show the next image that the network predicts wrong."""
        find = partial(find_next_mistake, self._session.classifier, after=self._index)
        self._search(lambda snapshot, dataset: find(snapshot, dataset.test))

    @Slot(int, np.ndarray)
    def show_image(
        self, number: int, image: NDArray[np.uint8], source: Source = Source.TEST_IMAGE
    ) -> None:
        """Show the image (28, 28) of this number in its file, unless the data set has changed."""
        dataset = self._session.dataset.value
        if dataset is not None and not _has_image(dataset, source, number, image):
            text = self.tr("This image is not in the data set that is open now.")
            self._shell.show_status(text)
            return
        if source is Source.TEST_IMAGE:
            self._index = number
        self._search(partial(_predict_number, self._session, source, number), source)

    def show_next_of(self, digit: int) -> None:
        """Show the digit's next image."""
        images = self._images
        index = None if images is None else next_index_of_digit(images, digit, self._index)
        if images is not None and index is None:
            text = self.tr("The test set has no image of a {digit}.")
            self._shell.show_status(text.format(digit=digit))
            return
        self._index = -1 if index is None else index
        self._search_at_index()

    @Slot()
    def hide(self) -> None:
        """Show no image, and end the search."""
        self._job.cancel()
        if self._is_displayed:
            self._session.display_drawing()

    @Slot(object)
    def _use_dataset(self, _dataset: object) -> None:
        self._index = -1
        self.hide()

    @Slot(object)
    def _use_network(self, snapshot: Snapshot) -> None:
        if self._is_displayed:
            # A search that is under way may still find another image.
            self._job.run(
                lambda: _predict_again(self._session, snapshot),
                each=self._show_again,
                failed=self._shell.show_status,
            )

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        self._back.setEnabled(displayed.is_of_dataset)
        was_replay, self._is_replay = self._is_replay, displayed.source is Source.REPLAY
        begins_replay = self._is_replay and not was_replay and displayed.prediction is None
        # What the network says of the drawing meanwhile does not end a search.
        if begins_replay or displayed.source is Source.PICTURE:
            self._job.cancel()

    @Slot(object)
    def _follow_drawing(self, _drawing: object) -> None:
        self._job.cancel()

    def _search_at_index(self) -> None:
        source = Source.TEST_IMAGE
        self._search(partial(_predict_number, self._session, source, self._index))

    def _search(
        self,
        search: Callable[[Snapshot, Dataset], Iterable[TestImage | None]],
        source: Source = Source.TEST_IMAGE,
    ) -> None:
        dataset, snapshot = self._session.dataset.value, self._session.reader.value
        if dataset is None:
            self._shell.show_status(self.tr("The data set is still being loaded."))
        elif snapshot is None:
            text = self.tr("No network yet: start a training run or open a network.")
            self._shell.show_status(text)
        else:
            self._job.cancel()
            self._has_found = False
            self._job.run(
                partial(search, snapshot, dataset),
                each=partial(self._show, source),
                ended=self._tell_if_none,
                failed=self._shell.show_status,
            )

    def _show(self, source: Source, found: TestImage | None) -> None:
        if found is not None:
            self._has_found = True
            if source is Source.TEST_IMAGE:
                self._index = found.index
            displayed = Displayed(source, image=found.image, prediction=found.prediction)
            self._session.displayed.set(replace(displayed, index=found.index, label=found.label))

    def _show_again(self, read: TestImage | None) -> None:
        # The user may have gone back to the drawing meanwhile.
        if self._is_displayed:
            self._show(self._session.displayed.value.source, read)

    def _tell_if_none(self) -> None:
        if not self._has_found:
            self._shell.show_status(self.tr("The network reads all test images right."))


def _images_with(dataset: Dataset, source: Source, number: int) -> tuple[LabelledImages, int]:
    """Return the images among which the one of this number in its file is, and its index there."""
    if source is Source.TRAINING_IMAGE:
        return dataset.in_training_file(number)
    return dataset.test, number


def _has_image(dataset: Dataset, source: Source, number: int, image: NDArray[np.uint8]) -> bool:
    images, index = _images_with(dataset, source, number)
    return images.has(index, image)


def _predict_number(
    session: Session, source: Source, number: int, snapshot: Snapshot, dataset: Dataset
) -> Iterable[TestImage]:
    images, index = _images_with(dataset, source, number)
    yield replace(predict_image(session.classifier, snapshot, images, index), index=number)


def _predict_again(session: Session, snapshot: Snapshot) -> Iterable[TestImage]:
    displayed, dataset = session.displayed.value, session.dataset.value
    if dataset is None or displayed.index is None:
        return ()
    return _predict_number(session, displayed.source, displayed.index, snapshot, dataset)


class ResultsPresenter(QObject):
    """Shows how the current network read the test images, and the accuracy on the user digits.

    That is known of the network that was tested last, and of a run's end, with which it is kept.
    """

    def __init__(
        self,
        session: Session,
        runner: TrainingRunner,
        test_images: TestImagePresenter,
        page: ResultsView,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._page, self._shell = session, page, shell
        self._test_images = test_images
        self._test: tuple[Snapshot | None, TestEvaluated, LabelledImages] | None = None
        self._shown: tuple[Snapshot | None, Evaluation, LabelledImages] | None = None
        self._store = RunStore(session.runs_folder.value)
        self._is_live = False
        self._loading = LatestJob(session.file_thread)
        self._training_reader = TrainingReader(session, page)
        self._training_reader.begun.connect(self._show_reading)
        self._training_reader.read.connect(self._show_live)
        self._action = shell.actions_offered.test
        self._action.changed.connect(self._offer_test)
        page.test.triggered.connect(self._action.trigger)
        page.image_chosen.connect(test_images.show_image)
        page.wished.connect(self._fulfil)
        page.report.triggered.connect(self._save_report)
        shell.menus.training_menu.addAction(page.report)
        runner.news.images_read.connect(page.show_testing)
        runner.news.tested.connect(self._show_test)
        session.run_state.follow(self._follow_state)
        session.runs_folder.changed.connect(self._use_folder)
        session.network.follow(self._show_network)
        session.is_calibrated.changed.connect(self._show_again)
        session.dataset.follow(self._show_again)
        session.runs.follow(self._show_title)
        session.digits.follow(self._show_user_accuracy)
        session.digit_predictions.follow(self._show_user_accuracy)
        self._offer_test()
        shell.pages.fill(Page.RESULTS, page)

    def take_over(self, before: "ResultsPresenter") -> None:
        """Show the test that another presenter knows of."""
        self._test = before._test
        self._show_again(None)
        self._page.take_over(before._page)

    # --- which test is shown -------------------------------------------------------------------

    @Slot(TestEvaluated, LabelledImages)
    def _show_test(self, tested: TestEvaluated, images: LabelledImages) -> None:
        network = self._session.network.value
        title = network_title(tested.recipe.name, tested.step)
        if network is not None:
            if (network.recipe, network.step) != (tested.recipe, tested.step):
                # Another network was chosen meanwhile.
                return
            title = self._title(network)
        self._loading.cancel()
        self._test = (network, tested, images)
        self._show(network, tested.evaluation, images, title)

    @Slot(object)
    def _show_network(self, network: Snapshot) -> None:
        """Show the test of the current network, if there was one."""
        self._loading.cancel()
        if self._test is not None and _is_same(self._test[0], network):
            _, tested, images = self._test
            self._show(network, tested.evaluation, images, self._title(network))
            return
        if self._is_live and self._training_reader.is_wanted:
            # The next reading takes the place of the one that is shown.
            return
        self._shown, self._is_live = None, False
        self._page.report.setEnabled(False)
        is_being_read = self._training_reader.is_wanted
        self._page.show_untested(self._title(network), is_being_read=is_being_read)
        if (run_id := self._session.run_of_network) and self._session.dataset.value is not None:
            load = partial(self._store.reading, run_id)
            # A run that was not tested has none.
            self._loading.call(load, then=partial(self._show_kept, network), failed=lambda _: None)

    def _show_kept(self, network: Snapshot, kept: TestPredictions) -> None:
        dataset = self._session.dataset.value
        if dataset is None or (kept.fingerprint, kept.step) != (dataset.fingerprint, network.step):
            return
        title = self._title(network)
        how_sure = kept.probabilities is not None
        self._show(network, kept.evaluation, dataset.test, title, how_sure=how_sure)

    def _show(
        self,
        network: Snapshot | None,
        evaluation: Evaluation,
        images: LabelledImages,
        title: str,
        *,
        how_sure: bool = True,
    ) -> None:
        self._shown, self._is_live = (network, evaluation, images), False
        if network is not None:
            evaluation = self._as_chosen(network, evaluation)
        dataset = self._session.dataset.value
        is_of_dataset = dataset is not None and images is dataset.test
        self._page.report.setEnabled(how_sure and network is not None and is_of_dataset)
        self._page.show_evaluation(evaluation, images.images, title, how_sure=how_sure)
        if how_sure and network is not None:
            self._page.show_honesty(evaluation.calibration_error, self._temperature(network))
        self._show_user_accuracy()

    @Slot()
    def _show_reading(self) -> None:
        """Say that validation images are read, unless there is something to show."""
        if self._shown is None and (network := self._session.network.value) is not None:
            self._page.show_untested(self._title(network), is_being_read=True)

    @Slot(object, object, object)
    def _show_live(
        self, network: Snapshot | None, evaluation: Evaluation, images: LabelledImages
    ) -> None:
        """Show how a network of the run that trains reads the validation images."""
        if network is None or (self._shown is not None and not self._is_live):
            # A test is worth more.
            return
        self._shown, self._is_live = (network, evaluation, images), True
        title = self.tr("{network}, while it trains").format(network=self._title(network))
        self._page.show_live(self._as_chosen(network, evaluation), images.images, title)
        self._show_user_accuracy()

    def _as_chosen(self, network: Snapshot, evaluation: Evaluation) -> Evaluation:
        """Return an evaluation with raw or calibrated probabilities, as the user chose."""
        if self._session.is_calibrated.value:
            return evaluation
        return evaluation.uncalibrated(network.temperature)

    def _temperature(self, network: Snapshot) -> float | None:
        return network.temperature if self._session.is_calibrated.value else None

    @Slot(object)
    def _show_again(self, _changed: object) -> None:
        network = self._session.network.value
        if self._is_live and self._shown is not None and self._training_reader.is_wanted:
            self._show_live(*self._shown)
        elif network is not None:
            self._show_network(network)

    @Slot(object)
    def _follow_state(self, state: RunState) -> None:
        """Say that the network is tested, and whether it was."""
        network, dataset = self._session.network.value, self._session.dataset.value
        if self._is_live and not self._training_reader.is_wanted and network is not None:
            self._show_network(network)
        if state is RunState.TESTING and dataset is not None:
            self._page.show_testing(0, len(dataset.test))
        elif state is RunState.IDLE and self._shown is None and network is not None:
            self._page.show_untested(self._title(network))

    @Slot(object)
    def _use_folder(self, folder: Path) -> None:
        self._loading.cancel()
        self._store = RunStore(folder)

    @Slot()
    def _offer_test(self) -> None:
        self._page.test.setEnabled(self._action.isEnabled())

    # --- its network ---------------------------------------------------------------------------

    @Slot(object)
    def _show_title(self, _runs: object) -> None:
        if (network := self._session.network.value) is not None and not self._is_live:
            self._page.show_title(self._title(network))

    def _title(self, network: Snapshot) -> str:
        """Name a network, and its step."""
        return network_title(self._name(network), network.step)

    def _name(self, network: Snapshot) -> str:
        """Name a network as the network bar does."""
        records = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        runs = with_distinct_names([run for run in records if run.has_weights])
        ids = {run.run_id: run_title(run) for run in runs}
        file = self._session.file_of_network
        return ids.get(self._session.run_of_network, network_name(network.recipe.name, file))

    @Slot(object)
    def _show_user_accuracy(self, _changed: object = None) -> None:
        """Show the accuracy on user digits if it is of the network whose test is shown."""
        predictions, digits = self._session.digit_predictions.value, self._session.digits.value
        shown = self._shown[0] if self._shown is not None else None
        if predictions is None or predictions[0] is not shown or digits is None:
            self._page.show_user_accuracy(None)
        else:
            evaluation = predictions[1].evaluation(digits.digits)
            self._page.show_user_accuracy(evaluation, predictions[1].network)

    # --- what the menus offer ------------------------------------------------------------------

    @Slot(Wish, object)
    def _fulfil(self, wish: Wish, index: int | None) -> None:
        if self._shown is None:
            return
        _, evaluation, images = self._shown
        match wish:
            case Wish.COPY_PICTURE:
                QGuiApplication.clipboard().setImage(self._page.picture(index))
                self._shell.show_status(self.tr("The picture is on the clipboard."))
            case Wish.SAVE_PICTURE:
                picture = self._page.picture(index)
                kinds = {self.tr("PNG pictures (*.png)"): ".png"}
                self._save(self.tr("Save picture"), kinds, index, lambda: png_file(picture))
            case Wish.SAVE_COUNTS:
                kinds = {self.tr("CSV tables (*.csv)"): ".csv"}
                counts = partial(confusion_csv, evaluation.confusion)
                self._save(self.tr("Save counts as CSV"), kinds, index, counts)
            case Wish.PUT_ON_PAD | Wish.EXPLAIN if index is not None:
                self._test_images.show_image(index, images.images[index])
                if wish is Wish.EXPLAIN:
                    self._shell.pages.bring_to_front(Page.EXPLANATION)

    @Slot()
    def _save_report(self) -> None:
        """Ask for a file, and write a report on the test that is shown."""
        network = self._session.network.value
        if self._shown is None or network is None:
            return
        evaluation = self._as_chosen(network, self._shown[1])
        images = self._shown[2].images
        report = report_on(self._session, self._name(network), evaluation, images)
        name = self.tr("{network}-report").format(
            network=network_file_name(network.recipe.name, network.step)
        )
        kinds = {self.tr("Web pages (*.html)"): ".html"}
        title = self.tr("Save report")
        if path := dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=name):
            self._session.file_thread.call(
                lambda: write_report(Path(path), report_html(report)),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
            )

    def _save(
        self, title: str, kinds: dict[str, str], index: int | None, content: Callable[[], bytes]
    ) -> None:
        """Ask for a file, and write its content on the thread for files."""
        name = self.tr("test-image-{index}").format(index=index)
        if index is None and (network := self._session.network.value) is not None:
            file = network_file_name(network.recipe.name, network.step)
            name = self.tr("{network}-confusion").format(network=file)
        if path := dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=name):
            self._session.file_thread.call(
                lambda: write_results(Path(path), content()),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
            )


def _is_same(tested: Snapshot | None, network: Snapshot) -> bool:
    """Return whether a network is the tested one, which may have been loaded again."""
    if tested is None or (tested.recipe, tested.step) != (network.recipe, network.step):
        return False
    weights = network.weights
    same = (np.array_equal(each, weights[name]) for name, each in tested.weights.items())
    return tested is network or all(same)
