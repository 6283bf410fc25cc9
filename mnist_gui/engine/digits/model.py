"""User digits as values: digits, changes to them, and their predictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.prediction import Evaluation, Prediction

UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class SavedPrediction:
    """The prediction of a drawing when it was saved: digit, probability 0..1, network's name."""

    digit: int
    probability: float
    network: str


@dataclass(frozen=True, slots=True)
class UserDigit:
    """A drawing that the user has saved with its label 0..9.

    `digit_id` is its unique id, `time` when it was drawn, with a time zone or UNKNOWN_TIME, and
    `read_as` the prediction at that time, if there was one.
    """

    digit_id: str
    drawing: Drawing
    label: int
    time: datetime = UNKNOWN_TIME
    read_as: SavedPrediction | None = None

    @property
    def labelled(self) -> LabelledDrawing:
        """The drawing and its label alone."""
        return LabelledDrawing(self.drawing, self.label)


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with a line, from 1, of a file of drawings; or with a drawing of one text."""

    line: int
    error: DrawingError
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class UserDigits:
    """The user's digits in the order in which they were saved."""

    digits: tuple[UserDigit, ...] = ()


def same_points(drawing: Drawing) -> bytes:
    """Return a hash that is equal for drawings with the same points, rounded as in files.

    Times and pressures do not count.
    """
    digest = sha256()
    for stroke in drawing.strokes:
        digest.update(len(stroke.points).to_bytes(8))
        # Adding 0 turns -0 into 0.
        digest.update((np.round(stroke.points.astype(np.float64), 5) + 0.0).tobytes())
    return digest.digest()


@dataclass(frozen=True, slots=True)
class DigitsChange:
    """Digits before and after a change; one that is in only one of both is deleted or added."""

    before: tuple[UserDigit, ...] = ()
    after: tuple[UserDigit, ...] = ()

    @property
    def undone(self) -> "DigitsChange":
        """The change that undoes this one."""
        return DigitsChange(self.after, self.before)

    @property
    def added(self) -> tuple[UserDigit, ...]:
        """The digits that are only there afterwards."""
        return _missing(self.after, self.before)

    @property
    def deleted(self) -> tuple[UserDigit, ...]:
        """The digits that are only there before."""
        return _missing(self.before, self.after)

    @property
    def relabelled(self) -> Mapping[int, tuple[str, ...]]:
        """The ids of digits with a new label, by that label."""
        labels = {digit.digit_id: digit.label for digit in self.before}
        names: dict[int, tuple[str, ...]] = {}
        for digit in self.after:
            if labels.get(digit.digit_id, digit.label) != digit.label:
                names[digit.label] = (*names.get(digit.label, ()), digit.digit_id)
        return names


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of importing a file.

    `digits` were added. `already_there` counts the drawings that were saved before, `unlabelled`
    those without a label; `faults` are the errors of the other lines.
    """

    path: Path
    digits: tuple[UserDigit, ...]
    already_there: int
    unlabelled: int
    faults: tuple[LineError, ...]


def _missing(digits: tuple[UserDigit, ...], others: tuple[UserDigit, ...]) -> tuple[UserDigit, ...]:
    known = {digit.digit_id for digit in others}
    return tuple(digit for digit in digits if digit.digit_id not in known)


@dataclass(frozen=True, slots=True, eq=False)
class UserDigitPredictions:
    """The ten probabilities of user digits, by their ids, from the network of a recipe.

    `step` is the network's. A digit that is relabelled need not be predicted again.
    """

    network: str
    step: int
    probabilities: Mapping[str, NDArray[np.float32]]

    def prediction(self, digit: UserDigit) -> Prediction | None:
        """Return the prediction of one digit, None if there is none."""
        shares = self.probabilities.get(digit.digit_id)
        return None if shares is None else Prediction(shares)

    def evaluation(self, digits: Sequence[UserDigit]) -> Evaluation | None:
        """Return the evaluation of those digits that have a prediction; None if none has."""
        read = [digit for digit in digits if digit.digit_id in self.probabilities]
        if not read:
            return None
        labels = np.array([digit.label for digit in read], np.uint8)
        rows = [self.probabilities[digit.digit_id] for digit in read]
        return Evaluation(labels, np.array(rows, np.float32))


@dataclass(frozen=True, slots=True)
class OpenedDrawings:
    """The drawings of an opened file, at least one, and the index of the displayed one."""

    path: Path
    drawings: tuple[LabelledDrawing, ...]
    place: int = 0

    @property
    def current(self) -> LabelledDrawing:
        """The displayed drawing."""
        return self.drawings[self.place]

    def at(self, step: int) -> "OpenedDrawings":
        """Return these with another one displayed; after the last comes the first."""
        return replace(self, place=(self.place + step) % len(self.drawings))
