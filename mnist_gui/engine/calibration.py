"""Honest probabilities: a temperature for a network, and how far its probabilities are off.

Logits divided by a temperature give other probabilities and the same digits. Source: C. Guo et al.,
On calibration of modern neural networks, 2017.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeAlias

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.1, 10.0
Temperature: TypeAlias = Annotated[float, Meta(ge=LEAST_TEMPERATURE, le=MOST_TEMPERATURE)]
# To a thousandth of the temperature.
_HALVINGS = 13
BINS = 15
"""Into how many equally wide bins of the answer's probability a reliability is divided."""
# In standard deviations: honest probabilities are rarely so far off in any of the bins.
_BEYOND_CHANCE = 3.0
_LEAST_GAP = 0.005


def fit_temperature(logits: NDArray[Any], labels: NDArray[np.uint8]) -> float:
    """Return the temperature for logits (n, 10) of images with these labels (n,).

    With it the answers are on average as probable as they are right. By the least cross-entropy,
    which is more usual, a few confident errors of softmax regression would make all its answers
    too modest; `benchmarks/calibration.py` compares the two.
    """
    correct = np.count_nonzero(logits.argmax(axis=1) == labels)
    # Laplace's rule of succession: a few images that are all right are no certainty.
    aim = (correct + 1) / (len(labels) + 2)
    # In float32, whose exponentials take a fraction of the time.
    behind = np.asarray(logits - logits.max(axis=1, keepdims=True), np.float32)
    low, high = np.log([LEAST_TEMPERATURE, MOST_TEMPERATURE])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        probability = 1 / np.exp(behind * np.float32(np.exp(-middle))).sum(axis=1)
        if probability.mean() < aim:
            high = middle
        else:
            low = middle
    return float(np.exp((low + high) / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Answers by their probability, in equally wide bins from 0 to 1, each with its upper edge.

    Of each bin (BINS,): how many `images` it has, how many of them are `right`, and their mean
    `probability`, nan where there are none.
    """

    images: NDArray[np.int64]
    right: NDArray[np.int64]
    probability: NDArray[np.float64]

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """The share that is right in each bin; nan where there are no images."""
        shares = np.full(BINS, np.nan)
        np.divide(self.right, self.images, out=shares, where=self.images > 0)
        return shares

    @property
    def gaps(self) -> NDArray[np.float64]:
        """How far accuracy and probability are apart in each bin; 0 where there are no images."""
        return np.nan_to_num(np.abs(self.accuracy - self.probability))


def reliability(probabilities: NDArray[np.floating], labels: NDArray[np.uint8]) -> Reliability:
    """Sort answers (n, 10) for images with these labels (n,) into bins of their probability."""
    answer = probabilities.max(axis=1).astype(np.float64)
    is_right = probabilities.argmax(axis=1) == labels
    bins = np.clip(np.ceil(answer * BINS).astype(np.int64) - 1, 0, BINS - 1)
    images = np.bincount(bins, minlength=BINS)
    sums = np.bincount(bins, weights=answer, minlength=BINS)
    means = np.full(BINS, np.nan)
    np.divide(sums, images, out=means, where=images > 0)
    return Reliability(images, np.bincount(bins[is_right], minlength=BINS), means)


def expected_calibration_error(
    probabilities: NDArray[np.floating], labels: NDArray[np.uint8]
) -> float:
    """Return how far the answers' probabilities (n, 10) are from how often they are right, 0..1.

    It is the mean of the distances in fifteen bins of the answer's probability, equally wide and
    weighted by their images.
    """
    return _expected_error(reliability(probabilities, labels))


def _expected_error(found: Reliability) -> float:
    return float((found.gaps * found.images).sum() / found.images.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Honesty:
    """How honest probabilities are; the errors 0..1, the loss in nats.

    `maximum_error` is that of the worst bin, which has `images_of_maximum`. `brier_score`, 0..2, is
    the mean of the squared distances from what would have been right: 1 for the label and 0 for all
    else. Source: G. W. Brier, Verification of forecasts expressed in terms of probability, 1950.
    """

    reliability: Reliability
    expected_error: float
    maximum_error: float
    images_of_maximum: int
    brier_score: float
    loss: float


def measure_honesty(probabilities: NDArray[np.floating], labels: NDArray[np.uint8]) -> Honesty:
    """Measure probabilities (n, 10) of images with these labels (n,).

    A probability that was rounded to 0 counts as the least that a float32 can be.
    """
    found = reliability(probabilities, labels)
    worst = int(np.argmax(found.gaps))
    shares = probabilities.astype(np.float64)
    own = shares[np.arange(len(labels)), labels]
    brier = np.square(shares).sum(axis=1) - 2 * own + 1
    losses = -np.log(np.maximum(own, np.finfo(np.float32).tiny))
    return Honesty(
        reliability=found,
        expected_error=_expected_error(found),
        maximum_error=float(found.gaps[worst]),
        images_of_maximum=int(found.images[worst]),
        brier_score=float(brier.mean()),
        loss=float(losses.mean()),
    )


class Bias(Enum):
    """How a network's probabilities compare with how often it is right."""

    HONEST = "honest"
    MODEST = "too modest"
    SURE = "too sure"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of probabilities: those of one bin, and how often they are right."""

    bias: Bias
    probability: float
    accuracy: float


def verdict(found: Reliability) -> Verdict:
    """Judge probabilities by the bin that adds most to the expected calibration error.

    Only bins count that are off by half a point or more, and by more than chance makes of honest
    probabilities. If there are none, the probabilities are honest, also in the fullest bin.
    """
    expected = np.nan_to_num(found.probability)
    chance = np.sqrt(expected * (1 - expected) / np.maximum(found.images, 1))
    is_off = found.gaps >= np.maximum(_LEAST_GAP, _BEYOND_CHANCE * chance)
    if is_off.any():
        place = int(np.argmax(found.gaps * found.images * is_off))
        bias = Bias.MODEST if found.accuracy[place] > expected[place] else Bias.SURE
    else:
        place, bias = int(np.argmax(found.images)), Bias.HONEST
    return Verdict(bias, float(expected[place]), float(found.accuracy[place]))
