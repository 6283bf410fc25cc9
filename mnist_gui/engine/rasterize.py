"""Rasterize lines with a round pen, antialiased, many small images in one call."""

from collections.abc import Sequence
from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

# Samples per pixel and axis; each is antialiased, so that greys are off by about one of 255 levels
# (three in sharp corners).
_SAMPLES = 6
# In pixels; the windows of longer pieces would have more samples that are far away.
_LONGEST_PIECE = 3.0
_PIECES_AT_ONCE = 128
# Bounds the time for an endless scribble; no digit has a hundredth of this.
_MOST_PIECES = 4_000
# A point nearer than this, in pixels, to the line between its neighbours changes no grey.
_STRAIGHT = 1 / 256
_THINNING_PASSES = 8


def coverage(lines: list[_Floats], side: int, width: float) -> NDArray[np.float32]:
    """Return the fraction (side, side) of each pixel that the pen covers, 0..1.

    `lines` are points (n, 2) of x, y in pixels; pixel i reaches from i to i + 1. The pen is a
    disc, `width` pixels wide.
    """
    first: NDArray[np.float32] = coverages([lines], side, [width])[0]
    return first


def coverages(
    pictures: Sequence[list[_Floats]], side: int, widths: Sequence[float]
) -> NDArray[np.float32]:
    """Return `coverage` (n, side, side) of the lines of n pictures, each with its pen's width.

    A picture's result is the same to the bit, whatever the others are.
    """
    radii = np.asarray(widths, np.float64) / 2
    grids = np.full((len(pictures), side * _SAMPLES, side * _SAMPLES), np.float32(np.inf))
    if any(pictures):
        _lower_to_squared_distances(grids, *_pieces(pictures), radii)
    ink = np.sqrt(grids, out=grids)
    np.subtract(radii.astype(np.float32)[:, np.newaxis, np.newaxis], ink, out=ink)
    ink *= _SAMPLES
    ink += 0.5
    np.clip(ink, 0, 1, out=ink)
    samples = ink.reshape(-1, side, _SAMPLES, side, _SAMPLES)
    # Five times as fast as both axes at once.
    shares: NDArray[np.float32] = samples.sum(axis=2).sum(axis=3) / np.float32(_SAMPLES**2)
    return shares


def _pieces(pictures: Sequence[list[_Floats]]) -> tuple[_Floats, _Floats, _Integers]:
    """Return short straight pieces: their starts and ends (n, 2) and pictures (n,)."""
    lines = [line for picture in pictures for line in picture]
    picture = np.repeat(np.arange(len(pictures)), [len(lines) for lines in pictures])
    line = np.repeat(np.arange(len(lines)), [len(points) for points in lines])
    points, line = _thinned(np.concatenate(lines), line)
    is_first, is_last = _ends(line)
    # A line of one point becomes a piece without length.
    starts = np.flatnonzero(~is_last | is_first)
    ends = np.where(is_last[starts], starts, starts + 1)
    return _cut(points[starts], points[ends], picture[line[starts]])


def _cut(starts: _Floats, ends: _Floats, picture: _Integers) -> tuple[_Floats, _Floats, _Integers]:
    """Cut pieces into equal shorter ones; of a picture with too many, take only some."""
    lengths = np.hypot(*(ends - starts).T)
    counts = np.maximum(np.ceil(lengths / _LONGEST_PIECE).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    step = (ends - starts)[owner] / counts[owner, np.newaxis]
    first = starts[owner] + step * _ranks(owner)[:, np.newaxis]
    picture = picture[owner]
    every = -(-np.bincount(picture) // _MOST_PIECES)
    some = _ranks(picture) % every[picture] == 0
    return first[some], (first + step)[some], picture[some]


def _ranks(groups: _Integers) -> _Integers:
    """Return each item's index within its group; `groups` are sorted numbers."""
    counts = np.bincount(groups)
    ranks: _Integers = np.arange(len(groups)) - (np.cumsum(counts) - counts)[groups]
    return ranks


def _ends(line: _Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which points are the first and which the last of their lines."""
    differs = line[1:] != line[:-1]
    return np.append(True, differs), np.append(differs, True)


def _thinned(points: _Floats, line: _Integers) -> tuple[_Floats, _Integers]:
    """Leave out points on the line between their neighbours: fast pointers give thousands."""
    for _ in range(_THINNING_PASSES):
        # Never two neighbours at once, or the line would drift away from its points.
        here = np.flatnonzero((_ranks(line) % 2 == 1) & ~_ends(line)[1])
        far = _distances(points[here], points[here - 1], points[here + 1]) > _STRAIGHT
        if far.all():
            break
        keep = np.ones(len(points), bool)
        keep[here] = far
        points, line = points[keep], line[keep]
    return points, line


def _distances(points: _Floats, starts: _Floats, ends: _Floats) -> _Floats:
    """Return the distance of each point (n, 2) from its straight piece."""
    offset, chord = points - starts, ends - starts
    length = np.maximum((chord * chord).sum(axis=1), 1e-12)
    along = np.clip((offset * chord).sum(axis=1) / length, 0, 1)
    distances: _Floats = np.hypot(*(offset - along[:, np.newaxis] * chord).T)
    return distances


def _lower_to_squared_distances(
    grids: NDArray[np.float32],
    starts: _Floats,
    ends: _Floats,
    picture: _Integers,
    radii: _Floats,
) -> None:
    """Lower the samples near each piece to the squared distance from it, in pixels."""
    size = grids.shape[1]
    reach = (radii + 1 / _SAMPLES)[picture]
    extent = np.abs(ends - starts).max(axis=1) + 2 * reach
    # Pieces of similar size together, as all windows of a call have the size of the largest.
    order = np.argsort(extent)
    for first in range(0, len(order), _PIECES_AT_ONCE):
        some = order[first : first + _PIECES_AT_ONCE]
        window = min(ceil(extent[some[-1]] * _SAMPLES) + 1, size)
        low = np.minimum(starts[some], ends[some]) - reach[some, np.newaxis]
        # Windows that would cross the edge are moved inside.
        corner = np.clip(np.floor(low * _SAMPLES), 0, size - window)
        squared = _squared_distances(starts[some], ends[some], corner, window)
        inside = np.arange(window)
        cells = (picture[some] * size + corner[:, 1].astype(np.int64)) * size
        cells += corner[:, 0].astype(np.int64)
        index = cells[:, np.newaxis, np.newaxis] + (inside[:, np.newaxis] * size + inside)
        np.minimum.at(grids.reshape(-1), index.reshape(-1), squared.reshape(-1))


def _squared_distances(
    starts: _Floats, ends: _Floats, corner: _Floats, window: int
) -> NDArray[np.float32]:
    """Return the squared distances (n, window, window) of the samples from their piece, in pixels.

    `corner` (n, 2) is the first sample of a piece's window.
    """
    chord = ends - starts
    length = np.hypot(*chord.T)[:, np.newaxis]
    # Any direction will do for a piece without length.
    direction = np.where(length > 0, chord / np.maximum(length, 1e-300), [1.0, 0.0])
    cos, sin = direction.astype(np.float32).T[:, :, np.newaxis]
    offsets = (np.arange(window) + 0.5) / _SAMPLES
    # The samples' positions (n, 2, window) from their piece's start.
    positions = (corner / _SAMPLES - starts)[:, :, np.newaxis] + offsets
    x, y = positions.astype(np.float32).transpose(1, 0, 2)
    along: NDArray[np.float32] = (x * cos)[:, np.newaxis, :] + (y * sin)[:, :, np.newaxis]
    aside = (x * sin)[:, np.newaxis, :] - (y * cos)[:, :, np.newaxis]
    # In place, to allocate fewer large arrays.
    on_piece = np.maximum(along, 0)
    np.minimum(on_piece, length.astype(np.float32)[:, :, np.newaxis], out=on_piece)
    along -= on_piece
    along *= along
    aside *= aside
    along += aside
    return along
