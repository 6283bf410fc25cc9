"""The lines and curves of an SVG path; its data are read as numbers.

Source: W3C, Scalable Vector Graphics 2, chapter 9. Points are complex numbers here, x + yj.
"""

import re
from cmath import phase, rect
from collections.abc import Iterator
from itertools import pairwise
from math import ceil, pi, radians, sqrt, tan
from typing import TypeAlias

from mnist_gui.engine.drawing import check_size
from mnist_gui.engine.errors import DrawingError, FileFormatError
from mnist_gui.engine.foreign.raw import quoted

Segment: TypeAlias = tuple[complex, ...]
"""The control points of a Bézier curve: two of a straight line, three or four of a curve."""
Line: TypeAlias = list[Segment]

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TOKEN = re.compile(rf"[\s,]*+(?:([A-Za-z])|({NUMBER})|(\S))", re.ASCII)
# Two numbers of an arc are flags, with nothing between them and the next number.
_FLAG = re.compile(r"[\s,]*+(?:([A-Za-z])|([01])|(\S))", re.ASCII)
_FLAG_PLACES = (3, 4)
# How many numbers a command takes at a time.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
# Of an arc: with others, its circle could not be computed.
_SMALLEST, _LARGEST = 1e-9, 1e9


def parse_path(text: str) -> list[Line]:
    """Return the lines of a path; raises FileFormatError and DrawingError."""
    pen = _Pen()
    for count, (command, numbers) in enumerate(_commands(text)):
        check_size(count)
        pen.draw(command, numbers)
    return [line for line in pen.lines if line]


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with as many numbers as it takes at a time."""
    command, numbers, at = "", list[float](), 0
    while token := (_FLAG if _wants_flag(command, numbers) else _TOKEN).match(text, at):
        at = token.end()
        letter, number, other = token.groups()
        if number:
            numbers.append(float(number))
            if len(numbers) == _TAKES.get(command.upper()):
                yield command, numbers
                # More numbers after a move are lines.
                command, numbers = {"M": "L", "m": "l"}.get(command, command), []
            continue
        if other or numbers or letter.upper() not in _TAKES:
            raise FileFormatError("svg-path", text=quoted(text[token.start() :]))
        command = letter
        if command in "Zz":
            yield command, []
    if numbers:
        raise FileFormatError("svg-path", text=quoted(text[-10:]))


def _wants_flag(command: str, numbers: list[float]) -> bool:
    return command in ("A", "a") and len(numbers) in _FLAG_PLACES


class _Pen:
    def __init__(self) -> None:
        self.lines: list[Line] = [[]]
        self._here = self._start = 0j
        self._last: Segment = ()

    def draw(self, command: str, numbers: list[float]) -> None:
        origin = self._here if command.islower() else 0j
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        points = [origin + complex(x, y) for x, y in pairs]
        match command.upper():
            case "M":
                self._begin(points[0])
            case "H":
                self._to(complex(origin.real + numbers[0], self._here.imag))
            case "V":
                self._to(complex(self._here.real, origin.imag + numbers[0]))
            case "S":
                self._to(self._mirrored(4), *points)
            case "T":
                self._to(self._mirrored(3), *points)
            case "A":
                end = origin + complex(*numbers[5:])
                for segment in _arc(self._here, numbers, end):
                    self._to(*segment[1:])
                self._last = ()
            case "Z":
                self._to(self._start)
                self._begin(self._start)
            case _:
                self._to(*points)

    def _begin(self, point: complex) -> None:
        self.lines.append([])
        self._here = self._start = point
        self._last = ()

    def _to(self, *points: complex) -> None:
        self._last = (self._here, *points)
        self.lines[-1].append(self._last)
        self._here = points[-1]

    def _mirrored(self, kind: int) -> complex:
        """Return the last curve's handle on the other side of its end, if it was of this kind."""
        return 2 * self._here - self._last[-2] if len(self._last) == kind else self._here


def _arc(start: complex, numbers: list[float], end: complex) -> list[Segment]:
    """Return the curves of an ellipse's arc from its radii, turn in degrees, flags and end.

    Raises DrawingError. Source: Scalable Vector Graphics 2, appendix B.2.
    """
    if not all(abs(size) <= _LARGEST for size in (start.real, start.imag, *numbers)):
        raise DrawingError("stroke-point-too-far")
    across, down, degrees, is_large, is_clockwise = *map(abs, numbers[:2]), *numbers[2:5]
    if min(across, down, abs(end - start)) < _SMALLEST:
        return [(start, end)]
    turn = rect(1, radians(degrees))

    def in_circle(point: complex) -> complex:
        turned = point / turn
        return complex(turned.real / across, turned.imag / down)

    def in_path(point: complex) -> complex:
        return complex(point.real * across, point.imag * down) * turn

    # The ellipse as a circle of the radius 1, or of a larger one if that does not reach so far.
    here, there = in_circle(start), in_circle(end)
    half = (there - here) / 2
    aside = 1j * half * sqrt(max(abs(half) ** -2 - 1, 0))
    centre = here + half + (aside if is_large != is_clockwise else -aside)
    angle = phase((there - centre) / (here - centre)) % (2 * pi) - (not is_clockwise) * 2 * pi
    count = ceil(abs(angle) / (pi / 2))
    handle = 4j / 3 * tan(angle / count / 4)
    corners = [(here - centre) * rect(1, angle * place / count) for place in range(count + 1)]
    curves = [
        tuple(in_path(centre + p) for p in (near, near * (1 + handle), far * (1 - handle), far))
        for near, far in pairwise(corners)
    ]
    return [*curves[:-1], (*curves[-1][:-1], end)]
