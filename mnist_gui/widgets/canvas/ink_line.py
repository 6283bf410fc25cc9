"""A stroke as the line that the canvas shows: the pen's smooth way, as wide as its pressure."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Stroke
from mnist_gui.engine.geometry import curve_at, places_between

_Floats: TypeAlias = NDArray[np.float64]

PIECE = 128
"""How many places of a line are painted in one go.

A longer line may take time out of proportion to its length; where two pieces meet, the edges of
both are painted, so that there the line's edge is a little harder than elsewhere.
"""

# The lightest touch is half as wide as a hand at ease, the firmest half as wide again.
_LIGHTEST = 0.5

WIDEST = CANVAS_PEN_WIDTH * (1 + _LIGHTEST)
"""The width of the firmest line, as a share of the canvas' side."""


def paint_stroke(
    painter: QPainter, stroke: Stroke, side: float, colour: QColor, *, first: int = 0
) -> None:
    """Paint a stroke from its point `first` on, on a canvas with this side."""
    paint_part(painter, stroke, side, colour, first=first, last=len(stroke.points) - 1)


def paint_part(
    painter: QPainter, stroke: Stroke, side: float, colour: QColor, *, first: int, last: int
) -> None:
    """Paint a stroke between two of its points, as it is within the whole of it."""
    places = places_between(stroke.points, first, last)
    # In pixels: a painter scaled to the unit square makes oblongs of single points.
    line = [QPointF(x, y) for x, y in (curve_at(stroke.points, places) * side).tolist()]
    if stroke.pressures is None:
        painter.setPen(_pen(colour, CANVAS_PEN_WIDTH * side))
        _paint_line(painter, line)
        return
    widths = _widths(stroke.pressures, places) * side
    if len(line) == 1:
        line.append(line[0])
    for start, end, width in zip(line, line[1:], widths.tolist(), strict=False):
        painter.setPen(_pen(colour, width))
        _paint_line(painter, [start, end] if start != end else [start])


def places_on(stroke: Stroke, *, first: int, last: int) -> int:
    """Return how many places stand for the stroke between two of its points."""
    return len(places_between(stroke.points, first, last))


def _widths(pressures: NDArray[np.float32], places: _Floats) -> _Floats:
    """Return the line's width (m,) at places along it, in shares of the canvas' side."""
    there = np.interp(places, np.arange(len(pressures)), pressures)
    return CANVAS_PEN_WIDTH * (_LIGHTEST + there)


def _paint_line(painter: QPainter, line: list[QPointF]) -> None:
    if len(line) == 1:
        painter.drawPoint(line[0])
    for start in range(0, len(line) - 1, PIECE):
        painter.drawPolyline(line[start : start + PIECE + 1])


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(
        colour,
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )
