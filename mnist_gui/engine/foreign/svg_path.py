"""The lines and curves of an SVG path; its data are read as numbers.

Source: W3C, Scalable Vector Graphics 2, chapter 9. Points are complex numbers here, x + yj.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from mnist_gui.engine.drawing import check_size
from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.foreign.raw import quoted

Segment: TypeAlias = tuple[complex, ...]
"""The control points of a Bézier curve: two of a straight line, three or four of a curve."""
Line: TypeAlias = list[Segment]

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TOKEN = re.compile(rf"([A-Za-z])|({NUMBER})|([^\s,])", re.ASCII)
# How many numbers a command takes at a time.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}


def parse_path(text: str) -> list[Line]:
    """Return the lines of a path; raises FileFormatError and DrawingError."""
    pen = _Pen()
    for count, (command, numbers) in enumerate(_commands(text)):
        check_size(count)
        pen.draw(command, numbers)
    return [line for line in pen.lines if line]


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with as many numbers as it takes at a time."""
    command, numbers = "", list[float]()
    for token in _TOKEN.finditer(text):
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
