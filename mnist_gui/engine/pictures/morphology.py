"""Connected components, sliding windows, thresholds and stroke widths of binary images."""

from dataclasses import dataclass
from math import inf
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

_Integers: TypeAlias = NDArray[np.int64]


_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]
_Value = TypeVar("_Value", np.float32, np.bool_)
_BINS = 128
# No row of paper above: as far as no picture reaches.
_FAR = -(1 << 20)


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


def window_maximum(grid: _Floats, window: int) -> _Floats:
    """Return the largest value (h, w) in a centred square of odd side; beyond the grid is none."""
    return _running_maximum(_running_maximum(grid, window, -np.inf).T, window, -np.inf).T


def spread(flags: _Flags, reach: int) -> _Flags:
    """Return which places (h, w) have a flag at most `reach` away, along each axis."""
    window = 2 * reach + 1
    return _running_maximum(_running_maximum(flags, window, 0).T, window, 0).T


def window_mean(grid: _Floats, window: int) -> _Floats:
    """Return the mean (h, w) of a centred square, of less than it at the edges."""
    mean = grid.astype(np.float64)
    for _ in range(2):
        sums = np.pad(np.cumsum(mean, axis=0), ((1, 0), (0, 0)))
        places = np.arange(len(mean))
        low = np.maximum(places - window // 2, 0)
        high = np.minimum(places + window // 2 + 1, len(mean))
        mean = ((sums[high] - sums[low]) / (high - low)[:, np.newaxis]).T
    return mean.astype(np.float32)


def _running_maximum(grid: NDArray[_Value], window: int, nothing: float) -> NDArray[_Value]:
    """Return the maximum of a centred odd window along each column."""
    half = window // 2
    running: NDArray[_Value] = np.pad(grid, ((half, half), (0, 0)), constant_values=nothing)
    reach = 1
    # A maximum over twice the reach is that of two maxima, so that few passes do.
    while reach < window:
        step = min(reach, window - reach)
        running = np.maximum(running[:-step], running[step:])
        reach += step
    return running


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """The value between two kinds, and the mean of each."""

    between: float
    low: float
    high: float


def split_in_two(values: NDArray[np.float32]) -> TwoKinds:
    """Return where values split best: as far apart as possible for their numbers.

    Equal values, or none, are of one kind: all three are then their mean. Source: N. Otsu, A
    threshold selection method from gray-level histograms, 1979.
    """
    counts, edges = np.histogram(values, _BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    possible = (below > 0) & (above > 0)
    if not possible.any():
        mean = float(values.mean()) if values.size else 0.0
        return TwoKinds(mean, mean, mean)
    low = sums[possible] / below[possible]
    high = (sums[-1] - sums[possible]) / above[possible]
    apart = below[possible] * above[possible] * (high - low) ** 2
    best = int(apart.argmax())
    between = float(edges[1:][possible][best])
    return TwoKinds(between, float(low[best]), float(high[best]))


def stroke_width(ink: _Flags) -> float:
    """Return the mean width of the strokes (h, w) in pixels.

    Across a stroke, the distance to its edge rises evenly from nothing to half its width: its
    mean is a quarter of the width.
    """
    inside = distances_to_edge(ink)
    return float(4 * inside[ink].mean()) if ink.any() else 0.0


def with_edges_moved(ink: _Flags, outwards: float) -> _Floats:
    """Return the share of ink (h, w), 0..1, once all edges moved so many pixels outwards.

    A negative number moves them inwards. What would lie beyond the array is lost.
    """
    inside = distances_to_edge(ink)
    # Farther out than the edges get, nothing changes.
    outside = distances_to_edge(~ink, beyond=True, farthest=max(outwards, 0) + 1)
    signed = np.where(ink, inside, -outside)
    shares: _Floats = np.clip(signed + outwards + 0.5, 0, 1).astype(np.float32)
    return shares


def narrowest_stroke(ink: _Flags) -> float:
    """Return a width in pixels that nearly all of the strokes' middle lines have."""
    inside = np.pad(distances_to_edge(ink), 1)
    around = [
        inside[1 + y : inside.shape[0] - 1 + y, 1 + x : inside.shape[1] - 1 + x]
        for y, x in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]
    middle = ink & (inside[1:-1, 1:-1] >= np.max(around, axis=0))
    return float(2 * np.percentile(inside[1:-1, 1:-1][middle], 10)) if middle.any() else 0.0


def distances_to_edge(ink: _Flags, *, beyond: bool = False, farthest: float = inf) -> _Floats:
    """Return how far each pixel (h, w) of ink is from the ink's edge, in pixels; 0 outside it.

    Euclidean, and exact up to `farthest`, where the rest is that far or farther; `beyond` says
    whether there is ink outside the array. Source: T. Saito, J.-I. Toriwaki, New algorithms for
    Euclidean distance transformation, 1994.
    """
    padded = np.pad(ink, 1, constant_values=beyond)
    above = _steps_since_paper(padded)
    below = _steps_since_paper(padded[::-1])[::-1]
    steps = np.minimum(above, below)
    upright = steps.astype(np.float32) ** 2
    squared = upright.copy()
    # No edge that lies farther to the side than another one above or below is the nearest.
    reach = int(min(steps.max(), farthest, padded.shape[1] - 2)) + 1
    for apart in range(1, reach + 1):
        left, right = slice(None, -apart), slice(apart, None)
        for here, there in ((left, right), (right, left)):
            aside = upright[:, there] + np.float32(apart**2)
            np.minimum(squared[:, here], aside, out=squared[:, here])
    # From the middle of a pixel of ink to that of one of paper, the edge is half a pixel nearer.
    distance: _Floats = np.maximum(np.sqrt(squared) - np.float32(0.5), 0)
    return distance[1:-1, 1:-1]


def _steps_since_paper(ink: _Flags) -> NDArray[np.int64]:
    rows = np.arange(len(ink))[:, np.newaxis]
    return rows - np.maximum.accumulate(np.where(ink, _FAR, rows), axis=0)
