"""Test results, and test images in place of the drawing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.models.test_images import (
    TestImage,
    find_next_mistake,
    next_index_of_digit,
    predict_image,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_title
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.results.view import ResultsView
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner


class TestImagePresenter(QObject):
    """Displays test images in place of the drawing, until something else is displayed.

    A search ends the one before. The displayed image is predicted again by each new network.
    """

    def __init__(self, session: Session, shell: Shell, seed: int | None = None) -> None:
        """`seed` gives the same random images again."""
        super().__init__()
        self._session, self._shell = session, shell
        self._random = np.random.default_rng(seed)
        self._index = -1
        self._has_found = False
        self._is_replay = False
        self._job = LatestJob(session.prediction_thread)
        self._add_menu(shell.menus.view_menu)
        session.dataset.follow(self._use_dataset)
        session.network.follow(self._use_network)
        session.displayed.follow(self._follow_displayed)
        session.drawing.changed.connect(self._follow_drawing)

    def _add_menu(self, view_menu: QMenu) -> None:
        view_menu.addSeparator()
        self._menu = menu = view_menu.addMenu(self.tr("Test &image"))
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
        return self._session.displayed.value.source is Source.TEST_IMAGE

    @Slot()
    def show_random(self) -> None:
        """Show a random image."""
        if (images := self._images) is not None:
            self._index = int(self._random.integers(len(images)))
        self._search_at_index()

    @Slot()
    def show_next_mistake(self) -> None:
        """Show the next image that the network predicts wrong."""
        self._search(partial(find_next_mistake, self._session.classifier), self._index)

    @Slot(int, np.ndarray)
    def show_image(self, index: int, image: NDArray[np.uint8]) -> None:
        """Show the image (28, 28) of this index, unless the test set has changed."""
        if (images := self._images) is not None and not images.has(index, image):
            text = self.tr("This image is not in the data set that is open now.")
            self._shell.show_status(text)
            return
        self._index = index
        self._search_at_index()

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
        images = self._images
        if self._is_displayed and images is not None:
            # A search that is under way may still find another image.
            self._job.run(
                lambda: _predict_at(self._session, snapshot, images, self._index),
                each=self._show,
                failed=self._shell.show_status,
            )

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        self._back.setEnabled(displayed.source is Source.TEST_IMAGE)
        was_replay, self._is_replay = self._is_replay, displayed.source is Source.REPLAY
        begins_replay = self._is_replay and not was_replay and displayed.prediction is None
        # What the network says of the drawing meanwhile does not end a search.
        if begins_replay or displayed.source is Source.PICTURE:
            self._job.cancel()

    @Slot(object)
    def _follow_drawing(self, _drawing: object) -> None:
        self._job.cancel()

    def _search_at_index(self) -> None:
        self._search(partial(_predict_at, self._session), self._index)

    def _search(self, search: Callable[..., Iterable[TestImage | None]], index: int) -> None:
        images, snapshot = self._images, self._session.network.value
        if images is None:
            self._shell.show_status(self.tr("The data set is still being loaded."))
        elif snapshot is None:
            text = self.tr("No network yet: start a training run or open a network.")
            self._shell.show_status(text)
        else:
            self._job.cancel()
            self._has_found = False
            self._job.run(
                partial(search, snapshot, images, index),
                each=self._show,
                ended=self._tell_if_none,
                failed=self._shell.show_status,
            )

    def _show(self, found: TestImage | None) -> None:
        if found is not None:
            self._has_found = True
            self._index = found.index
            displayed = Displayed(Source.TEST_IMAGE, image=found.image, prediction=found.prediction)
            self._session.displayed.set(replace(displayed, index=found.index, label=found.label))

    def _tell_if_none(self) -> None:
        if not self._has_found:
            self._shell.show_status(self.tr("The network reads all test images right."))


def _predict_at(
    session: Session, snapshot: Snapshot, images: LabelledImages, index: int
) -> Iterable[TestImage]:
    yield predict_image(session.classifier, snapshot, images, index)


class ResultsPresenter(QObject):
    """Shows the evaluation on the test set, and the accuracy on the user digits."""

    def __init__(
        self,
        session: Session,
        runner: TrainingRunner,
        test_images: TestImagePresenter,
        page: ResultsView,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._page = session, page
        self._tested: Snapshot | None = None
        shell.pages.fill(Page.RESULTS, page)
        page.image_chosen.connect(test_images.show_image)
        runner.news.tested.connect(self._show_test)
        session.digits.follow(self._show_user_accuracy)
        session.digit_predictions.follow(self._show_user_accuracy)

    @Slot(TestEvaluated, LabelledImages)
    def _show_test(self, tested: TestEvaluated, images: LabelledImages) -> None:
        title = network_title(tested.recipe.name, tested.step)
        self._page.show_evaluation(tested.evaluation, images.images, title)
        self._tested = self._network_of(tested)
        self._page.show_user_accuracy(None)
        self._show_user_accuracy()

    def _network_of(self, tested: TestEvaluated) -> Snapshot | None:
        current = self._session.network.value
        if current is None or (current.recipe, current.step) != (tested.recipe, tested.step):
            return None
        return current

    @Slot(object)
    def _show_user_accuracy(self, _changed: object = None) -> None:
        """Show the accuracy on user digits if it is of the network that was tested."""
        predictions, digits = self._session.digit_predictions.value, self._session.digits.value
        if predictions is None or predictions[0] is not self._tested or digits is None:
            self._page.show_user_accuracy(None)
        else:
            evaluation = predictions[1].evaluation(digits.digits)
            self._page.show_user_accuracy(evaluation, predictions[1].network)
