"""What the canvas looks like, apart from its ink."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mnist_gui.engine.drawing import Stroke
from mnist_gui.widgets.canvas.ink_line import paint_stroke

EDGE = QColor("#3c434c")
SLATE = QColor("#0b0d10")
_CHALK_MARK = QColor("#69727d")
_MARKED = QColor("#ff8a80")
_CORNER = 8.0


def paint_slate(painter: QPainter, area: QRect, edge: QColor) -> None:
    """Paint the dark square and its edge."""
    painter.setBrush(SLATE)
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)


def paint_hint(painter: QPainter, area: QRect, words: str) -> None:
    """Write what to do on an empty slate."""
    painter.setPen(_CHALK_MARK)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


def paint_marked(painter: QPainter, stroke: Stroke, side: int) -> None:
    """Paint over a stroke that would be taken away; the painter's origin is the ink's corner."""
    paint_stroke(painter, stroke, side, _MARKED)


def paint_ring(painter: QPainter, ring: QRectF, colour: QColor, *, is_down: bool) -> None:
    """Paint the ring around the keyboard's pen, firmly where it draws."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 3 if is_down else 1))
    painter.drawEllipse(ring)
