"""Draws lines with a round pen onto a small grid of pixels, antialiased."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

# Samples per pixel and axis. Each sample is itself antialiased, so that greys are off by about one
# of 255 levels, and by three at most, within sharp corners.
_SAMPLES = 6
# Pieces of line are at most this long, in pixels, so that one size of window holds any of them.
_LONGEST_PIECE = 1.5
_PIECES_AT_ONCE = 1_000
# No digit has a hundredth of this; of endless scribble, evenly chosen pieces bound the time.
_MOST_PIECES = 4_000
# A point this near, in pixels, to the line between its neighbours changes no grey level.
_STRAIGHT = 1 / 256
_THINNING_PASSES = 8


def coverage(lines: list[NDArray[np.float64]], side: int, width: float) -> NDArray[np.float32]:
    """Return the share (side, side) of each pixel that the pen covers, 0..1.

    `lines` are points (n, 2) of x, y in pixels; pixel i reaches from i to i + 1. The pen is a
    disc, `width` pixels wide. What lies outside the grid is left out.
    """
    if not lines:
        return np.zeros((side, side), np.float32)
    starts, ends = _pieces(lines)
    radius = width / 2
    squared = _squared_distances(starts, ends, side, radius)
    ink = np.clip((radius - np.sqrt(squared)) * _SAMPLES + 0.5, 0, 1)
    shares: NDArray[np.float32] = ink.reshape(side, _SAMPLES, side, _SAMPLES).mean(axis=(1, 3))
    return shares


def _pieces(lines: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return starts and ends (n, 2) of the short straight pieces that make up the lines."""
    thinned = [_thinned(line) for line in lines]
    # A line of one point is a piece of no length.
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in thinned])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in thinned])
    counts = np.ceil(np.hypot(*(ends - starts).T) / _LONGEST_PIECE).astype(np.int64)
    counts = np.maximum(counts, 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    index = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    step = (ends - starts)[owner] / counts[owner, np.newaxis]
    first = starts[owner] + step * index[:, np.newaxis]
    some = slice(None, None, ceil(len(first) / _MOST_PIECES))
    return first[some], (first + step)[some]


def _thinned(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out points between neighbours in line with them: fast pointers give thousands."""
    for _ in range(_THINNING_PASSES):
        # Of two neighbours at most one may go, or the line would creep away from its points.
        before, here, after = line[:-2:2], line[1:-1:2], line[2::2]
        keep = np.ones(len(line), bool)
        keep[1:-1:2] = _distances(here, before, after) > _STRAIGHT
        if keep.all():
            break
        line = line[keep]
    return line


def _distances(
    points: NDArray[np.float64], starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each point (n, 2) is from its own straight piece of line."""
    offset, chord = points - starts, ends - starts
    length = np.maximum((chord * chord).sum(axis=1), 1e-12)
    along = np.clip((offset * chord).sum(axis=1) / length, 0, 1)
    distances: NDArray[np.float64] = np.hypot(*(offset - along[:, np.newaxis] * chord).T)
    return distances


def _squared_distances(
    starts: NDArray[np.float64], ends: NDArray[np.float64], side: int, radius: float
) -> NDArray[np.float32]:
    """Return each sample's squared distance to the nearest piece, in pixels, where it is near."""
    reach = radius + 1 / _SAMPLES
    window = ceil((_LONGEST_PIECE + 2 * reach) * _SAMPLES) + 1
    # The margin takes the windows that reach over the edge.
    size = side * _SAMPLES + 2 * window
    grid = np.full(size * size, np.float32(4 * reach * reach))
    for first in range(0, len(starts), _PIECES_AT_ONCE):
        some = slice(first, first + _PIECES_AT_ONCE)
        _draw_pieces(grid, starts[some], ends[some], window, reach)
    return grid.reshape(size, size)[window:-window, window:-window]


def _draw_pieces(
    grid: NDArray[np.float32],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    window: int,
    reach: float,
) -> None:
    """Lower each sample of the grid to its squared distance to the nearest of these pieces."""
    size = int(np.sqrt(len(grid)))
    corner = np.floor((np.minimum(starts, ends) - reach) * _SAMPLES)
    corner = np.clip(corner, -window, size - 2 * window)
    offsets = (np.arange(window) + 0.5) / _SAMPLES
    # Relative to a piece's start: samples' x (n, 1, window) and y (n, window, 1).
    relative = (corner / _SAMPLES - starts)[:, :, np.newaxis] + offsets
    x, y = (relative.astype(np.float32)[:, axis] for axis in (0, 1))
    x, y = x[:, np.newaxis, :], y[:, :, np.newaxis]
    dx, dy = ((ends - starts).astype(np.float32)[:, axis, None, None] for axis in (0, 1))
    length = np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    along = np.clip(x * (dx / length) + y * (dy / length), 0, 1)
    squared = (x - along * dx) ** 2 + (y - along * dy) ** 2
    cells = (corner.astype(np.int64) + window) @ np.array([1, size])
    inside = np.arange(window)
    index = cells[:, None, None] + inside[:, None] * size + inside
    np.minimum.at(grid, index.reshape(-1), squared.reshape(-1))
