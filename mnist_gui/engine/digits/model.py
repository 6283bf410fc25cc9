"""The user's digits as values: a digit, what changed, and how a network reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.engine.prediction import Evaluation, Prediction

UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class SavedPrediction:
    """What a network of this name took the drawing for, with what probability, 0..1."""

    digit: int
    probability: float
    network: str


@dataclass(frozen=True, slots=True)
class UserDigit:
    """A drawing and the digit 0..9 that it is, under a name of its own (`identity`).

    `time` is when it was drawn, with its zone; UNKNOWN_TIME where a file does not tell. `read_as`
    is what the network said at that time, if one did.
    """

    identity: str
    drawing: Drawing
    label: int
    time: datetime = UNKNOWN_TIME
    read_as: SavedPrediction | None = None

    @property
    def labelled(self) -> LabelledDrawing:
        """The drawing and its digit alone."""
        return LabelledDrawing(self.drawing, self.label)


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with a part of a file of drawings: `line`, from 1, and a sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class UserDigits:
    """The user's digits in the order in which they were kept."""

    digits: tuple[UserDigit, ...] = ()


def same_points(drawing: Drawing) -> bytes:
    """Return a short name that is equal for drawings with the same strokes of the same points.

    Points are the same that a file does not tell apart; times and pressures do not count.
    """
    digest = sha256()
    for stroke in drawing.strokes:
        digest.update(len(stroke.points).to_bytes(8))
        # As files round them; adding zero makes 0 of -0.
        digest.update((np.round(stroke.points.astype(np.float64), 5) + 0.0).tobytes())
    return digest.digest()


@dataclass(frozen=True, slots=True)
class DigitsChange:
    """Some digits before and after a change; those in one of both alone come or go with it."""

    before: tuple[UserDigit, ...] = ()
    after: tuple[UserDigit, ...] = ()

    @property
    def undone(self) -> "DigitsChange":
        """The change that takes this one back."""
        return DigitsChange(self.after, self.before)

    @property
    def added(self) -> tuple[UserDigit, ...]:
        """The digits that are kept from then on."""
        return _missing(self.after, self.before)

    @property
    def deleted(self) -> tuple[UserDigit, ...]:
        """The digits that are no longer kept."""
        return _missing(self.before, self.after)

    @property
    def relabelled(self) -> Mapping[int, tuple[str, ...]]:
        """The identities of digits that have a new label, by that label."""
        labels = {digit.identity: digit.label for digit in self.before}
        names: dict[int, tuple[str, ...]] = {}
        for digit in self.after:
            if labels.get(digit.identity, digit.label) != digit.label:
                names[digit.label] = (*names.get(digit.label, ()), digit.identity)
        return names


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of importing a file.

    `digits` are kept now. `already_there` counts drawings with the points of one that was kept
    before, which are left out, `unlabelled` those without a label, and `faults` names what cannot
    be used at all.
    """

    path: Path
    digits: tuple[UserDigit, ...]
    already_there: int
    unlabelled: int
    faults: tuple[LineError, ...]


def _missing(digits: tuple[UserDigit, ...], others: tuple[UserDigit, ...]) -> tuple[UserDigit, ...]:
    known = {digit.identity for digit in others}
    return tuple(digit for digit in digits if digit.identity not in known)


@dataclass(frozen=True, slots=True, eq=False)
class UserDigitPredictions:
    """The ten probabilities, by the digits' identities, that the network of a recipe gave.

    `step` is how many steps it had learnt by then. Labels are no part of it: a digit that is
    relabelled need not be read again.
    """

    network: str
    step: int
    probabilities: Mapping[str, NDArray[np.float32]]

    def prediction(self, digit: UserDigit) -> Prediction | None:
        """Return what was said of one digit, None if it was not read."""
        shares = self.probabilities.get(digit.identity)
        return None if shares is None else Prediction(shares)

    def evaluation(self, digits: Sequence[UserDigit]) -> Evaluation | None:
        """Return how well those of the digits that were read are read, in their order.

        None if none of them was: a digit may be newer than the reading.
        """
        read = [digit for digit in digits if digit.identity in self.probabilities]
        if not read:
            return None
        labels = np.array([digit.label for digit in read], np.uint8)
        rows = [self.probabilities[digit.identity] for digit in read]
        return Evaluation(labels, np.array(rows, np.float32))


@dataclass(frozen=True, slots=True)
class OpenedDrawings:
    """At least one drawing; `place` counts from 0."""

    path: Path
    drawings: tuple[LabelledDrawing, ...]
    place: int = 0

    @property
    def current(self) -> LabelledDrawing:
        """The drawing that is looked at."""
        return self.drawings[self.place]

    def moved(self, step: int) -> "OpenedDrawings":
        """Return these with another one looked at; after the last comes the first."""
        return replace(self, place=(self.place + step) % len(self.drawings))
