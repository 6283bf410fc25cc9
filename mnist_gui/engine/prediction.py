"""What a network says of one image."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

LEAST_LIKENESS = 0.25
"""An image that looks less like a digit than this is taken for none: 2 % of MNIST's validation
images are."""


class Certainty(Enum):
    """How far a reading can be trusted."""

    SURE = "sure"
    UNDECIDED = "undecided"
    """It looks like a digit, but the network cannot tell which of two."""
    NO_DIGIT = "no digit"
    """It does not look like a digit, whatever the network takes it for."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Ten probabilities, float32, that add up to 1.

    `likeness`, 0..1, is how much the image looks like a digit at all, where that was asked. The
    likeliest digit is read if it leads the next by more than `least_margin`, in probability; how
    much that must be hangs on the network.
    """

    probabilities: NDArray[np.float32]
    likeness: float = 1.0
    least_margin: float = 0.0

    @property
    def digit(self) -> int:
        """The likeliest digit."""
        return int(np.argmax(self.probabilities))

    @property
    def probability(self) -> float:
        """The likeliest digit's probability."""
        return float(np.max(self.probabilities))

    @property
    def runner_up(self) -> int:
        """The second likeliest digit."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def candidates(self) -> tuple[int, int]:
        """The likeliest digit and the next."""
        return self.digit, self.runner_up

    @property
    def margin(self) -> float:
        """How much likelier the likeliest digit is than the next."""
        first, second = self.candidates
        return float(self.probabilities[first] - self.probabilities[second])

    @property
    def certainty(self) -> Certainty:
        """How far the digit can be trusted."""
        if self.likeness < LEAST_LIKENESS:
            return Certainty.NO_DIGIT
        return Certainty.SURE if self.margin > self.least_margin else Certainty.UNDECIDED

    @property
    def is_sure(self) -> bool:
        """Whether the digit is to be shown as what was read."""
        return self.certainty is Certainty.SURE

    @property
    def possible(self) -> tuple[()] | tuple[int] | tuple[int, int]:
        """The digits it may be, the likeliest first: one, two if undecided, none for no digit."""
        match self.certainty:
            case Certainty.SURE:
                return (self.digit,)
            case Certainty.UNDECIDED:
                return self.candidates
            case Certainty.NO_DIGIT:
                return ()

    @property
    def text(self) -> str:
        """The digit, or a question mark for what looks like none."""
        return "?" if self.certainty is Certainty.NO_DIGIT else str(self.digit)
