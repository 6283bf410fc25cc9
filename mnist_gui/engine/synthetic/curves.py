"""Smooth curves through the control points of strokes, all strokes in one array."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

_POINTS_PER_SPAN = 5


def curves(controls: _Floats, lengths: _Integers) -> tuple[_Floats, _Integers]:
    """Return curves through the control points of strokes of these lengths.

    Returns the curves' points (n, 2) and how many each stroke has. A stroke is continued straight
    at its ends; between a corner's two points the pen does not move. Source: E. Catmull and R.
    Rom, A class of local interpolating splines, 1974.
    """
    before, after, last = neighbours(controls, lengths)
    after_next = np.append(after[1:], after[-1:], axis=0)
    points = _spline(before, controls, after, after_next)
    halts = last | (controls == after).all(axis=1)
    keep = ~halts[:, np.newaxis] | (np.arange(_POINTS_PER_SPAN) == 0)
    stroke = np.repeat(np.arange(len(lengths)), lengths)
    return points[keep], np.bincount(stroke, keep.sum(axis=1)).astype(np.int64)


def _spline(before: _Floats, start: _Floats, end: _Floats, after: _Floats) -> _Floats:
    """Return points (n, 5, 2) of the curves from each start (n, 2) to its end, without the end."""
    a, b, c, d = (points[:, np.newaxis] for points in (before, start, end, after))
    t = (np.arange(_POINTS_PER_SPAN) / _POINTS_PER_SPAN)[:, np.newaxis]
    linear, square, cube = c - a, 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a
    return b + (linear + (square + cube * t) * t) * t / 2


def neighbours(controls: _Floats, lengths: _Integers) -> tuple[_Floats, _Floats, NDArray[np.bool_]]:
    """Return each point's predecessor and successor, and whether it is its stroke's last.

    A stroke is continued straight at its ends.
    """
    last = np.zeros(len(controls), bool)
    last[np.cumsum(lengths) - 1] = True
    first = np.append(True, last[:-1])[:, np.newaxis]
    before, after = np.roll(controls, 1, axis=0), np.roll(controls, -1, axis=0)
    straight_before, straight_after = 2 * controls - after, 2 * controls - before
    return (
        np.where(first, straight_before, before),
        np.where(last[:, np.newaxis], straight_after, after),
        last,
    )
