"""Transforms of SVG: where the units of an element lie in those of the one around it.

Source: W3C, CSS Transforms 1, chapter 8. A matrix (a, b, c, d, e, f) takes x, y to
a x + c y + e, b x + d y + f.
"""

import re
from collections.abc import Callable
from math import cos, radians, sin, tan
from typing import TypeAlias

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.foreign.raw import quoted
from mnist_gui.engine.foreign.svg_path import NUMBER

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_LONGEST = 1_000
SAME: Matrix = (1, 0, 0, 1, 0, 0)

_FUNCTION = re.compile(r"([A-Za-z]++)\s*+\(([^()]*)\)")
_BETWEEN = ", \t\r\n\f"


def transform(text: str, around: Matrix) -> Matrix:
    """Return the matrix of a text such as "translate(3 4) scale(2)" within another one.

    Raises FileFormatError.
    """
    matrix = around
    if text == "none":
        return matrix
    # Looking for the functions of a long text could take time out of proportion.
    for name, arguments in _FUNCTION.findall(text[:_LONGEST]):
        numbers = [float(number) for number in re.findall(NUMBER, arguments, re.ASCII)]
        make = _MATRICES.get((name, len(numbers)))
        if make is None:
            raise FileFormatError("svg-attribute", name="transform", text=quoted(text))
        matrix = _product(matrix, make(*numbers))
    if len(text) > _LONGEST or _FUNCTION.sub("", text).strip(_BETWEEN):
        raise FileFormatError("svg-attribute", name="transform", text=quoted(text))
    return matrix


def moved(point: complex, matrix: Matrix) -> complex:
    """Return a point, x + yj, in the units around."""
    a, b, c, d, e, f = matrix
    return complex(a * point.real + c * point.imag + e, b * point.real + d * point.imag + f)


def _product(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix of the inner transform, then the outer one."""
    a, b, c, d, e, f = inner
    linear: Matrix = (*outer[:4], 0, 0)
    right, down = (moved(axis, linear) for axis in (complex(a, b), complex(c, d)))
    shift = moved(complex(e, f), outer)
    return right.real, right.imag, down.real, down.imag, shift.real, shift.imag


def _rotation(degrees: float, x: float = 0, y: float = 0) -> Matrix:
    """Return a turn around a point."""
    turn = radians(degrees % 360)
    c, s = cos(turn), sin(turn)
    return c, s, -s, c, x - c * x + s * y, y - s * x - c * y


_MATRICES: dict[tuple[str, int], Callable[..., Matrix]] = {
    ("matrix", 6): lambda *values: values,
    ("translate", 1): lambda x: (1, 0, 0, 1, x, 0),
    ("translate", 2): lambda x, y: (1, 0, 0, 1, x, y),
    ("scale", 1): lambda share: (share, 0, 0, share, 0, 0),
    ("scale", 2): lambda x, y: (x, 0, 0, y, 0, 0),
    ("rotate", 1): _rotation,
    ("rotate", 3): _rotation,
    ("skewX", 1): lambda degrees: (1, 0, tan(radians(degrees % 180)), 1, 0, 0),
    ("skewY", 1): lambda degrees: (1, tan(radians(degrees % 180)), 0, 1, 0, 0),
}
