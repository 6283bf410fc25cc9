"""The images that are nearest to one, in any numbers: by a comparison with every one of them."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.progress import ViewProgress

# What is converted at a time stays in the processor's cache.
_BATCH = 500
# A batch takes a millisecond or less.
_BATCHES_BETWEEN_PROGRESS = 16
# Distances by a matrix product are rounded; those of so many more are computed exactly.
_SPARE = 32


def spread_indices(total: int, most: int) -> NDArray[np.intp]:
    """Return the places of at most so many of `total` images, in order and evenly spread."""
    return np.arange(total) if total <= most else np.arange(most) * total // most


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest of n images, the nearest one first: their indices (k,) and their distances (k,),
    which are Euclidean.
    """

    indices: NDArray[np.intp]
    distances: NDArray[np.float64]


class NeighbourFinder:
    """Finds the nearest of n images, of which each has m numbers."""

    def __init__(self, numbers: NDArray[np.generic]) -> None:
        """`numbers` (n, m) are of any type, such as float16 or uint8."""
        self._numbers = numbers
        self._squares: NDArray[np.float32] | None = None

    def nearest(
        self, wanted: NDArray[np.floating], most: int
    ) -> Generator[ViewProgress, None, Neighbours]:
        """Find the `most` images that are nearest to numbers (m,); yields its progress.

        Of images that are equally near, the first one comes first.
        """
        wanted = wanted.astype(np.float32)
        if self._squares is None:
            self._squares = yield from self._sums(None)
        # Half of the squared distance, but for what is the same for all.
        far = self._squares / 2 - (yield from self._sums(wanted))
        kept = min(most + _SPARE, len(far))
        candidates = np.sort(np.argpartition(far, kept - 1)[:kept]) if kept else np.arange(0)
        away = self._numbers[candidates].astype(np.float64) - wanted
        distances = np.sqrt(np.square(away).sum(axis=1))
        order = np.argsort(distances, kind="stable")[:most]
        return Neighbours(candidates[order], distances[order])

    def _sums(
        self, factors: NDArray[np.float32] | None
    ) -> Generator[ViewProgress, None, NDArray[np.float32]]:
        """Return the products with these factors (m,), or with themselves, summed: (n,)."""
        total = len(self._numbers)
        sums = np.empty(total, np.float32)
        for start in range(0, total, _BATCH):
            batch = self._numbers[start : start + _BATCH].astype(np.float32)
            of_batch = sums[start : start + _BATCH]
            if factors is None:
                np.einsum("ij,ij->i", batch, batch, out=of_batch)
            else:
                np.matmul(batch, factors, out=of_batch)
            if start // _BATCH % _BATCHES_BETWEEN_PROGRESS == 0:
                yield ViewProgress(start, total)
        return sums
