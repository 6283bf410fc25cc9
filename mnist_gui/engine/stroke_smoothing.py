"""Smooths strokes: a curve through the points of each.

It is a centripetal Catmull-Rom spline: it passes through every point without loops or
cusps, and between two points depends on them and one more on either side. Its parameter counts
points: 2.5 is halfway between the points 2 and 3. Sources: P. J. Barry and R. N. Goldman, A
recursive evaluation algorithm for a class of Catmull-Rom splines, 1988; C. Yuksel, S. Schaefer
and J. Keyser, Parameterization and applications of Catmull-Rom curves, 2011.
"""

from itertools import pairwise
from math import cos, radians
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats: TypeAlias = NDArray[np.float64]

SPACING = 1 / 100
"""The distance of the points that a curve is drawn with, in canvases; the pen is 7 times that."""

PIECE = 128
"""How many steps of a curve are painted in one go.

A longer line may take time out of proportion to its length; where two pieces meet, the edges of
both are painted, so that there the line's edge is a little harder than elsewhere.
"""

# Bounds the points of a curve between two that are far off the canvas.
_MOST_BETWEEN = 128
# A longer stroke, of hundreds of canvases, is drawn with points further apart.
_MOST_PLACES = 20_000
# A sharper turn than this is a corner, as of a 7, and not a bow, as of a 3.
_CORNER = cos(radians(75))


def curve_parameters(points: ArrayLike, first: int, last: int) -> _Floats:
    """Return parameters (m,) of the curve from point `first` to point `last`, SPACING apart.

    `points` (n, 2) are all of the stroke's; each of those from first to last is among them. Of an
    endless scribble they are further apart, so that they are never many more than its points.
    """
    chords = np.diff(np.asarray(points, np.float64), axis=0)
    lengths = np.minimum(np.hypot(*chords.T), _MOST_BETWEEN * SPACING)
    spacing = max(SPACING, float(lengths.sum()) / _MOST_PLACES)
    counts = np.clip(np.ceil(lengths[first:last] / spacing), 1, _MOST_BETWEEN).astype(np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
    places: _Floats = np.append(first + owner + rank / counts[owner], float(last))
    return places


def curve_pieces(points: ArrayLike, first: int, last: int) -> list[_Floats]:
    """Return `curve_parameters` in pieces that are short enough to be painted in one go.

    Each begins with the parameter that the one before ends with, and is PIECE steps of SPACING
    long, or one step if that is longer.
    """
    places = curve_parameters(points, first, last)
    part = np.asarray(points, np.float64)[first : last + 1]
    along = [np.interp(places, np.arange(first, last + 1), axis) for axis in part.T]
    steps = np.maximum(np.hypot(*np.diff(along)) / SPACING, 1) / PIECE
    piece = (np.cumsum(steps) - steps).astype(np.int64)
    cuts = [0, *(np.flatnonzero(np.diff(piece)) + 1).tolist(), len(places) - 1]
    return [places[start : end + 1] for start, end in pairwise(cuts)]


def curve_points(points: ArrayLike, places: ArrayLike) -> _Floats:
    """Return the points (m, 2) of the curve through points (n, 2) at parameters (m,), 0..n - 1."""
    every, where = np.asarray(points), np.asarray(places, np.float64)
    if len(every) == 1:
        return np.repeat(every.astype(np.float64), len(where), axis=0)
    start = np.clip(np.floor(where).astype(np.int64), 0, len(every) - 2)
    # Only the points that the result depends on, for speed on long strokes.
    low, high = max(int(start.min()) - 1, 0), int(start.max()) + 3
    return _hermite(every[low:high].astype(np.float64), start - low, where - start)


def _hermite(points: _Floats, start: NDArray[np.int64], along: _Floats) -> _Floats:
    """Return the curve's points (m, 2), the fraction `along` of the way to the next point."""
    chords = np.diff(points, axis=0)
    knots = np.maximum(np.hypot(*chords.T) ** 0.5, 1e-12)[:, np.newaxis]
    leaving, arriving = _tangents(chords, knots)
    t = along[:, np.newaxis]
    step = knots[start]
    return (  # type: ignore[no-any-return]
        (1 + 2 * t) * (1 - t) ** 2 * points[start]
        + t * (1 - t) ** 2 * step * leaving[start]
        + t**2 * (3 - 2 * t) * points[start + 1]
        - t**2 * (1 - t) * step * arriving[start]
    )


def _tangents(chords: _Floats, knots: _Floats) -> tuple[_Floats, _Floats]:
    """Return the velocity at each piece's first and last point, both (n - 1, 2)."""
    speeds = chords / knots
    velocities = speeds[:-1] + speeds[1:] - (chords[:-1] + chords[1:]) / (knots[:-1] + knots[1:])
    is_smooth = ~_corners(chords)
    none = np.zeros(1, bool)
    leaves_smoothly, arrives_smoothly = np.append(none, is_smooth), np.append(is_smooth, none)
    nothing = np.zeros((1, 2))
    leaving = np.where(leaves_smoothly[:, np.newaxis], np.append(nothing, velocities, axis=0), 0)
    arriving = np.where(arrives_smoothly[:, np.newaxis], np.append(velocities, nothing, axis=0), 0)
    # At an end or a corner: straight, or on the parabola that the other end determines.
    free_start = np.where(arrives_smoothly[:, np.newaxis], 2 * speeds - arriving, speeds)
    free_end = np.where(leaves_smoothly[:, np.newaxis], 2 * speeds - leaving, speeds)
    return (
        np.where(leaves_smoothly[:, np.newaxis], leaving, free_start),
        np.where(arrives_smoothly[:, np.newaxis], arriving, free_end),
    )


def _corners(chords: _Floats) -> NDArray[np.bool_]:
    """Return at which of the inner points (n - 2,) the pen turns too sharply for a curve."""
    before, after = chords[:-1], chords[1:]
    lengths = np.hypot(*before.T) * np.hypot(*after.T)
    sharp: NDArray[np.bool_] = (before * after).sum(axis=1) <= _CORNER * lengths
    return sharp
