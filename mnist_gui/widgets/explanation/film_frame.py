"""One frame of the film strip: a drawing's strokes, or an image pixel by pixel."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Drawing
from mnist_gui.engine.preprocessing import Square
from mnist_gui.widgets.canvas.ink_line import paint_stroke
from mnist_gui.widgets.explanation.stroke_picture import paint_strokes
from mnist_gui.widgets.pixel_image import grey_image

_SLATE = QColor("#0b0d10")
_INK = QColor("#ffffff")
_MARK = QColor("#56b4e9")
_SMALLEST = 56
# With more points, smooth curves would take the window too long.
_MOST_CURVED = 1_000


class FilmFrame(QWidget):
    """Shows a square picture as large as there is room for, never blurred."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing()
        self._pen_width: float | None = None
        self._square: Square | None = None
        self._image: QImage | None = None
        self._cross: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_strokes(
        self, drawing: Drawing, pen_width: float | None = None, square: Square | None = None
    ) -> None:
        """Show strokes as they are on the canvas, and outline a square of it.

        With a pen's width, a share of the canvas, they are shown as lines of that width.
        """
        self._drawing, self._pen_width, self._square = drawing, pen_width, square
        self._image = None
        self.update()

    def show_image(self, image: NDArray[np.uint8], cross: QPointF | None = None) -> None:
        """Show an image (n, n) uint8, and a cross through a point of it, in shares of its side."""
        self._image = grey_image(image)
        self._cross = cross
        self.update()

    @property
    def picture(self) -> QRectF:
        """The picture's place, without its edge, in logical pixels."""
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def minimumSizeHint(self) -> QSize:
        """Still large enough to tell one digit from another."""
        return QSize(_SMALLEST, _SMALLEST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the edge, the slate, and the picture with its marks."""
        painter = QPainter(self)
        place = self.picture
        painter.fillRect(place.adjusted(-1, -1, 1, 1), self.palette().color(QPalette.ColorRole.Mid))
        painter.fillRect(place, _SLATE)
        if self._image is None:
            painter.setClipRect(place)
            self._paint_strokes(painter, place)
            self._paint_square(painter, place)
        else:
            painter.drawImage(place, self._image)
            self._paint_cross(painter, place)
        painter.end()

    def _paint_strokes(self, painter: QPainter, place: QRectF) -> None:
        strokes = self._drawing.strokes
        is_long = sum(len(stroke.points) for stroke in strokes) > _MOST_CURVED
        if is_long or self._pen_width is not None:
            width = self._pen_width or CANVAS_PEN_WIDTH
            paint_strokes(painter, strokes, place, width, _INK)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(place.topLeft())
        for stroke in strokes:
            paint_stroke(painter, stroke, place.width(), _INK)
        painter.restore()

    def _paint_square(self, painter: QPainter, place: QRectF) -> None:
        if self._square is None:
            return
        side = place.width()
        left, top = place.x() + self._square.left * side, place.y() + self._square.top * side
        painter.setPen(_MARK)
        painter.drawRect(QRectF(left, top, self._square.side * side, self._square.side * side))

    def _paint_cross(self, painter: QPainter, place: QRectF) -> None:
        if self._cross is None:
            return
        x = place.x() + self._cross.x() * place.width()
        y = place.y() + self._cross.y() * place.height()
        painter.setPen(_MARK)
        painter.drawLine(QLineF(x, place.top(), x, place.bottom()))
        painter.drawLine(QLineF(place.left(), y, place.right(), y))
