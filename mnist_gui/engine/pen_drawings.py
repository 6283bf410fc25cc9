"""Drawings of pen styles as different hands would make them: deformed at random, smoothly."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mnist_gui.engine.deformation import Deformation
from mnist_gui.engine.pen_styles.vocabulary import PenStyle, Strokes
from mnist_gui.engine.strokes import Drawing, Stroke

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

# Standard deviation of where a control point lies, in heights of a digit.
_JITTER = 0.035
_POINTS_PER_SPAN = 5
_WIDTH = 0.75  # of the box in which the styles are written, to its height
_LOG_ASPECT = (-0.45, 0.35)
_BEND = 0.04  # heights, standard deviation


def draw(styles: Sequence[PenStyle], random: Generator) -> list[Drawing]:
    """Return a drawing of each style, no two alike, about 1 high and in the canvas' middle.

    The same state of `random` gives the same drawings.
    """

    def between(low: float, high: float) -> float:
        return low + (high - low) * float(random.random())

    slants = random.normal(*np.array([style.slant for style in styles]).T)
    turns = np.array([style.turn for style in styles])
    return _smooth([style.strokes(between) for style in styles], slants, turns, random)


def _smooth(
    templates: list[Strokes], slants: _Floats, turns: _Floats, random: Generator
) -> list[Drawing]:
    """Turn control points into drawings, all at once: one stroke is too little work for NumPy."""
    strokes = [stroke for template in templates for stroke in template]
    lengths = np.array([len(stroke) for stroke in strokes])
    controls = np.array([point for stroke in strokes for point in stroke], np.float64)
    points, counts = _curves(_jittered(controls, random), lengths)
    owner = np.repeat(np.arange(len(templates)), [len(template) for template in templates])
    points = _deformed(points, np.repeat(owner, counts), slants, turns, random)
    lines = iter(np.split(points, np.cumsum(counts)[:-1]))
    return [Drawing(tuple(Stroke(next(lines)) for _ in template)) for template in templates]


def _jittered(controls: _Floats, random: Generator) -> _Floats:
    """Move each control point (n, 2) a little; a corner's two points stay one."""
    is_new = np.append(True, (controls[1:] != controls[:-1]).any(axis=1))
    moves = random.normal(0, _JITTER, (np.count_nonzero(is_new), 2))
    moved: _Floats = controls + moves[np.cumsum(is_new) - 1]
    return moved


def _curves(controls: _Floats, lengths: _Integers) -> tuple[_Floats, _Integers]:
    """Lay curves through the control points of strokes of these lengths.

    Returns the curves' points (n, 2), one after another, and how many each stroke has. Source: E.
    Catmull and R. Rom, A class of local interpolating splines, 1974; at its ends a stroke goes on
    as straight as it began. Between a corner's two points the pen does not move.
    """
    last = np.zeros(len(controls), bool)
    last[np.cumsum(lengths) - 1] = True
    before, after = _neighbours(controls, last)
    after_next = np.append(after[1:], after[-1:], axis=0)
    points = _spline(before, controls, after, after_next)
    halts = last | (controls == after).all(axis=1)
    keep = ~halts[:, np.newaxis] | (np.arange(_POINTS_PER_SPAN) == 0)
    stroke = np.repeat(np.arange(len(lengths)), lengths)
    return points[keep], np.bincount(stroke, keep.sum(axis=1)).astype(np.int64)


def _neighbours(controls: _Floats, last: NDArray[np.bool_]) -> tuple[_Floats, _Floats]:
    """Return each control point's predecessor and successor, continued at the strokes' ends."""
    first = np.append(True, last[:-1])[:, np.newaxis]
    before, after = np.roll(controls, 1, axis=0), np.roll(controls, -1, axis=0)
    straight_before, straight_after = 2 * controls - after, 2 * controls - before
    return (
        np.where(first, straight_before, before),
        np.where(last[:, np.newaxis], straight_after, after),
    )


def _spline(before: _Floats, start: _Floats, end: _Floats, after: _Floats) -> _Floats:
    """Return points (n, 5, 2) on the way from each start (n, 2) to, but not at, its end."""
    a, b, c, d = (points[:, np.newaxis] for points in (before, start, end, after))
    t = (np.arange(_POINTS_PER_SPAN) / _POINTS_PER_SPAN)[:, np.newaxis]
    linear, square, cube = c - a, 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a
    points: _Floats = b + (linear + (square + cube * t) * t) * t / 2
    return points


def _deformed(
    points: _Floats, owner: _Integers, slants: _Floats, turns: _Floats, random: Generator
) -> _Floats:
    """Bend, widen, slant and turn drawings, each in its own way.

    `owner` (n,) tells the drawing to which a point (n, 2) belongs; `turns` (n, 2) has the mean and
    the standard deviation of each drawing's turn.
    """
    count = len(slants)
    waves = random.normal(size=(8, count))
    waves[:4] *= _BEND
    deformation = Deformation(
        waves=waves,
        aspect=_WIDTH * np.exp(random.uniform(*_LOG_ASPECT, count)),
        slant=slants,
        turn=random.normal(turns[:, 0], turns[:, 1]),
    )
    return deformation.apply(points - 0.5, owner) + 0.5
