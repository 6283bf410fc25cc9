"""Connected pieces of ink, found from the runs of ink in each row."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Pieces of ink that touch, at least by a corner, numbered from 0.

    `numbers` (h, w) is each pixel's piece, -1 where there is no ink; `boxes` (n, 4) are left,
    top, right and bottom, the last two just outside; `areas` (n,) count pixels.
    """

    numbers: NDArray[np.int32]
    boxes: _Integers
    areas: _Integers

    def __len__(self) -> int:
        return len(self.areas)


def find_components(ink: NDArray[np.bool_]) -> Components:
    """Return the connected pieces of ink (h, w)."""
    rows, starts, ends = _runs(ink)
    owner = _numbered(_joined(len(rows), *_neighbours(ink.shape[1], rows, starts, ends)))
    count = int(owner.max(initial=-1)) + 1
    numbers = np.full(ink.shape, -1, np.int32)
    # Ink in reading order is the runs in theirs, one after the other.
    numbers[ink] = np.repeat(owner, ends - starts)
    boxes = np.empty((count, 4), np.int64)
    for side, values, lowest in ((0, starts, True), (1, rows, True), (2, ends, False)):
        boxes[:, side] = _extreme(values, owner, count, lowest=lowest)
    boxes[:, 3] = _extreme(rows + 1, owner, count, lowest=False)
    areas = np.bincount(owner, weights=ends - starts, minlength=count).astype(np.int64)
    return Components(numbers, boxes, areas)


def _runs(ink: NDArray[np.bool_]) -> tuple[_Integers, _Integers, _Integers]:
    """Return each run of ink in a row: its row, its first column, and the one after its last."""
    padded = np.pad(ink, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    return rows, starts, ends


def _neighbours(
    width: int, rows: _Integers, starts: _Integers, ends: _Integers
) -> tuple[_Integers, _Integers]:
    """Return the pairs of runs in rows one above the other that touch."""
    # Runs in order of rows, then columns: those below that touch a run follow one another.
    stride = width + 2
    below = (rows + 1) * stride
    first = np.searchsorted(rows * stride + ends, below + starts)
    last = np.searchsorted(rows * stride + starts, below + ends, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, first[upper] + offsets


def _joined(count: int, upper: _Integers, lower: _Integers) -> _Integers:
    """Return for each of `count` runs the least of those it is joined with, by way of others."""
    least = np.arange(count)
    while True:
        roots = np.minimum(least[upper], least[lower])
        joined = least.copy()
        np.minimum.at(joined, least[upper], roots)
        np.minimum.at(joined, least[lower], roots)
        joined = joined[joined]
        if np.array_equal(joined, least):
            return least
        least = joined


def _numbered(least: _Integers) -> _Integers:
    numbers: _Integers = np.unique(least, return_inverse=True)[1].astype(np.int64)
    return numbers


def _extreme(values: _Integers, owner: _Integers, count: int, *, lowest: bool) -> _Integers:
    start = np.iinfo(np.int64).max if lowest else -1
    extremes = np.full(count, start, np.int64)
    (np.minimum if lowest else np.maximum).at(extremes, owner, values)
    return extremes
