"""How each network reads the user's digits, and their images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.engine.digits.store import UserDigitClassifier
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess_all
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread

Images = dict[str, NDArray[np.uint8]]


# Takes some milliseconds: a drawing that is to be read on the same thread waits no longer.
_AT_ONCE = 32
# While somebody draws, the thread belongs to the drawing.
_QUIET_MILLISECONDS = 250
# A network that learns is tried this often.
_PAUSE_MILLISECONDS = 1_000
Rows = dict[str, NDArray[np.float32]]


class UserDigitImages(QObject):
    """Makes the images on a thread, some at a time, so that other jobs come in between.

    `images_made` brings new ones (28, 28) by the digits' identities, whose strokes never change.
    """

    images_made = Signal(object)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._waiting: list[UserDigit] = []
        self._known: set[str] = set()
        self._job: Job | None = None

    @Slot(object)
    def use_digits(self, kept: UserDigits) -> None:
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


def _make(digits: Sequence[UserDigit]) -> Iterable[Images]:
    images = preprocess_all([digit.drawing for digit in digits])
    # Copies, so that one image does not hold the memory of all.
    yield {digit.identity: image.copy() for digit, image in zip(digits, images, strict=True)}


class UserDigitPredictionsPresenter(QObject):
    """Reads all digits with one network, then, if there is a newer one by then, with that.

    `reading_changed` brings whole readings only; `progress_changed` how many digits of how many
    are read. Digits are read once their images are made.
    """

    reading_changed = Signal(UserDigitPredictions)
    progress_changed = Signal(int, int)
    failed = Signal(str)

    def __init__(self, thread: JobThread, reader: UserDigitClassifier) -> None:
        super().__init__()
        self._thread = thread
        self._reader = reader
        self._digits: tuple[UserDigit, ...] = ()
        self._images: Images = {}
        self._newest: Snapshot | None = None
        self._snapshot: Snapshot | None = None
        self._rows: Rows = {}
        self._reading: UserDigitPredictions | None = None
        self._read_with: Snapshot | None = None
        self._job: Job | None = None
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MILLISECONDS)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._quiet.timeout.connect(self._go_on)
        self._pause.timeout.connect(self._go_on)

    def reading_with(self, snapshot: Snapshot | None) -> UserDigitPredictions | None:
        """Return the last whole reading, if it was done with this very network."""
        return self._reading if self._read_with is snapshot else None

    @Slot(object)
    def use_digits(self, kept: UserDigits) -> None:
        """Read these digits from now on."""
        self._digits = kept.digits
        self._go_on()

    @Slot(object)
    def use_images(self, images: Images) -> None:
        """Take note of more digits' images."""
        self._images |= images
        self._go_on()

    @Slot(object)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Read with this network from now on; the same one that has learnt more may wait."""
        if self._newest is not None and self._newest.recipe != snapshot.recipe:
            self._pause.stop()
            self._snapshot = None
        self._newest = snapshot
        self._go_on()

    @Slot()
    def give_way(self) -> None:
        """Leave the thread alone for a moment."""
        self._quiet.start()

    @Slot()
    def _go_on(self) -> None:
        if self._job is not None or self._quiet.isActive():
            return
        part = self._missing()
        if not part and self._begin():
            part = self._missing()
        if part and self._snapshot is not None:
            self._submit(self._snapshot, part[:_AT_ONCE])

    def _begin(self) -> bool:
        """Turn to the newest network, unless all is read with it or the last turn was just now."""
        if self._newest is self._snapshot or self._pause.isActive():
            return False
        self._snapshot, self._rows = self._newest, {}
        return True

    def _missing(self) -> list[UserDigit]:
        if self._snapshot is None:
            return []
        made, rows = self._images, self._rows
        return [d for d in self._digits if d.identity not in rows and d.identity in made]

    def _submit(self, snapshot: Snapshot, part: Sequence[UserDigit]) -> None:
        images = {digit.identity: self._images[digit.identity] for digit in part}
        self._job = self._thread.run(
            partial(_read, self._reader, snapshot, part, images),
            take=self._take,
            end=self._end,
            fail=self._fail,
        )

    @Slot(object)
    def _take(self, event: object) -> None:
        assert isinstance(event, _Part)
        snapshot = event.snapshot
        # Another network may have been opened since it was asked.
        if snapshot is not self._snapshot:
            return
        self._rows |= event.rows
        if any(digit.identity not in self._rows for digit in self._digits):
            self.progress_changed.emit(len(self._rows), len(self._digits))
        else:
            self._pause.start()
            rows = dict(self._rows)
            self._read_with = snapshot
            self._reading = UserDigitPredictions(snapshot.recipe.name, snapshot.step, rows)
            self.reading_changed.emit(self._reading)

    @Slot()
    def _end(self) -> None:
        self._job = None
        self._go_on()

    @Slot(object)
    def _fail(self, error: object) -> None:
        # Tried again with the next network only.
        self._job = self._newest = self._snapshot = None
        self.failed.emit(sentence(error))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    snapshot: Snapshot
    rows: Rows


def _read(
    reader: UserDigitClassifier, snapshot: Snapshot, digits: Sequence[UserDigit], images: Images
) -> Iterable[_Part]:
    reader.know(images)
    yield _Part(snapshot, reader.read_part(snapshot, digits))
