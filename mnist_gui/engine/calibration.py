"""Honest probabilities: a temperature for a network, and how far its probabilities are off.

Logits divided by a temperature give other probabilities and the same digits. Source: C. Guo et al.,
On calibration of modern neural networks, 2017.
"""

from typing import Annotated, Any, TypeAlias

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.1, 10.0
Temperature: TypeAlias = Annotated[float, Meta(ge=LEAST_TEMPERATURE, le=MOST_TEMPERATURE)]
# To a thousandth of the temperature.
_HALVINGS = 13
_BINS = 15


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


def expected_calibration_error(
    probabilities: NDArray[np.float32], labels: NDArray[np.uint8]
) -> float:
    """Return how far the answers' probabilities (n, 10) are from how often they are right, 0..1.

    It is the mean of the distances in fifteen bins of the answer's probability, equally wide and
    weighted by their images.
    """
    answer = probabilities.max(axis=1).astype(np.float64)
    is_right = probabilities.argmax(axis=1) == labels
    bins = np.clip(np.ceil(answer * _BINS).astype(np.int64) - 1, 0, _BINS - 1)
    distances = np.bincount(bins, weights=is_right - answer, minlength=_BINS)
    return float(np.abs(distances).sum() / len(labels))
