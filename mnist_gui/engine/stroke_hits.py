"""Which strokes of a drawing a point or a line hits."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing

_Floats: TypeAlias = NDArray[np.float64]

Place: TypeAlias = tuple[float, float]


def distances(drawing: Drawing, start: Place, end: Place) -> _Floats:
    """Return the distance of each stroke (n,) from the straight line from start to end.

    In sides of the canvas; strokes are straight pieces without width, 0 where they cross it. Takes
    a few milliseconds for 100,000 points, and a tenth of that where start and end are one place.
    """
    if not drawing:
        return np.empty(0)
    firsts, lasts, first_pieces = _pieces(drawing)
    one, other = np.array(start, np.float64), np.array(end, np.float64)
    if start == end:
        far = np.sqrt(_to_pieces(one, firsts, lasts))
    else:
        far = _between(firsts, lasts, one, other)
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
    """Return the starts and ends (2, m) of straight pieces, and each stroke's first piece (n,)."""
    # A stroke of one point becomes a piece without length.
    lines = [
        stroke.points if len(stroke.points) > 1 else stroke.points[[0, 0]]
        for stroke in drawing.strokes
    ]
    counts = np.array([len(line) for line in lines])
    # An axis after the other is several times as fast as pairs.
    points = np.concatenate(lines).T.astype(np.float64, order="C")
    starts = np.cumsum(counts) - counts
    is_start = np.ones(points.shape[1], bool)
    is_start[starts + counts - 1] = False
    is_end = np.ones(points.shape[1], bool)
    is_end[starts] = False
    return points[:, is_start], points[:, is_end], starts - np.arange(len(lines))


def _between(firsts: _Floats, lasts: _Floats, start: _Floats, end: _Floats) -> _Floats:
    """Return the distance of each piece (m,) from the one from start to end."""
    squares = [_to_pieces(point, firsts, lasts) for point in (start, end)]
    squares += [_to_pieces(points, start, end) for points in (firsts, lasts)]
    nearest: _Floats = np.sqrt(np.minimum.reduce(squares))
    return np.where(_cross(firsts, lasts, start, end), 0.0, nearest)


def _to_pieces(places: _Floats, starts: _Floats, ends: _Floats) -> _Floats:
    """Return the squared distances of points from straight pieces; each (2, m), or one (2,)."""
    (x, y), (along_x, along_y) = _difference(places, starts), _difference(ends, starts)
    length = np.maximum(along_x * along_x + along_y * along_y, 1e-300)
    share = np.clip((x * along_x + y * along_y) / length, 0, 1)
    x, y = x - share * along_x, y - share * along_y
    squares: _Floats = x * x + y * y
    return squares


def _cross(firsts: _Floats, lasts: _Floats, start: _Floats, end: _Floats) -> NDArray[np.bool_]:
    """Return which pieces cross the line: each has its ends on both sides of the other."""
    line, pieces = end - start, _difference(lasts, firsts)
    of_pieces = _turn(line, _difference(firsts, start)) * _turn(line, _difference(lasts, start))
    of_line = _turn(pieces, _difference(start, firsts)) * _turn(pieces, _difference(end, firsts))
    crossing: NDArray[np.bool_] = (of_pieces < 0) & (of_line < 0)
    return crossing


def _difference(one: _Floats, other: _Floats) -> tuple[_Floats, _Floats]:
    return one[0] - other[0], one[1] - other[1]


def _turn(along: tuple[_Floats, _Floats] | _Floats, towards: tuple[_Floats, _Floats]) -> _Floats:
    turned: _Floats = along[0] * towards[1] - along[1] * towards[0]
    return turned
