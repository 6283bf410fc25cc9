"""The parts of digit styles: points in a box of about 0..1, x to the right and y down."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Strokes: TypeAlias = list[list[Point]]
"""The control points of each stroke, which is a smooth curve through them."""

Between: TypeAlias = Callable[[float, float], float]
"""Returns a new random number from `low` to `high`."""


@dataclass(frozen=True, slots=True)
class DigitStyle:
    """One way to write a digit; `weight` is its frequency relative to the digit's other styles.

    `slant` are the mean and the standard deviation of the lean to the right, in widths per height;
    `turn` those of the clockwise rotation in radians.
    """

    digit: int
    name: str
    weight: float
    strokes: Callable[[Between], Strokes]
    slant: tuple[float, float] = (0.12, 0.2)
    turn: tuple[float, float] = (0.0, 0.1)


def corner(x: float, y: float) -> tuple[Point, Point]:
    """Return a point twice: there the curve has a sharp corner."""
    return (x, y), (x, y)


def ring(centre: Point, size: Point, *, start: float = 0, turns: float = 1) -> list[Point]:
    """Return an ellipse of this centre and size, from its top to the left and on.

    `start` and `turns` are in whole turns; each turn has eight points.
    """
    (x, y), (width, height) = centre, size
    angles = [2 * pi * (start + turns * step / 8) for step in range(9)]
    return [(x - width / 2 * sin(angle), y - height / 2 * cos(angle)) for angle in angles]
