"""Drawings that are no digits: scribbles of several kinds, letters, digits' strokes in disorder."""

from collections.abc import Callable, Mapping, Sequence
from math import pi
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.letters import CAPITALS, SIGNS, SMALL_LETTERS, WRITTEN, styles, written
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.synthetic.generate import draw
from mnist_gui.engine.synthetic.shapes import DigitStyle

_Floats: TypeAlias = NDArray[np.float64]
_Make: TypeAlias = Callable[[Generator], Drawing]


def _dot(random: Generator) -> Drawing:
    place, size = random.uniform(0.1, 0.9, 2), random.uniform(0, 0.03)
    return _drawn(place + size * random.normal(size=(int(random.integers(1, 6)), 2)))


def _zigzag(random: Generator) -> Drawing:
    turns = int(random.integers(4, 14))
    along = np.linspace(0, 1, turns) * random.uniform(0.5, 2)
    across = np.where(np.arange(turns) % 2, 0.5, -0.5) * random.uniform(0.5, 1.2, turns)
    return _turned(np.stack([along, across], axis=1) + random.normal(0, 0.05, (turns, 2)), random)


def _wave(random: Generator) -> Drawing:
    along = np.linspace(0, 1, 120)
    across = 0.3 * np.sin(2 * pi * random.uniform(2, 6) * along + random.uniform(0, 2 * pi))
    return _turned(np.stack([along * random.uniform(0.7, 2), across], axis=1), random)


def _spiral(random: Generator) -> Drawing:
    turns = random.uniform(2, 5)
    angles = np.linspace(0, 2 * pi * turns, 150)
    radii = np.linspace(random.uniform(0, 0.2), 1, 150)[:, np.newaxis]
    points = radii * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return _turned(points * random.choice([1, -1], 2) * random.uniform(0.6, 1, 2), random)


def _loops(random: Generator) -> Drawing:
    angles = np.linspace(0, 2 * pi * random.uniform(3, 8), 200)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1) * random.uniform(0.3, 1, 2)
    drift = np.linspace(0, random.uniform(0.5, 3), 200)[:, np.newaxis] * [1.0, 0.0]
    return _turned(circle + drift, random)


def _walk(random: Generator) -> Drawing:
    steps = random.normal(size=(int(random.integers(30, 150)), 2))
    smooth = np.stack([np.convolve(axis, np.ones(5) / 5, "valid") for axis in steps.T], axis=1)
    return _drawn(np.cumsum(smooth, axis=0))


def _corners(random: Generator) -> Drawing:
    """Draw straight from one random place to the next."""
    return _drawn(random.random((int(random.integers(5, 15)), 2)))


def _curve(random: Generator) -> Drawing:
    """Draw a smooth curve through random places."""
    points = random.random((int(random.integers(5, 12)), 2)).tolist()
    style = DigitStyle(0, "curve", 1, lambda _between: [[(x, y) for x, y in points]])
    return draw([style], random)[0]


def _circles_and_lines(random: Generator) -> Drawing:
    angles = np.linspace(0, 2 * pi, 40)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    strokes = [
        random.random(2) + circle * random.uniform(0.1, 0.5)
        for _ in range(int(random.integers(1, 3)))
    ]
    strokes += [random.random((2, 2)) for _ in range(int(random.integers(2, 4)))]
    return Drawing(tuple(map(Stroke, strokes)))


def _lines(random: Generator) -> Drawing:
    """Draw three to seven straight lines anywhere."""
    return Drawing(tuple(Stroke(random.random((2, 2))) for _ in range(int(random.integers(3, 8)))))


def _hatching(random: Generator) -> Drawing:
    count = int(random.integers(4, 9))
    lines = [np.array([[0, at], [1, at]]) + random.normal(0, 0.04, (2, 2)) for at in range(count)]
    angle = random.uniform(0, pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    scale = np.array([1.0, 1 / count])
    return Drawing(tuple(Stroke(0.5 + (line * scale - 0.5) @ turn) for line in lines))


SCRIBBLES: Mapping[str, _Make] = {
    "dot": _dot,
    "zigzag": _zigzag,
    "wave": _wave,
    "spiral": _spiral,
    "loops": _loops,
    "random walk": _walk,
    "random corners": _corners,
    "random curve": _curve,
    "circles and lines": _circles_and_lines,
    "lines": _lines,
    "hatching": _hatching,
}

LETTERS: Mapping[str, Sequence[DigitStyle]] = {
    "capital letter": styles(CAPITALS),
    "small letter": styles(SMALL_LETTERS),
    "written letter": written(WRITTEN),
    "sign": styles(SIGNS),
}


def letters(kind: str, count: int, random: Generator) -> list[Drawing]:
    """Return drawings of a kind's letters in turn, as different hands would make them."""
    shapes = LETTERS[kind]
    return draw([shapes[place % len(shapes)] for place in range(count)], random)


def shuffled(drawing: Drawing, random: Generator) -> Drawing:
    """Return a drawing cut in four to six pieces that lie turned, in others' places."""
    points = [stroke.points.astype(np.float64) for stroke in drawing.strokes]
    total = sum(map(len, points))
    wanted = int(random.integers(4, 7))
    pieces = [
        piece
        for line in points
        for piece in np.array_split(line, max(1, round(wanted * len(line) / total)))
        if len(piece) > 1
    ]
    centres = [piece.mean(axis=0) for piece in pieces]
    places = random.permutation(len(pieces))
    strokes = []
    for piece, centre, place in zip(pieces, centres, places, strict=True):
        angle = random.uniform(0, 2 * pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        strokes.append(Stroke((piece - centre) @ turn + centres[place]))
    return Drawing(tuple(strokes))


def overlaid(one: Drawing, other: Drawing) -> Drawing:
    """Return two drawings over one another."""
    return Drawing((*one.strokes, *other.strokes))


def _drawn(points: _Floats) -> Drawing:
    return Drawing((Stroke(points),))


def _turned(points: _Floats, random: Generator) -> Drawing:
    angle = random.uniform(0, 2 * pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _drawn(points @ turn)
