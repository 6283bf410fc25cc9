"""Strokes painted anew in small pictures; the canvas keeps its own ink."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mnist_gui.engine.drawing import Stroke

# Stroking a long polyline in one piece takes time out of proportion to its length.
_PIECE = 16
# Points nearer to each other than this many pixels, or this share of the pen, make no difference
# to the eye.
_FINEST = 0.5
_FINEST_OF_PEN = 1 / 8
# Nor could more points of one stroke be told apart in so small a picture.
_MOST_POINTS = 300


def paint_strokes(
    painter: QPainter, strokes: Iterable[Stroke], place: QRectF, pen_width: float, colour: QColor
) -> None:
    """Paint strokes on the square that is their canvas; the pen's width is a share of its side."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    solid, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, pen_width * place.width(), solid, cap, join))
    for stroke in strokes:
        _paint_line(painter, _places(stroke, place, pen_width))
    painter.restore()


def _places(stroke: Stroke, place: QRectF, pen_width: float) -> list[QPointF]:
    points = stroke.points * np.float32(place.width())
    finest = max(_FINEST, _FINEST_OF_PEN * pen_width * place.width())
    moved = np.any(np.diff(np.rint(points / finest), axis=0), axis=1)
    kept = points[np.concatenate(([True], moved))]
    kept = kept[:: len(kept) // _MOST_POINTS + 1]
    return [QPointF(place.x() + x, place.y() + y) for x, y in kept.tolist()]


def _paint_line(painter: QPainter, places: list[QPointF]) -> None:
    if len(places) == 1:
        painter.drawPoint(places[0])
    for start in range(0, len(places) - 1, _PIECE):
        painter.drawPolyline(places[start : start + _PIECE + 1])
