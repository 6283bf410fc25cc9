"""Which strokes of a drawing a point or a line hits."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing

_Floats: TypeAlias = NDArray[np.float64]

Place: TypeAlias = tuple[float, float]


def distances(drawing: Drawing, start: Place, end: Place) -> _Floats:
    """Return the distance of each stroke (n,) from the straight line from start to end.

    In sides of the canvas; strokes are straight pieces without width, 0 where they cross it.
    """
    if not drawing:
        return np.empty(0)
    firsts, lasts, first_pieces = _pieces(drawing)
    far = _between(firsts, lasts, np.array(start, np.float64), np.array(end, np.float64))
    return np.minimum.reduceat(far, first_pieces)


def nearest_stroke(drawing: Drawing, place: Place, reach: float) -> int | None:
    """Return the index of the stroke nearest to a position, None if none is within reach.

    Of equally near strokes, such as two that cross there, return the one drawn last.
    """
    far = distances(drawing, place, place)
    if not len(far) or far.min() > reach:
        return None
    return int(np.flatnonzero(far == far.min())[-1])


def strokes_hit(drawing: Drawing, start: Place, end: Place, reach: float) -> list[int]:
    """Return the indices of all strokes within reach of the straight line from start to end."""
    return np.flatnonzero(distances(drawing, start, end) <= reach).tolist()


def _pieces(drawing: Drawing) -> tuple[_Floats, _Floats, NDArray[np.int64]]:
    """Return the starts and ends (m, 2) of straight pieces, and each stroke's first piece (n,)."""
    # A stroke of one point becomes a piece without length.
    lines = [
        stroke.points if len(stroke.points) > 1 else stroke.points[[0, 0]]
        for stroke in drawing.strokes
    ]
    counts = np.array([len(line) - 1 for line in lines])
    firsts = np.concatenate([line[:-1] for line in lines]).astype(np.float64)
    lasts = np.concatenate([line[1:] for line in lines]).astype(np.float64)
    return firsts, lasts, np.cumsum(counts) - counts


def _between(firsts: _Floats, lasts: _Floats, start: _Floats, end: _Floats) -> _Floats:
    """Return the distance of each piece (m,) from the one from start to end."""
    line, pieces = (start, end), (firsts, lasts)
    to_ends = [_to_pieces(point, *pieces) for point in line]
    to_ends += [_to_pieces(points, *line) for points in pieces]
    nearest: _Floats = np.minimum.reduce(to_ends)
    return np.where(_cross(firsts, lasts, start, end), 0.0, nearest)


def _to_pieces(places: _Floats, starts: _Floats, ends: _Floats) -> _Floats:
    """Return the distances of points from straight pieces; each (m, 2), or one (2,) for all."""
    chord, offset = ends - starts, places - starts
    length = np.maximum((chord * chord).sum(axis=-1), 1e-300)
    along = np.clip((offset * chord).sum(axis=-1) / length, 0, 1)
    rest = offset - along[..., np.newaxis] * chord
    far: _Floats = np.hypot(rest[..., 0], rest[..., 1])
    return far


def _cross(firsts: _Floats, lasts: _Floats, start: _Floats, end: _Floats) -> NDArray[np.bool_]:
    """Return which pieces cross the line: each has its ends on both sides of the other."""
    line, pieces = end - start, lasts - firsts
    of_pieces = _turn(line, firsts - start) * _turn(line, lasts - start)
    of_line = _turn(pieces, start - firsts) * _turn(pieces, end - firsts)
    crossing: NDArray[np.bool_] = (of_pieces < 0) & (of_line < 0)
    return crossing


def _turn(along: _Floats, towards: _Floats) -> _Floats:
    turned: _Floats = along[..., 0] * towards[..., 1] - along[..., 1] * towards[..., 0]
    return turned
