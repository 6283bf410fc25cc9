"""What styles of writing are made of: curves in a box of about 0..1, x to the right and y down."""

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


def path(text: str) -> Callable[[Between], Strokes]:
    """Return what draws the strokes of a text: points "x y" in hundredths, "/" between strokes.

    "a~b" in place of a number is a random one between the two. A point with a "!" is a corner.
    """
    strokes = [list(map(_parsed_point, stroke.split("  "))) for stroke in text.split(" / ")]

    def draw(between: Between) -> Strokes:
        def number(low: float, high: float) -> float:
            return low if low == high else between(low, high)

        return [
            [point for x, y, times in stroke for point in times * [(number(*x), number(*y))]]
            for stroke in strokes
        ]

    return draw


def _parsed_point(text: str) -> tuple[Point, Point, int]:
    """Return the bounds of x and those of y, and how often the point stands."""
    bounds = [[int(each) / 100 for each in word.split("~")] for word in text.strip("!").split()]
    x, y = ((each[0], each[-1]) for each in bounds)
    return x, y, 2 if text.endswith("!") else 1
