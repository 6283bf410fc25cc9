"""The ink on the canvas, kept as a picture so that a long drawing stays fast."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from mnist_gui.engine.strokes import CANVAS_PEN_WIDTH, Stroke

PEN_WIDTH = CANVAS_PEN_WIDTH
_INK = QColor("#ffffff")
# Stroking a long polyline in one piece takes time out of proportion to its length.
_PIECE = 16


class Ink:
    """White ink on nothing, `side` logical pixels wide and high; painted piece by piece."""

    def __init__(self) -> None:
        self.pixmap = QPixmap()
        self._side = 0
        self._ratio = 0.0
        self._is_forgotten = False

    def fit(self, side: int, ratio: float) -> bool:
        """Take on a size and a ratio of device to logical pixels; True if there is no ink now."""
        if (side, ratio) == (self._side, self._ratio) and not self._is_forgotten:
            return False
        self._is_forgotten = False
        self._side, self._ratio = side, ratio
        pixels = max(1, round(side * ratio))
        self.pixmap = QPixmap(pixels, pixels)
        self.pixmap.setDevicePixelRatio(ratio)
        self.wipe()
        return True

    def forget(self) -> None:
        """Have the next `fit` ask for all strokes anew."""
        self._is_forgotten = True

    def wipe(self) -> None:
        """Take all ink away."""
        self.pixmap.fill(Qt.GlobalColor.transparent)

    def redraw(self, strokes: Iterable[Stroke]) -> None:
        """Wipe, and draw these strokes."""
        self.wipe()
        self.draw(stroke.points.tolist() for stroke in strokes)

    def draw(self, lines: Iterable[Sequence[Sequence[float]]]) -> None:
        """Draw lines through points of the unit square."""
        painter = self._painter()
        for points in lines:
            self._draw_line(painter, points)
        painter.end()

    def surroundings(self, points: Sequence[Sequence[float]]) -> QRect:
        """Return the logical pixels that a line through the points changes."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, right = min(xs) - PEN_WIDTH, max(xs) + PEN_WIDTH
        top, bottom = min(ys) - PEN_WIDTH, max(ys) + PEN_WIDTH
        side = self._side
        return QRectF(
            left * side, top * side, (right - left) * side, (bottom - top) * side
        ).toAlignedRect()

    def _painter(self) -> QPainter:
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(
                _INK,
                PEN_WIDTH * self._side,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        return painter

    def _draw_line(self, painter: QPainter, points: Sequence[Sequence[float]]) -> None:
        # In pixels: a painter scaled to the unit square makes oblongs of single points.
        places = [QPointF(x * self._side, y * self._side) for x, y in points]
        if len(places) == 1:
            painter.drawPoint(places[0])
        for start in range(0, len(places) - 1, _PIECE):
            painter.drawPolyline(places[start : start + _PIECE + 1])
