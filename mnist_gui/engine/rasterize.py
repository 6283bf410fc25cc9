"""Draws lines with a round pen onto small grids of pixels, antialiased, many grids in one call."""

from collections.abc import Sequence
from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

# Samples per pixel and axis. Each sample is itself antialiased, so that greys are off by about one
# of 255 levels, and by three at most, within sharp corners.
_SAMPLES = 6
# Pieces of line are at most this long, in pixels: longer ones have more samples that are far away.
_LONGEST_PIECE = 3.0
_PIECES_AT_ONCE = 128
# No digit has a hundredth of this; of endless scribble, evenly chosen pieces bound the time.
_MOST_PIECES = 4_000
# A point this near, in pixels, to the line between its neighbours changes no grey level.
_STRAIGHT = 1 / 256
_THINNING_PASSES = 8


def coverage(lines: list[_Floats], side: int, width: float) -> NDArray[np.float32]:
    """Return the share (side, side) of each pixel that the pen covers, 0..1.

    `lines` are points (n, 2) of x, y in pixels; pixel i reaches from i to i + 1. The pen is a
    disc, `width` pixels wide. What lies outside the grid is left out.
    """
    first: NDArray[np.float32] = coverages([lines], side, [width])[0]
    return first


def coverages(
    pictures: Sequence[list[_Floats]], side: int, widths: Sequence[float]
) -> NDArray[np.float32]:
    """Return `coverage` (n, side, side) of n pictures' lines, each with its own pen's width.

    A picture comes out the same to the last bit, whichever others are drawn with it.
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
    # One axis after the other is five times as fast as both at once.
    shares: NDArray[np.float32] = samples.sum(axis=2).sum(axis=3) / np.float32(_SAMPLES**2)
    return shares


def _pieces(pictures: Sequence[list[_Floats]]) -> tuple[_Floats, _Floats, _Integers]:
    """Return short straight pieces: starts and ends (n, 2) and the picture (n,) of each."""
    lines = [line for picture in pictures for line in picture]
    picture = np.repeat(np.arange(len(pictures)), [len(lines) for lines in pictures])
    line = np.repeat(np.arange(len(lines)), [len(points) for points in lines])
    points, line = _thinned(np.concatenate(lines), line)
    is_first, is_last = _ends(line)
    # A line of one point is a piece of no length.
    starts = np.flatnonzero(~is_last | is_first)
    ends = np.where(is_last[starts], starts, starts + 1)
    return _cut(points[starts], points[ends], picture[line[starts]])


def _cut(starts: _Floats, ends: _Floats, picture: _Integers) -> tuple[_Floats, _Floats, _Integers]:
    """Cut pieces into shorter ones of equal length; of a picture's endless ones take only some."""
    counts = np.ceil(np.hypot(*(ends - starts).T) / _LONGEST_PIECE).astype(np.int64)
    counts = np.maximum(counts, 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    step = (ends - starts)[owner] / counts[owner, np.newaxis]
    first = starts[owner] + step * _ranks(owner)[:, np.newaxis]
    picture = picture[owner]
    every = -(-np.bincount(picture) // _MOST_PIECES)
    some = _ranks(picture) % every[picture] == 0
    return first[some], (first + step)[some], picture[some]


def _ranks(groups: _Integers) -> _Integers:
    """Return each item's place, from 0, among those of its group; groups are sorted numbers."""
    counts = np.bincount(groups)
    ranks: _Integers = np.arange(len(groups)) - (np.cumsum(counts) - counts)[groups]
    return ranks


def _ends(line: _Integers) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which points are the first and which the last of their line, given its number."""
    differs = line[1:] != line[:-1]
    return np.append(True, differs), np.append(differs, True)


def _thinned(points: _Floats, line: _Integers) -> tuple[_Floats, _Integers]:
    """Leave out points between neighbours in line with them: fast pointers give thousands."""
    for _ in range(_THINNING_PASSES):
        # Of two neighbours at most one may go, or the line would creep away from its points.
        here = np.flatnonzero((_ranks(line) % 2 == 1) & ~_ends(line)[1])
        far = _distances(points[here], points[here - 1], points[here + 1]) > _STRAIGHT
        if far.all():
            break
        keep = np.ones(len(points), bool)
        keep[here] = far
        points, line = points[keep], line[keep]
    return points, line


def _distances(points: _Floats, starts: _Floats, ends: _Floats) -> _Floats:
    """Return how far each point (n, 2) is from its own straight piece of line."""
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
    """Lower samples near a piece, in its picture's grid, to the squared distance in pixels."""
    size = grids.shape[1]
    reach = (radii + 1 / _SAMPLES)[picture]
    extent = np.abs(ends - starts).max(axis=1) + 2 * reach
    # Pieces of about one size go together, since all windows of a call are as large as its largest.
    order = np.argsort(extent)
    for first in range(0, len(order), _PIECES_AT_ONCE):
        some = order[first : first + _PIECES_AT_ONCE]
        window = min(ceil(extent[some[-1]] * _SAMPLES) + 1, size)
        low = np.minimum(starts[some], ends[some]) - reach[some, np.newaxis]
        # A window that would reach over the edge is moved inside: it covers no less of the grid.
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
    """Return the samples' squared distances (n, window, window) in pixels, each to its own piece.

    `corner` (n, 2) is the sample at which a piece's window begins.
    """
    chord = ends - starts
    length = np.hypot(*chord.T)[:, np.newaxis]
    # A piece of no length has no direction; any will do.
    direction = np.where(length > 0, chord / np.maximum(length, 1e-300), [1.0, 0.0])
    cos, sin = direction.astype(np.float32).T[:, :, np.newaxis]
    offsets = (np.arange(window) + 0.5) / _SAMPLES
    # The samples' places (n, 2, window) seen from their piece's start.
    places = (corner / _SAMPLES - starts)[:, :, np.newaxis] + offsets
    x, y = places.astype(np.float32).transpose(1, 0, 2)
    along: NDArray[np.float32] = (x * cos)[:, np.newaxis, :] + (y * sin)[:, :, np.newaxis]
    aside = (x * sin)[:, np.newaxis, :] - (y * cos)[:, :, np.newaxis]
    # In place: fewer large arrays to allocate.
    on_piece = np.maximum(along, 0)
    np.minimum(on_piece, length.astype(np.float32)[:, :, np.newaxis], out=on_piece)
    along -= on_piece
    along *= along
    aside *= aside
    along += aside
    return along
