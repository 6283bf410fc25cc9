"""Explanations of predictions as values, and how many digits each preprocessing step saves.

The counts are what

    python -m benchmarks.preprocessing_cost pendigits-orig.tra.gz --json

prints for the networks that ship, none of which was trained on these digits.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps, PreprocessingTrace

# Keeps the logarithm finite of a probability that float32 has rounded to zero.
_SMALLEST = 1e-38
MOST_STROKES = 8
"""Of a drawing with more strokes, only this many of the first are left out in turn."""
PEN_DIGITS = 7_494
"""The number of digits, drawn with a pen by 30 people, that the counts are of."""

# How many of them the shipped "cnn-deep" and "softmax" predict right, by whether redraw, fit and
# centre are on. Stretching changes none: strokes wider than a pixel fill some pixel anyway.
_CORRECT = {
    (True, True, True): (7431, 6172),
    (True, True, False): (7423, 4967),
    (True, False, True): (6273, 1685),
    (True, False, False): (5770, 1456),
    (False, True, True): (7274, 5835),
    (False, True, False): (7275, 4789),
    (False, False, True): (6273, 1658),
    (False, False, False): (5769, 1448),
}


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """How leaving out ink of an image (28, 28) uint8 changes the prediction.

    `probabilities` (10,) are those of the whole image, `without` (28, 28, 10) those of the image
    without the ink around each pixel; of a pixel without ink, those of the whole image.
    """

    image: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    without: NDArray[np.float32]

    def toward(self, digit: int) -> NDArray[np.float64]:
        """Return by how much the digit's log-odds fall without the ink at each pixel (28, 28).

        In nats; negative where the ink speaks against the digit, zero where there is none.
        """
        return _log_odds(self.probabilities, digit) - _log_odds(self.without, digit)

    def toward_over(self, digit: int, other: int) -> NDArray[np.float64]:
        """Return how much the ink at each pixel (28, 28) speaks for one digit over another.

        In nats of the log-ratio of their probabilities; negative where it speaks for the other.
        """
        whole, without = _logarithms(self.probabilities), _logarithms(self.without)
        ratios = without[..., digit] - without[..., other]
        difference: NDArray[np.float64] = whole[digit] - whole[other] - ratios
        return difference


def _log_odds(probabilities: NDArray[np.float32], digit: int) -> NDArray[np.float64]:
    # 1 minus the probability would lose the small differences that the others' sum keeps.
    rest = np.delete(probabilities, digit, axis=-1).sum(axis=-1)
    return _logarithms(probabilities[..., digit]) - _logarithms(rest)


def _logarithms(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.log(np.maximum(probabilities, _SMALLEST, dtype=np.float64))


class Height(Enum):
    """A third of the square around the ink, from above; ANY if none holds most."""

    ANY = -1
    UPPER = 0
    MIDDLE = 1
    LOWER = 2


class Side(Enum):
    """The left or right third of the square around the ink; ANY if neither holds most."""

    ANY = -1
    LEFT = 0
    RIGHT = 2


def main_region(weights: NDArray[np.float64]) -> tuple[Height, Side]:
    """Return the thirds in which more than half of the positive weights (28, 28) lies.

    They are thirds of the square around all weights that are not zero, so that a slender 1 lies
    neither left nor right.
    """
    rows, columns = np.nonzero(weights)
    mass = weights[rows, columns].clip(min=0)
    if not mass.any():
        return Height.ANY, Side.ANY
    side = max(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    column = _main_third(columns, mass, side)
    return Height(_main_third(rows, mass, side)), Side.ANY if column == 1 else Side(column)


def _main_third(indices: NDArray[np.int64], mass: NDArray[np.float64], side: int) -> int:
    middle = (int(indices.min()) + int(indices.max()) + 1) / 2
    places = (indices + 0.5 - middle) / side + 0.5
    shares = np.bincount((3 * places).astype(np.int64), weights=mass, minlength=3) / mass.sum()
    largest = int(shares.argmax())
    return largest if shares[largest] > 0.5 else -1


def pen_digit_accuracy(steps: PreprocessingSteps, network: str) -> float:
    """Return the accuracy (0..1) on the pen digits after these steps.

    It is that of the `pen_digit_reader`.
    """
    deep_cnn, softmax = _CORRECT[steps.redraw, steps.fit, steps.centre]
    return (softmax if network == "softmax" else deep_cnn) / PEN_DIGITS


def pen_digit_reader(network: str) -> str:
    """Return the recipe of the shipped network that was measured on the pen digits.

    For "softmax" that is the shipped softmax regression, else the shipped "cnn-deep".
    """
    return "softmax-best" if network == "softmax" else "cnn-best"


def accuracy_cost(steps: PreprocessingSteps, network: str) -> float:
    """Return how much accuracy (0..1) on the pen digits is lost without the steps left out."""
    return pen_digit_accuracy(ALL_STEPS, network) - pen_digit_accuracy(steps, network)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ImageExplanation:
    """The prediction of an image by a network, named by its architecture, and which ink matters."""

    network: str
    prediction: Prediction
    evidence: Attribution


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explanation(ImageExplanation):
    """The prediction of a drawing, whose preprocessing (`strip`) may leave out steps.

    `prediction_with_all` is that with all steps, `stroke_ablations` those without each of the first
    strokes; empty for a single stroke.
    """

    strip: PreprocessingTrace
    prediction_with_all: Prediction
    stroke_ablations: tuple[Prediction, ...]
