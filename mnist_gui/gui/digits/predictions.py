"""The images of the user's digits, and what the network predicts of each."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.engine.digits.store import UserDigitClassifier
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess_all
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.session import Session

Images = dict[str, NDArray[np.uint8]]
Rows = dict[str, NDArray[np.float32]]
# Takes some milliseconds; a drawing waits no longer to be predicted on the same thread.
_AT_ONCE = 32
# While somebody draws, the thread belongs to the drawing.
_QUIET_MILLISECONDS = 250
# While a network trains, its predictions are renewed this often.
_PAUSE_MILLISECONDS = 1_000


class UserDigitImages(QObject):
    """Makes the images on the thread for reading, a part at a time, so that other jobs get a turn.

    `images_made` brings new ones (28, 28) by the digits' ids, whose strokes never change.
    """

    images_made = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._job = LatestJob(session.reading_thread)
        self._waiting: list[UserDigit] = []
        self._known: set[str] = set()
        session.digits.follow(self._use_digits)

    @Slot(object)
    def _use_digits(self, digits: UserDigits) -> None:
        """Make the images that are not made yet, the newest first."""
        new = [digit for digit in digits.digits if digit.digit_id not in self._known]
        self._waiting = new[::-1]
        self._make_next()

    def _make_next(self) -> None:
        if not self._job.is_busy and self._waiting:
            part, self._waiting = self._waiting[:MADE_AT_ONCE], self._waiting[MADE_AT_ONCE:]
            self._known |= {digit.digit_id for digit in part}
            self._job.call(partial(_make, part), then=self._handle, failed=self.failed.emit)

    def _handle(self, images: Images) -> None:
        self.images_made.emit(images)
        self._make_next()


def _make(digits: Sequence[UserDigit]) -> Images:
    images = preprocess_all([digit.drawing for digit in digits])
    # Copies, so that one image does not hold the memory of all.
    return {digit.digit_id: image.copy() for digit, image in zip(digits, images, strict=True)}


class UserDigitPredictor(QObject):
    """Predicts all digits with one network, then with a newer one if there is one by then.

    The session has the last predictions of all digits, with the network that made them.
    `progress_changed` brings how many digits of how many are predicted. A digit is predicted once
    its image is made.
    """

    progress_changed = Signal(int, int)
    failed = Signal(str)

    def __init__(
        self, session: Session, images: UserDigitImages, classifier: UserDigitClassifier
    ) -> None:
        super().__init__()
        self._session = session
        self._classifier = classifier
        self._images: Images = {}
        self._newest: Snapshot | None = None
        self._snapshot: Snapshot | None = None
        self._rows: Rows = {}
        self._job = LatestJob(session.prediction_thread)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MILLISECONDS)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        for timer in (self._quiet, self._pause):
            timer.timeout.connect(self._predict_next)
        images.images_made.connect(self._use_images)
        session.digits.changed.connect(self._predict_next)
        session.network.follow(self._use_network)
        # The thread is left to the drawing for a moment.
        session.drawing.changed.connect(self._wait)

    @Slot(object)
    def _use_images(self, images: Images) -> None:
        self._images |= images
        self._predict_next()

    @Slot(object)
    def _use_network(self, snapshot: Snapshot) -> None:
        """Use another network at once; one of the same recipe, trained further, may wait."""
        if self._newest is not None and self._newest.recipe != snapshot.recipe:
            self._pause.stop()
            self._snapshot = None
        self._newest = snapshot
        self._predict_next()

    @Slot()
    def _wait(self) -> None:
        self._quiet.start()

    @property
    def _digits(self) -> tuple[UserDigit, ...]:
        digits = self._session.digits.value
        return digits.digits if digits is not None else ()

    @Slot()
    def _predict_next(self) -> None:
        if self._job.is_busy or self._quiet.isActive():
            return
        part = self._missing()
        if not part and self._begin():
            part = self._missing()
        if part and self._snapshot is not None:
            part = part[:_AT_ONCE]
            images = {digit.digit_id: self._images[digit.digit_id] for digit in part}
            self._job.call(
                partial(_predict, self._classifier, self._snapshot, part, images),
                then=partial(self._handle, self._snapshot),
                failed=self._fail,
            )

    def _begin(self) -> bool:
        """Begin with the newest network, unless it is in use or the last one began just now."""
        if self._newest is self._snapshot or self._pause.isActive():
            return False
        self._snapshot, self._rows = self._newest, {}
        return True

    def _missing(self) -> list[UserDigit]:
        if self._snapshot is None:
            return []
        made, rows = self._images, self._rows
        return [d for d in self._digits if d.digit_id not in rows and d.digit_id in made]

    def _handle(self, snapshot: Snapshot, rows: Rows) -> None:
        # Another network may have been opened in the meantime.
        if snapshot is self._snapshot:
            self._rows |= rows
            self._report(snapshot)
        self._predict_next()

    def _report(self, snapshot: Snapshot) -> None:
        if any(digit.digit_id not in self._rows for digit in self._digits):
            self.progress_changed.emit(len(self._rows), len(self._digits))
        else:
            self._pause.start()
            name, step, rows = snapshot.recipe.name, snapshot.step, dict(self._rows)
            predictions = UserDigitPredictions(name, step, rows)
            self._session.digit_predictions.set((snapshot, predictions))

    def _fail(self, sentence: str) -> None:
        # The next try is with the next network.
        self._newest = self._snapshot = None
        self.failed.emit(sentence)


def _predict(
    classifier: UserDigitClassifier, snapshot: Snapshot, digits: Sequence[UserDigit], images: Images
) -> Rows:
    classifier.add_images(images)
    return classifier.predict_part(snapshot, digits)
