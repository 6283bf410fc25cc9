"""Predictions of an image or a number, and evaluations of a whole test set."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.calibration import expected_calibration_error, fit_temperature
from mnist_gui.engine.drawing import Drawing

MIN_DIGIT_SCORE = 0.4
"""Images with a lower digit score are taken for no digit.

The highest tenth at which it is at most 1 % of MNIST's validation images and of our own digits.
"""

# The standard normal quantile of a two-sided 95 % interval.
_Z_95 = 1.959964


class Certainty(Enum):
    """Whether a prediction can be trusted."""

    SURE = "sure"
    UNDECIDED = "undecided"
    """It looks like a digit, but two digits are too close."""
    NOT_A_DIGIT = "no digit"
    """It does not look like a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Ten probabilities, float32, that add up to 1.

    `digit_score` is the digit score, 0..1; 1 where it was not computed. The prediction is sure if
    its margin is larger than the network's `min_margin`.
    """

    probabilities: NDArray[np.float32]
    digit_score: float = 1.0
    min_margin: float = 0.0

    @property
    def digit(self) -> int:
        """The most probable digit."""
        return int(np.argmax(self.probabilities))

    @property
    def probability(self) -> float:
        """The probability of the most probable digit."""
        return float(np.max(self.probabilities))

    @property
    def runner_up(self) -> int:
        """The second most probable digit."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])

    @property
    def candidates(self) -> tuple[int, int]:
        """The two most probable digits."""
        return self.digit, self.runner_up

    @property
    def margin(self) -> float:
        """How much more probable the first digit is than the second."""
        first, second = self.candidates
        return float(self.probabilities[first] - self.probabilities[second])

    @property
    def certainty(self) -> Certainty:
        """Whether the digit can be trusted."""
        if self.digit_score < MIN_DIGIT_SCORE:
            return Certainty.NOT_A_DIGIT
        return Certainty.SURE if self.margin > self.min_margin else Certainty.UNDECIDED

    @property
    def is_sure(self) -> bool:
        """Whether the certainty is SURE."""
        return self.certainty is Certainty.SURE

    @property
    def plausible_digits(self) -> tuple[()] | tuple[int] | tuple[int, int]:
        """The digits it may be, most probable first: one, two if undecided, none for no digit."""
        if self.certainty is Certainty.NOT_A_DIGIT:
            return ()
        return (self.digit,) if self.is_sure else self.candidates

    @property
    def text(self) -> str:
        """The digit, or a question mark for no digit."""
        return "?" if self.certainty is Certainty.NOT_A_DIGIT else str(self.digit)


@dataclass(frozen=True, slots=True)
class DigitResult:
    """One digit's test: its images, how many were right, and how many answers were this digit."""

    images: int
    right: int
    answers: int

    @property
    def accuracy(self) -> float | None:
        """The share of its images that were read as it, 0..1; None without images."""
        return self.right / self.images if self.images else None

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval."""
        return wilson_interval(self.right, self.images)

    @property
    def precision(self) -> float | None:
        """The share of the answers with it that were right, 0..1; None without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def precision_interval(self) -> tuple[float, float]:
        """The precision's 95 % interval."""
        return wilson_interval(self.right, self.answers)


@dataclass(frozen=True)
class Evaluation:
    """A network's probabilities (n, 10) for n images with the given labels (n,) uint8."""

    labels: NDArray[np.uint8]
    probabilities: NDArray[np.float32]

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable digit of each image (n,)."""
        likeliest: NDArray[np.int64] = np.argmax(self.probabilities, axis=1)
        return likeliest

    @property
    def correct(self) -> int:
        """How many images are predicted correctly."""
        return int(np.count_nonzero(self.predicted == self.labels))

    @property
    def accuracy(self) -> float:
        """The fraction of images that are predicted correctly, 0..1."""
        return self.correct / len(self.labels)

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval."""
        return wilson_interval(self.correct, len(self.labels))

    @property
    def calibration_error(self) -> float:
        """The expected calibration error of the probabilities, 0..1."""
        return expected_calibration_error(self.probabilities, self.labels)

    @property
    def temperature(self) -> float:
        """The temperature for the network, if it had none and these are validation images."""
        return fit_temperature(self._logits, self.labels)

    def uncalibrated(self, temperature: float) -> "Evaluation":
        """Return the evaluation of the same network without this temperature."""
        powers = np.exp(self._logits * np.float32(temperature))
        return Evaluation(self.labels, powers / powers.sum(axis=1, keepdims=True))

    @property
    def _logits(self) -> NDArray[np.float32]:
        """Logits (n, 10) that have these probabilities."""
        # Of those that were rounded to 0, the least that a float32 can be.
        return np.log(np.maximum(self.probabilities, np.finfo(np.float32).tiny))

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (10, 10) of images by label (row) and predicted digit (column)."""
        cells = self.labels.astype(np.int64) * 10 + self.predicted
        return np.bincount(cells, minlength=100).reshape(10, 10)

    @property
    def accuracy_per_digit(self) -> NDArray[np.float64]:
        """The accuracy on each digit's images (10,); nan where there are none."""
        totals = self.confusion.sum(axis=1)
        shares = np.full(10, np.nan)
        np.divide(np.diagonal(self.confusion), totals, out=shares, where=totals > 0)
        return shares

    @property
    def digits(self) -> tuple[DigitResult, ...]:
        """The result of each digit."""
        images, answers = (self.confusion.sum(axis=axis).tolist() for axis in (1, 0))
        right = np.diagonal(self.confusion).tolist()
        return tuple(map(DigitResult, images, right, answers))

    def hardest(self, count: int) -> NDArray[np.int64]:
        """Indices of the images whose label got the least probability, hardest first."""
        own = self.probabilities[np.arange(len(self.labels)), self.labels]
        return np.argsort(own, kind="stable")[:count]

    def cell(self, label: int, read_as: int) -> NDArray[np.int64]:
        """Indices of the images in a cell of the confusion matrix, most probable first."""
        chosen = np.flatnonzero((self.labels == label) & (self.predicted == read_as))
        return chosen[np.argsort(-self.probabilities[chosen, read_as], kind="stable")]


def wilson_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a fraction, 0..1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if not total:
        return (0.0, 1.0)
    share = correct / total
    spread = _Z_95 * sqrt(share * (1 - share) / total + _Z_95**2 / (4 * total**2))
    middle = share + _Z_95**2 / (2 * total)
    scale = 1 + _Z_95**2 / total
    return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


@dataclass(frozen=True, slots=True, eq=False)
class DigitPrediction:
    """One digit's strokes, its image (28, 28) uint8 and its prediction."""

    drawing: Drawing
    image: NDArray[np.uint8]
    prediction: Prediction


@dataclass(frozen=True, slots=True, eq=False)
class NumberPrediction:
    """At least one digit, from left to right."""

    digits: tuple[DigitPrediction, ...]

    @property
    def text(self) -> str:
        """The digits, with a question mark for each that is no digit."""
        return "".join(digit.prediction.text for digit in self.digits)

    @property
    def unsure(self) -> tuple[DigitPrediction, ...]:
        """The digits whose predictions are not sure."""
        return tuple(digit for digit in self.digits if not digit.prediction.is_sure)

    @property
    def least_sure(self) -> int:
        """The index of the digit whose prediction is the least certain."""
        predictions = [digit.prediction for digit in self.digits]
        certainties = [(p.certainty is not Certainty.NOT_A_DIGIT, p.margin) for p in predictions]
        return certainties.index(min(certainties))
