"""How well a network reads a labelled set of images."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

_Z_95 = 1.959964


@dataclass(frozen=True)
class Evaluation:
    """A network's probabilities (n, 10) for n images with the given labels (n,) uint8."""

    labels: NDArray[np.uint8]
    probabilities: NDArray[np.float32]

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The likeliest digit of each image (n,)."""
        likeliest: NDArray[np.int64] = np.argmax(self.probabilities, axis=1)
        return likeliest

    @property
    def correct(self) -> int:
        """How many images are read right."""
        return int(np.count_nonzero(self.predicted == self.labels))

    @property
    def accuracy(self) -> float:
        """The share of images that are read right, 0..1."""
        return self.correct / len(self.labels)

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval."""
        return wilson_interval(self.correct, len(self.labels))

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (10, 10): row the label, column what was read."""
        cells = self.labels.astype(np.int64) * 10 + self.predicted
        return np.bincount(cells, minlength=100).reshape(10, 10)

    @property
    def accuracy_per_digit(self) -> NDArray[np.float64]:
        """The share of each digit's images that are read right (10,); nan where there are none."""
        totals = self.confusion.sum(axis=1)
        shares = np.full(10, np.nan)
        np.divide(np.diagonal(self.confusion), totals, out=shares, where=totals > 0)
        return shares

    def hardest(self, count: int) -> NDArray[np.int64]:
        """Indices of the images whose own digit got the least probability, hardest first."""
        own = self.probabilities[np.arange(len(self.labels)), self.labels]
        return np.argsort(own, kind="stable")[:count]

    def cell(self, label: int, read_as: int) -> NDArray[np.int64]:
        """Indices of the images with this label that were read as that digit, surest first."""
        chosen = np.flatnonzero((self.labels == label) & (self.predicted == read_as))
        return chosen[np.argsort(-self.probabilities[chosen, read_as], kind="stable")]


def wilson_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, 0..1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if not total:
        return (0.0, 1.0)
    share = correct / total
    spread = _Z_95 * sqrt(share * (1 - share) / total + _Z_95**2 / (4 * total**2))
    middle = share + _Z_95**2 / (2 * total)
    scale = 1 + _Z_95**2 / total
    return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))
