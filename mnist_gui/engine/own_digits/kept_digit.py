"""Drawings that the user has said the digit of, as they are kept: values only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np

from mnist_gui.engine.strokes import Drawing, LabelledDrawing

UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What a network of this name took the drawing for, with what probability, 0..1."""

    digit: int
    probability: float
    network: str


@dataclass(frozen=True, slots=True)
class KeptDigit:
    """A drawing and the digit 0..9 that it is, under a name of its own (`identity`).

    `time` is when it was drawn, with its zone; UNKNOWN_TIME where a file does not tell. `read_as`
    is what the network said at that time, if one did.
    """

    identity: str
    drawing: Drawing
    label: int
    time: datetime = UNKNOWN_TIME
    read_as: ReadAs | None = None

    @property
    def labelled(self) -> LabelledDrawing:
        """The drawing and its digit alone."""
        return LabelledDrawing(self.drawing, self.label)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part of a file of drawings: `line`, from 1, and a sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class DigitsKept:
    """What a file of kept digits holds, in its lines' order.

    `faults` names the lines that cannot be used; they are left out.
    """

    digits: tuple[KeptDigit, ...] = ()
    faults: tuple[Fault, ...] = ()


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
