"""Test images on the pad."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.test_images import (
    TestImage,
    find_next_mistake,
    next_of_digit,
    predict_image,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread


class TestImagePresenter(QObject):
    """Finds and reads test images on the thread for reading.

    `image_shown` tells of an image, and again whenever a new network reads it, until `hidden`.
    `not_found` says in a sentence why there is none to show. The next wish ends a search.
    """

    image_shown = Signal(TestImage)
    hidden = Signal()
    not_found = Signal(str)

    def __init__(self, thread: JobThread, classifier: Classifier, seed: int | None = None) -> None:
        """`classifier` is used on that thread only; `seed` gives the same random images again."""
        super().__init__()
        self._thread = thread
        self._classifier = classifier
        self._random = np.random.default_rng(seed)
        self._images: LabelledImages | None = None
        self._snapshot: Snapshot | None = None
        self._place = -1
        self._is_shown = False
        self._job: Job | None = None
        self._has_found = False
        self._is_stale = False

    @Slot(object)
    def use_dataset(self, dataset: Dataset) -> None:
        """Show this data set's test images from now on."""
        self._images = dataset.test
        self._place = -1
        self.hide()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Read with this network from now on, also the image that is shown."""
        self._snapshot = snapshot
        if self._is_shown:
            self._read_again()

    @Slot()
    def show_random(self) -> None:
        """Show any image."""
        if self._images is not None:
            self._place = int(self._random.integers(len(self._images)))
        self._search(self._work_at_place)

    @Slot()
    def show_next_mistake(self) -> None:
        """Show the next image that the network reads wrong."""
        self._search(self._work_for_mistake)

    @Slot(int, np.ndarray)
    def show_image(self, index: int, image: NDArray[np.uint8]) -> None:
        """Show the image (28, 28) at this index, unless the test set has become another one."""
        if self._images is not None and not self._images.has(index, image):
            self.not_found.emit(self.tr("This image is not in the data set that is open now."))
            return
        self._place = index
        self._search(self._work_at_place)

    @Slot(int)
    def show_next_of(self, digit: int) -> None:
        """Show the digit's next image."""
        place = None if self._images is None else next_of_digit(self._images, digit, self._place)
        if self._images is not None and place is None:
            text = self.tr("The test set has no image of a {digit}.")
            self.not_found.emit(text.format(digit=digit))
            return
        self._place = -1 if place is None else place
        self._search(self._work_at_place)

    @Slot()
    def hide(self) -> None:
        """Show no image, and look for none."""
        self._drop_job()
        if self._is_shown:
            self._is_shown = False
            self.hidden.emit()

    def _search(
        self, work: Callable[[Snapshot, LabelledImages], Callable[[], Iterable[TestImage | None]]]
    ) -> None:
        if self._images is None:
            self.not_found.emit(self.tr("The data set is still being loaded."))
        elif self._snapshot is None:
            self.not_found.emit(self.tr("No network yet: start a training run or open a network."))
        else:
            self._drop_job()
            self._submit(work(self._snapshot, self._images))

    def _work_at_place(
        self, snapshot: Snapshot, images: LabelledImages
    ) -> Callable[[], Iterable[TestImage]]:
        return partial(_read, self._classifier, snapshot, images, self._place)

    def _work_for_mistake(
        self, snapshot: Snapshot, images: LabelledImages
    ) -> Callable[[], Iterable[TestImage | None]]:
        return partial(find_next_mistake, self._classifier, snapshot, images, self._place)

    def _read_again(self) -> None:
        self._is_stale = self._job is not None
        if self._job is None:
            self._search(self._work_at_place)

    def _submit(self, work: Callable[[], Iterable[TestImage | None]]) -> None:
        self._has_found = False
        self._job = self._thread.run(work, take=self._take, end=self._end, fail=self._fail)

    def _drop_job(self) -> None:
        self._is_stale = False
        if self._job is not None:
            self._job.stop()
            self._job = None

    @Slot(object)
    def _take(self, found: object) -> None:
        if self.sender() is self._job and isinstance(found, TestImage):
            self._has_found = True
            self._place = found.index
            self._is_shown = True
            self.image_shown.emit(found)

    @Slot()
    def _end(self) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        if not self._has_found:
            self.not_found.emit(self.tr("The network reads all test images right."))
        if self._is_stale and self._is_shown:
            self._read_again()

    @Slot(object)
    def _fail(self, error: object) -> None:
        if self.sender() is self._job:
            self._job = None
            self._is_stale = False
            self.not_found.emit(sentence(error))


def _read(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, place: int
) -> Iterable[TestImage]:
    yield predict_image(classifier, snapshot, images, place)


class TestImageActions(QObject):
    """Fills a menu of its own, put behind what is in another; each wish has a key."""

    random_requested = Signal()
    mistake_requested = Signal()
    digit_requested = Signal(int)
    drawing_requested = Signal()

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        menu.addSeparator()
        self.menu = menu.addMenu(self.tr("Test &image"))
        self.random = self._action(self.tr("Any test &image"), "N")
        self.random.triggered.connect(self._ask_random)
        self.mistake = self._action(self.tr("Next &mistake of the network"), "M")
        self.mistake.triggered.connect(self._ask_mistake)
        self.menu.addSeparator()
        self.digits = [self._digit_action(digit) for digit in range(CLASSES)]
        self.menu.addSeparator()
        self.drawing = self._action(self.tr("&Back to the drawing"), "B")
        self.drawing.triggered.connect(self._ask_drawing)
        self.set_shown(False)

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """Offer the way back while an image is shown."""
        self.drawing.setEnabled(shown)

    @Slot()
    def _ask_random(self) -> None:
        self.random_requested.emit()

    @Slot()
    def _ask_mistake(self) -> None:
        self.mistake_requested.emit()

    @Slot()
    def _ask_drawing(self) -> None:
        self.drawing_requested.emit()

    def _digit_action(self, digit: int) -> QAction:
        action = self._action(self.tr("Next &{digit}").format(digit=digit), f"Alt+{digit}")
        action.triggered.connect(partial(self.digit_requested.emit, digit))
        return action

    def _action(self, text: str, key: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        self.menu.addAction(action)
        return action
