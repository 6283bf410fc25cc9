"""The digit with what is changed marked on it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Stroke
from mnist_gui.engine.inside.smallest_change import Changed, GradientChange, PixelChange
from mnist_gui.engine.inside.stroke_change import StrokeChange
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.images import CANVAS_COLOUR, INK_COLOUR, as_qimage
from mnist_gui.gui.common.qt import named, never_mirrored
from mnist_gui.gui.drawing.stroke_painter import paint_strokes

# On the canvas, which is dark in each theme.
_MORE, _LESS = QColor("#56b4e9"), QColor("#e69f00")
_FRAME = 2.0
_GONE_WIDTH = 0.4


class ChangePicture(QWidget):
    """Shows a digit (28, 28) and marks what is changed: pixels, ink of strokes, or all of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._before: NDArray[np.uint8] | None = None
        self._change: Changed | None = None
        is_to_be(self, QAccessible.Role.Graphic)
        named(never_mirrored(self), name, self.tr("What is changed"))

    def show_change(self, before: NDArray[np.uint8], change: Changed | None) -> None:
        """Show an image, and what is changed in it, if anything."""
        self._before, self._change = before, change
        self.update()

    @property
    def square(self) -> QRectF:
        """Where the digit is, in logical pixels."""
        side = min(self.width(), self.height()) - 2
        return QRectF(1, 1, side, side)

    def pixel_rect(self, row: int, column: int) -> QRectF:
        """Return where a pixel of the image is."""
        square = self.square
        side = square.width() / IMAGE_SIDE
        return QRectF(square.x() + column * side, square.y() + row * side, side, side)

    def sizeHint(self) -> QSize:
        """Return five pixels for each of the image's."""
        return QSize(5 * IMAGE_SIDE + 2, 5 * IMAGE_SIDE + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the digit and the marks."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        painter.fillRect(self.square, CANVAS_COLOUR)
        if self._before is not None:
            match self._change:
                case PixelChange() as change:
                    self._paint_pixels(painter, self._before, change)
                case StrokeChange() as change:
                    self._paint_strokes(painter, change)
                case GradientChange() as change:
                    self._paint_signs(painter, change)
                case _:
                    painter.drawImage(self.square, as_qimage(self._before))
        painter.end()

    def _paint_pixels(
        self, painter: QPainter, before: NDArray[np.uint8], change: PixelChange
    ) -> None:
        painter.drawImage(self.square, as_qimage(change.image))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row, column in change.pixels.tolist():
            has_more = change.image[row, column] > before[row, column]
            line = Qt.PenStyle.SolidLine if has_more else Qt.PenStyle.DotLine
            painter.setPen(QPen(_MORE if has_more else _LESS, _FRAME, line))
            painter.drawRect(self.pixel_rect(row, column).adjusted(-1, -1, 1, 1))

    def _paint_strokes(self, painter: QPainter, change: StrokeChange) -> None:
        square = self.square
        painter.setClipRect(square)
        paint_strokes(painter, change.drawing.strokes, square, CANVAS_PEN_WIDTH, INK_COLOUR)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        new = [Stroke(points) for points in change.new]
        paint_strokes(painter, new, square, CANVAS_PEN_WIDTH, _MORE)
        width = _GONE_WIDTH * CANVAS_PEN_WIDTH * square.width()
        pen = QPen(_LESS, width, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for points in change.gone:
            places = [
                QPointF(square.x() + x, square.y() + y)
                for x, y in (points * square.width()).tolist()
            ]
            painter.drawPolyline(places)
            if len(places) == 1:
                painter.drawPoint(places[0])

    def _paint_signs(self, painter: QPainter, change: GradientChange) -> None:
        full = np.full(change.signs.shape, 255, np.uint8)
        colours = diverging_colormap(self.palette())
        painter.drawImage(self.square, colours.picture(change.signs.astype(np.float64), full, 1.0))
