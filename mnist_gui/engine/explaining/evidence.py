"""Which ink of an image speaks for a digit, and which against it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# The logarithm of a probability that float32 has rounded to zero must stay finite.
_SMALLEST = 1e-38


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """How a network reads an image (28, 28) uint8 where a little of its ink is left out.

    `probabilities` (10,) are those of the whole image, `without` (28, 28, 10) those of the image
    without the ink around a pixel; where there is none they are those of the whole.
    """

    image: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    without: NDArray[np.float32]

    def for_digit(self, digit: int) -> NDArray[np.float64]:
        """Return how much the ink at each pixel (28, 28) speaks for the digit, in nats.

        It is by how much the logarithm of the digit's odds falls without that ink: negative where
        the ink speaks against the digit, zero where there is none.
        """
        return _log_odds(self.probabilities, digit) - _log_odds(self.without, digit)

    def rather_than(self, digit: int, other: int) -> NDArray[np.float64]:
        """Return how much the ink at each pixel (28, 28) speaks for one digit, not the other.

        In nats of the logarithm of their probabilities' ratio; negative where the ink speaks for
        the other.
        """
        whole, without = _logarithms(self.probabilities), _logarithms(self.without)
        ratios = without[..., digit] - without[..., other]
        difference: NDArray[np.float64] = whole[digit] - whole[other] - ratios
        return difference


def _log_odds(probabilities: NDArray[np.float32], digit: int) -> NDArray[np.float64]:
    # The others' sum keeps the small differences that 1 minus a probability would lose.
    rest = np.delete(probabilities, digit, axis=-1).sum(axis=-1)
    odds: NDArray[np.float64] = _logarithms(probabilities[..., digit]) - _logarithms(rest)
    return odds


def _logarithms(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    logarithms: NDArray[np.float64] = np.log(np.maximum(probabilities, _SMALLEST, dtype=np.float64))
    return logarithms
