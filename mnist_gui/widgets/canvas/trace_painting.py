"""Probability against pen time, as a small plot at the canvas' foot."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen, QPolygonF

from mnist_gui.engine.replay import PenTrace

# Less likely digits would only be a tangle at the foot of the plot.
_LEAST = 0.2
_HEIGHT = 0.24
_MARGIN = 8.0
_LABEL = 12.0
_ROUND_CORNER = 4.0
# More would not be seen in so small a plot, but thick lines of thousands take long to paint.
_MOST_POINTS = 200
_VEIL = QColor(11, 13, 16, 165)
_LINE = QColor("#3c434c")
_LIKELIEST = QColor("#56b4e9")
_OTHER = QColor("#e69f00")


def paint_trace(painter: QPainter, area: QRectF, trace: PenTrace) -> None:
    """Paint one line for each digit that was likely at some time, named where it is now."""
    plot = QRectF(area)
    plot.setTop(area.bottom() - _HEIGHT * area.height())
    painter.fillRect(plot.adjusted(1, 0, -1, -_ROUND_CORNER), _veil(plot))
    plot.adjust(_MARGIN, _MARGIN, -_MARGIN - _LABEL, -_MARGIN)
    painter.setPen(QPen(_LINE, 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    digits = trace.digits(_LEAST)
    for digit in digits:
        is_likeliest = digit == digits[-1]
        painter.setPen(QPen(_LIKELIEST if is_likeliest else _OTHER, 2 if is_likeliest else 1))
        _paint_digit(painter, plot, trace, digit)


def _some(count: int) -> NDArray[np.int64]:
    """Return the places of at most _MOST_POINTS of so many, the last among them."""
    step = -(-count // _MOST_POINTS)
    return np.arange(count - 1, -1, -step)[::-1]


def _veil(plot: QRectF) -> QLinearGradient:
    """Return a shade that lets the ink above show through less and less."""
    shade = QLinearGradient(plot.topLeft(), plot.bottomLeft())
    shade.setColorAt(0, QColor(11, 13, 16, 0))
    shade.setColorAt(0.35, _VEIL)
    return shade


def _paint_digit(painter: QPainter, plot: QRectF, trace: PenTrace, digit: int) -> None:
    across = plot.left() + plot.width() * trace.seconds / max(trace.duration, 1e-9)
    up = plot.bottom() - plot.height() * trace.probabilities[:, digit]
    some = _some(len(across))
    across, up = across[some], up[some]
    points = [QPointF(x, y) for x, y in zip(across.tolist(), up.tolist(), strict=True)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    best = int(up.argmin())
    is_now = trace.probabilities[-1, digit] >= _LEAST
    place = points[-1] + QPointF(3, 4) if is_now else points[best] + QPointF(-3, -2)
    painter.drawText(place, str(digit))
