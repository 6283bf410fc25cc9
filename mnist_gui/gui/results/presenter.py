"""How the network does on the test images."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import RunState, TestEvaluated
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
from mnist_gui.gui.results.test_images import TestImagePresenter
from mnist_gui.gui.results.view import ResultsView, Wish
from mnist_gui.gui.results.while_training import TrainingReader
from mnist_gui.gui.runs.text import run_title, with_distinct_names
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.words.report.page import report_html


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
        self._loading = LatestJob(session.reading_thread)
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
                place=path,
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
                place=path,
            )


def _is_same(tested: Snapshot | None, network: Snapshot) -> bool:
    """Return whether a network is the tested one, which may have been loaded again."""
    if tested is None or (tested.recipe, tested.step) != (network.recipe, network.step):
        return False
    weights = network.weights
    same = (np.array_equal(each, weights[name]) for name, each in tested.weights.items())
    return tested is network or all(same)
