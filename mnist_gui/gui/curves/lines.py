"""A curve as an item of a plot."""

from typing import Any

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from mnist_gui.engine.history import Curve
from mnist_gui.gui.curves.data import NO_CURVE, Values


def dot(width: float) -> QPainterPath:
    """Return a round mark."""
    path = QPainterPath()
    path.addEllipse(QPointF(), width / 2, width / 2)
    return path


def diamond(width: float) -> QPainterPath:
    """Return a mark that stands on its tip."""
    high, wide = width / 2, 0.4 * width
    path = QPainterPath()
    path.addPolygon(
        QPolygonF([QPointF(0, -high), QPointF(wide, 0), QPointF(0, high), QPointF(-wide, 0)])
    )
    return path


class CurveLine(QGraphicsItem):
    """Draws a curve in a plot's view: a line as wide as its pen, and a mark at each point.

    Widths are in the window's pixels. The line is drawn in them too, not in units of the axes: Qt
    takes four times as long for wide lines where those of the axes differ.
    """

    def __init__(self, mark: QPainterPath | None = None, *, antialiased: bool = True) -> None:
        super().__init__()
        self._mark = mark
        self._is_antialiased = antialiased
        self._pen = QPen()
        self._range = QRectF()
        self._segments: Any = PrimitiveArray(QLineF, 4)
        self.curve = NO_CURVE

    def set_pen(self, pen: QPen) -> None:
        """Draw with this pen."""
        self._pen = QPen(pen)
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.update()

    def set_curve(self, curve: Curve) -> None:
        """Draw these points."""
        self.curve = curve
        self.update()

    def set_range(self, seen: QRectF) -> None:
        """Draw in this part of the axes, which is all that is seen."""
        if seen != self._range:
            self.prepareGeometryChange()
            self._range = QRectF(seen)

    def boundingRect(self) -> QRectF:
        """Return all that is seen."""
        return self._range

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw the points that are seen, and those beside them."""
        steps, values = self.curve.steps, self.curve.values
        first, end = np.searchsorted(steps, (self._range.left(), self._range.right()))
        seen = slice(max(first - 1, 0), end + 1)
        place = painter.worldTransform()
        x = place.m11() * steps[seen] + place.dx()
        y = place.m22() * values[seen] + place.dy()
        painter.setWorldTransform(QTransform())
        if len(x) > 1:
            self._draw_line(painter, x, y)
        if self._mark is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for point in np.column_stack((x, y)).tolist():
                painter.fillPath(self._mark.translated(*point), self._pen.color())
        painter.setWorldTransform(place)

    def _draw_line(self, painter: QPainter, x: Values, y: Values) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._is_antialiased)
        engine = painter.paintEngine()
        if engine is not None and engine.type() is QPaintEngine.Type.SVG:
            painter.strokePath(_path(x, y), self._pen)
            return
        # A path of wide lines, and the dashes of a pen, take far longer than pieces.
        pen = QPen(self._pen)
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        pieces = np.column_stack((x[:-1], y[:-1], x[1:], y[1:]))
        if self._pen.style() is not Qt.PenStyle.SolidLine:
            pieces = _dashed(x, y, self._pen.widthF() * np.cumsum(self._pen.dashPattern()))
        self._segments.resize(len(pieces))
        self._segments.ndarray()[:] = pieces
        painter.drawLines(*self._segments.drawargs())


def _dashed(x: Values, y: Values, ends: Values) -> Values:
    """Return the pieces of a line that are drawn; dashes and gaps end at these lengths in turn."""
    lengths = np.append(0.0, np.hypot(np.diff(x), np.diff(y)).cumsum())
    rounds = np.arange(np.ceil(lengths[-1] / ends[-1]))
    cuts = (rounds[:, np.newaxis] * ends[-1] + ends).ravel()
    every = np.union1d(lengths, cuts[cuts < lengths[-1]])
    x, y = np.interp(every, lengths, x), np.interp(every, lengths, y)
    middles = (every[:-1] + every[1:]) / 2
    is_drawn = np.searchsorted(ends, middles % ends[-1]) % 2 == 0
    pieces: Values = np.column_stack((x[:-1], y[:-1], x[1:], y[1:]))[is_drawn]
    return pieces


def _path(x: Values, y: Values) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*point) for point in np.column_stack((x, y)).tolist()]))
    return path
