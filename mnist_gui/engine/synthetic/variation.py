"""Vary strokes as hands and devices do, whatever they draw.

Strokes come one after another in one array: `lengths` (m,) are their numbers of points, `owner`
(m,) the index of each one's drawing.
"""

from math import cos, pi, sin
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mnist_gui.engine.synthetic.curves import neighbours
from mnist_gui.engine.synthetic.shapes import Between, Point, Strokes, corner

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

# Lengths in heights of a digit.
_JOINED_SHARE = 0.08
_LONGEST_JOINT = 0.6
_HOOKED_SHARE = 0.12
_HOOKS = (0.03, 0.13)
_ROUNDED_SHARE = 0.5
_MOST_ROUNDED = 0.35  # of the way to the next point
_LENGTHENED = 0.12  # of the way to the next point, standard deviation
_STROKE_SHAPE = 0.05  # standard deviation of what its width, height, lean and turn are
_STROKE_PLACE = 0.03  # standard deviation
# How many points of a curve make one of the drawing, as often as each stands here.
_SAMPLED = (1, 1, 1, 2, 3, 5)


def joined(strokes: Strokes, between: Between) -> Strokes:
    """Draw a few strokes on from the one before without lifting the pen, where it is not far."""
    result = strokes[:1]
    for stroke in strokes[1:]:
        (x, y), (from_x, from_y) = stroke[0], result[-1][-1]
        is_near = (x - from_x) ** 2 + (y - from_y) ** 2 < _LONGEST_JOINT**2
        if is_near and between(0, 1) < _JOINED_SHARE:
            start, end = corner(from_x, from_y), corner(x, y)
            result[-1] = [*result[-1][:-1], *start, *end, *stroke[1:]]
        else:
            result.append(stroke)
    return result


def hooked(strokes: Strokes, between: Between) -> Strokes:
    """Begin or end some strokes in a small hook, as a pen does that comes or leaves in a hurry."""
    result = []
    for stroke in strokes:
        start = [_hook(stroke[0], between)] if between(0, 1) < _HOOKED_SHARE else []
        end = [_hook(stroke[-1], between)] if between(0, 1) < _HOOKED_SHARE else []
        result.append([*start, *stroke, *end])
    return result


def _hook(end: Point, between: Between) -> Point:
    angle, size = between(0, 2 * pi), between(*_HOOKS)
    return end[0] + size * cos(angle), end[1] + size * sin(angle)


def rounded(controls: _Floats, lengths: _Integers, owner: _Integers, random: Generator) -> _Floats:
    """Round the corners of some drawings: the two equal points (n, 2) of each one part."""
    before, after, _ = neighbours(controls, lengths)
    shares = random.uniform(0, _MOST_ROUNDED, owner[-1] + 1)
    shares *= random.random(len(shares)) < _ROUNDED_SHARE
    share = np.repeat(shares[owner], lengths)[:, np.newaxis]
    is_first = (controls == after).all(axis=1, keepdims=True)
    is_second = (controls == before).all(axis=1, keepdims=True)
    result: _Floats = controls + share * (
        is_first * (before - controls) + is_second * (after - controls)
    )
    return result


def lengthened(controls: _Floats, lengths: _Integers, random: Generator) -> _Floats:
    """Lengthen or shorten each stroke a little at both of its ends."""
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    result = controls.copy()
    # A dot has no direction.
    inner = np.minimum(lengths - 1, 1)
    for ends, next_ones in ((first, first + inner), (last, last - inner)):
        share = random.normal(0, _LENGTHENED, (len(ends), 1)).clip(-0.3, 0.4)
        result[ends] += share * (controls[ends] - controls[next_ones])
    return result


def moved_apart(points: _Floats, lengths: _Integers, random: Generator) -> _Floats:
    """Move, widen, lean and turn each stroke by itself, a little."""
    first = np.cumsum(lengths) - lengths
    centre = np.add.reduceat(points, first) / lengths[:, np.newaxis]
    shape = np.eye(2) + random.normal(0, _STROKE_SHAPE, (len(lengths), 2, 2))
    place = centre + random.normal(0, _STROKE_PLACE, centre.shape)
    stroke = np.repeat(np.arange(len(lengths)), lengths)
    moved: _Floats = np.einsum("nij,nj->ni", shape[stroke], points - centre[stroke])
    return moved + place[stroke]


def sampled(
    points: _Floats, lengths: _Integers, owner: _Integers, random: Generator
) -> tuple[_Floats, _Integers]:
    """Leave out points (n, 2) as slow devices do, never ends; return the new lengths, too."""
    every = random.choice(_SAMPLED, owner[-1] + 1)[owner]
    last = np.cumsum(lengths) - 1
    stroke = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(points)) - (last - lengths + 1)[stroke]
    keep = place % every[stroke] == 0
    keep[last] = True
    return points[keep], np.bincount(stroke[keep], minlength=len(lengths)).astype(np.int64)
