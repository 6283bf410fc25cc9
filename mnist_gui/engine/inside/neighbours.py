"""The images that are nearest to one, in any numbers: by a comparison with every one of them."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.progress import ViewProgress

# What is converted at a time stays in the processor's cache.
_BATCH = 500
# A batch takes a millisecond or less.
_BATCHES_BETWEEN_PROGRESS = 16
# Of the squares that a squared distance is summed of; some hundred times what was seen.
_ROUNDING = np.float32(1e-5)


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
    """Finds the nearest of n images, of which each has m numbers.

    All are compared coarsely, by numbers of eight bits, which is fast; those that could be among
    the nearest, by how far a coarse distance can be off, are then compared exactly.
    """

    def __init__(self, numbers: NDArray[np.generic]) -> None:
        """`numbers` (n, m) are of any type, such as float16 or uint8."""
        self._numbers = numbers
        self._coarse: _CoarseNumbers | None = None

    def nearest(
        self, wanted: NDArray[np.floating], most: int
    ) -> Generator[ViewProgress, None, Neighbours]:
        """Find the `most` images that are nearest to numbers (m,); yields its progress.

        Of images that are equally near, the first one comes first.
        """
        if self._coarse is None:
            self._coarse = yield from _coarse_numbers(self._numbers)
        least, largest = yield from self._coarse.bounds(wanted.astype(np.float32))
        place = min(most, len(largest)) - 1
        candidates = np.flatnonzero(least <= np.partition(largest, place)[place])
        distances = np.empty(len(candidates))
        for batch in _batches(len(candidates)):
            away = self._numbers[candidates[batch]].astype(np.float64) - wanted
            distances[batch] = np.sqrt(np.square(away).sum(axis=1))
            yield ViewProgress(batch.stop, len(candidates))
        order = np.argsort(distances, kind="stable")[:most]
        return Neighbours(candidates[order], distances[order])


@dataclass(frozen=True, slots=True, eq=False)
class _CoarseNumbers:
    """Numbers x (n, m) as low + step * codes, and by how much each row is off: |x - coarse|."""

    codes: NDArray[np.uint8]
    low: NDArray[np.float32]
    step: NDArray[np.float32]
    squares: NDArray[np.float32]
    off: NDArray[np.float32]

    def bounds(
        self, wanted: NDArray[np.float32]
    ) -> Generator[ViewProgress, None, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return the least and the largest distances (n,) that rows can have from these (m,)."""
        count = len(self.codes)
        products = np.empty(count, np.float32)
        for batch in _batches(count):
            np.matmul(self.codes[batch].astype(np.float32), self.step * wanted, out=products[batch])
            if batch.start // _BATCH % _BATCHES_BETWEEN_PROGRESS == 0:
                yield ViewProgress(batch.start, count)
        sizes = self.squares + wanted @ wanted
        squares = sizes - 2 * (products + self.low @ wanted)
        rounding = _ROUNDING * sizes
        least = np.sqrt((squares - rounding).clip(min=0)) - self.off
        return least, np.sqrt((squares + rounding).clip(min=0)) + self.off


def _coarse_numbers(
    numbers: NDArray[np.generic],
) -> Generator[ViewProgress, None, _CoarseNumbers]:
    """Return numbers (n, m) as coarse ones; those that are of eight bits stay exact."""
    count, size = numbers.shape
    low, step = np.zeros(size, np.float32), np.ones(size, np.float32)
    is_exact = numbers.dtype == np.uint8
    codes = numbers.view(np.uint8) if is_exact else np.empty((count, size), np.uint8)
    if not is_exact:
        low, step = yield from _scale(numbers)
    squares, off = np.empty(count, np.float32), np.zeros(count, np.float32)
    for batch in _batches(count):
        exact = numbers[batch].astype(np.float32)
        coarse = exact
        if not is_exact:
            codes[batch] = ((exact - low) / step).round()
            coarse = low + step * codes[batch]
            off[batch] = np.linalg.norm(exact - coarse, axis=1)
        squares[batch] = np.square(coarse).sum(axis=1)
        yield ViewProgress(batch.stop, count)
    return _CoarseNumbers(codes, low, step, squares, off)


def _scale(
    numbers: NDArray[np.generic],
) -> Generator[ViewProgress, None, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Return the least of each number (m,), and a 255th of how far it reaches from there."""
    count, size = numbers.shape
    low, high = np.full(size, np.inf, np.float32), np.full(size, -np.inf, np.float32)
    for batch in _batches(count):
        exact = numbers[batch].astype(np.float32)
        np.minimum(low, exact.min(axis=0), out=low)
        np.maximum(high, exact.max(axis=0), out=high)
        yield ViewProgress(batch.stop, count)
    step = np.where(high > low, (high - low) / 255, 1)
    return low, step.astype(np.float32)


def _batches(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _BATCH, count)) for start in range(0, count, _BATCH))
