"""Test images in place of the drawing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.models.test_images import (
    TestImage,
    find_next_mistake,
    next_index_of_digit,
    predict_image,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.shell import Shell


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
