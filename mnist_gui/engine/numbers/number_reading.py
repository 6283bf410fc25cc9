"""What is read of a drawing: one digit, or several side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Certainty, Prediction
from mnist_gui.engine.strokes import Drawing


@dataclass(frozen=True, slots=True, eq=False)
class DigitReading:
    """One digit's strokes, the image (28, 28) uint8 made of them, and what it was read as."""

    drawing: Drawing
    image: NDArray[np.uint8]
    prediction: Prediction


@dataclass(frozen=True, slots=True, eq=False)
class NumberReading:
    """At least one digit, from left to right."""

    digits: tuple[DigitReading, ...]

    @property
    def text(self) -> str:
        """The digits, a question mark for what looks like none."""
        return "".join(digit.prediction.text for digit in self.digits)

    @property
    def unsure(self) -> tuple[DigitReading, ...]:
        """The digits whose readings are not to be trusted."""
        return tuple(digit for digit in self.digits if not digit.prediction.is_sure)

    @property
    def least_sure(self) -> int:
        """The place, from 0, of the digit whose reading is the least certain."""
        return min(range(len(self.digits)), key=lambda place: _trust(self.digits[place]))


def _trust(digit: DigitReading) -> tuple[bool, float]:
    prediction = digit.prediction
    return prediction.certainty is not Certainty.NO_DIGIT, prediction.margin
