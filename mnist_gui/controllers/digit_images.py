"""The images of the user's digits, as a network receives them, each made once."""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.digits.model import DigitsKept, KeptDigit
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, images_of
from mnist_gui.workers.job import Job
from mnist_gui.workers.job_thread import JobThread

Images = dict[str, NDArray[np.uint8]]


class DigitImagesController(QObject):
    """Makes the images on a thread, some at a time, so that other jobs come in between.

    `images_made` brings new ones (28, 28) by the digits' identities, whose strokes never change.
    """

    images_made = Signal(object)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._waiting: list[KeptDigit] = []
        self._known: set[str] = set()
        self._job: Job | None = None

    @Slot(object)
    def use_digits(self, kept: DigitsKept) -> None:
        """Make the images of these digits that are not made yet, the newest first."""
        missing = [digit for digit in kept.digits if digit.identity not in self._known]
        self._waiting = missing[::-1]
        self._go_on()

    def _go_on(self) -> None:
        if self._job is None and self._waiting:
            part, self._waiting = self._waiting[:MADE_AT_ONCE], self._waiting[MADE_AT_ONCE:]
            self._known |= {digit.identity for digit in part}
            self._job = self._thread.run(
                partial(_make, part), take=self._take, end=self._end, fail=self._fail
            )

    @Slot(object)
    def _take(self, images: object) -> None:
        self.images_made.emit(images)

    @Slot()
    def _end(self) -> None:
        self._job = None
        self._go_on()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._job = None
        self.failed.emit(sentence(error))


def _make(digits: Sequence[KeptDigit]) -> Iterable[Images]:
    images = images_of([digit.drawing for digit in digits])
    # Copies, so that one image does not hold the memory of all.
    yield {digit.identity: image.copy() for digit, image in zip(digits, images, strict=True)}
