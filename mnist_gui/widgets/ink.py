"""The ink on the canvas, kept as a picture so that a long drawing stays fast."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from mnist_gui.engine.strokes import Stroke

PEN_WIDTH = 0.075
"""The pen's width as a share of the canvas's side: about MNIST's strokes for a large digit."""

_INK = QColor("#ffffff")
# Stroking a long polyline in one piece takes time out of proportion to its length.
_PIECE = 16


class Ink:
    """White ink on nothing, `side` logical pixels wide and high; painted piece by piece."""

    def __init__(self) -> None:
        self.pixmap = QPixmap()
        self._side = 0
        self._ratio = 0.0

    def fit(self, side: int, ratio: float) -> bool:
        """Take on a size and a ratio of device to logical pixels; True if the ink was lost."""
        if (side, ratio) == (self._side, self._ratio):
            return False
        self._side, self._ratio = side, ratio
        pixels = max(1, round(side * ratio))
        self.pixmap = QPixmap(pixels, pixels)
        self.pixmap.setDevicePixelRatio(ratio)
        self.wipe()
        return True

    def wipe(self) -> None:
        """Take all ink away."""
        self.pixmap.fill(Qt.GlobalColor.transparent)

    def redraw(self, strokes: Iterable[Stroke]) -> None:
        """Wipe, and draw these strokes."""
        self.wipe()
        painter = self._painter()
        for stroke in strokes:
            points = [QPointF(x, y) for x, y in stroke.points.tolist()]
            for start in range(0, max(1, len(points) - 1), _PIECE):
                _draw(painter, points[start : start + _PIECE + 1])
        painter.end()

    def draw(self, points: Sequence[tuple[float, float]]) -> QRect:
        """Draw a line through the points; returns the logical pixels it changed."""
        places = [QPointF(x, y) for x, y in points]
        painter = self._painter()
        _draw(painter, places)
        painter.end()
        return self._surroundings(places)

    def _painter(self) -> QPainter:
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._side, self._side)
        painter.setPen(
            QPen(
                _INK,
                PEN_WIDTH,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        return painter

    def _surroundings(self, places: Sequence[QPointF]) -> QRect:
        x, y = [p.x() for p in places], [p.y() for p in places]
        box = QRectF(QPointF(min(x), min(y)), QPointF(max(x), max(y)))
        box.adjust(-PEN_WIDTH, -PEN_WIDTH, PEN_WIDTH, PEN_WIDTH)
        side = self._side
        return QRectF(
            box.x() * side, box.y() * side, box.width() * side, box.height() * side
        ).toAlignedRect()


def _draw(painter: QPainter, places: Sequence[QPointF]) -> None:
    if len(places) == 1:
        painter.drawPoint(places[0])
    else:
        painter.drawPolyline(places)
