"""A small picture of numbers, with the numbers written into it where they fit."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.inside.passage import Numbers
from mnist_gui.engine.inside.receptive_field import Field
from mnist_gui.gui.common.access import is_to_be, paints_own_ring
from mnist_gui.gui.common.diverging import readable_on
from mnist_gui.gui.common.labels import number, tabular
from mnist_gui.gui.common.qt import arrow_delta, named
from mnist_gui.gui.inside.weight_text import signed

_EDGE = 2
_SMALLEST, _USUAL = 72, 130
_FEWEST_POINTS = 6.0
# More would only be noise.
_MOST_WRITTEN = 81

Cell = tuple[int, int]


class NumberGrid(QWidget):
    """Shows numbers as a picture, a frame round some of them, and a mark on one.

    One that is walked in takes the focus: `cell_pointed` carries the cell under the pointer, None
    when it has left; `cell_chosen` the one that was clicked or that the arrow keys came to.
    """

    cell_pointed = Signal(object)
    cell_chosen = Signal(object)

    def __init__(self, name: str, spoken: str, *, is_walked: bool = False) -> None:
        super().__init__()
        self._picture = QImage()
        self._numbers: Numbers | None = None
        self._is_signed = True
        self.frame: Field | None = None
        self.mark: Cell | None = None
        self._is_walked = is_walked
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, name, spoken)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(tabular(self.font()))
        if is_walked:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setMouseTracking(True)
            paints_own_ring(self)

    def show_picture(
        self,
        picture: QImage,
        numbers: Numbers | None = None,
        *,
        frame: Field | None = None,
        mark: Cell | None = None,
        is_signed: bool = True,
    ) -> None:
        """Show a picture (rows, columns), its numbers if they are to be written, frame and mark."""
        self._picture, self._numbers, self._is_signed = picture, numbers, is_signed
        self.frame, self.mark = frame, mark
        self.update()

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return max(1, self._picture.height()), max(1, self._picture.width())

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell is, in logical pixels."""
        inside, (rows, columns) = self._inside, self.shape
        width, height = inside.width() / columns, inside.height() / rows
        return QRectF(inside.left() + column * width, inside.top() + row * height, width, height)

    def sizeHint(self) -> QSize:
        """Return a size in which a map is seen well."""
        return QSize(_USUAL, _USUAL)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which a map is still seen."""
        return QSize(_SMALLEST, _SMALLEST)

    @property
    def _inside(self) -> QRectF:
        rows, columns = self.shape
        room = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        side = min(room.width() / columns, room.height() / rows)
        inside = QRectF(0, 0, side * columns, side * rows)
        inside.moveCenter(room.center())
        return inside

    # --- choosing ------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the cell under the pointer."""
        self.cell_pointed.emit(self._cell_at(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the pointer."""
        cell = self._cell_at(event)
        if self._is_walked and cell is not None:
            self.cell_chosen.emit(cell)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that no cell is under the pointer."""
        super().leaveEvent(event)
        self.cell_pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from cell to cell."""
        step = arrow_delta(event.key()) if self._is_walked else None
        if step is None:
            super().keyPressEvent(event)
            return
        at, shape = self.mark or (0, 0), self.shape
        row, column = (min(max(at[axis] + step[axis], 0), shape[axis] - 1) for axis in (0, 1))
        self.cell_chosen.emit((row, column))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that it has the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it has not."""
        super().focusOutEvent(event)
        self.update()

    def _cell_at(self, event: QMouseEvent) -> Cell | None:
        inside, (rows, columns) = self._inside, self.shape
        if not inside.contains(event.position()):
            return None
        at = event.position() - inside.topLeft()
        row, column = int(at.y() / inside.height() * rows), int(at.x() / inside.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, its numbers, the frame, the mark, and the edge."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        colours, inside = self.palette(), self._inside
        edge = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.fillRect(inside.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE), colours.color(edge))
        painter.drawImage(inside, self._picture)
        self._paint_numbers(painter)
        if self.frame is not None:
            first = self.cell_rect(self.frame.top, self.frame.left)
            last = self.cell_rect(self.frame.bottom - 1, self.frame.right - 1)
            outline(painter, first.united(last), colours)
        if self.mark is not None:
            outline(painter, self.cell_rect(*self.mark), colours)
        painter.end()

    def _paint_numbers(self, painter: QPainter) -> None:
        font = self._number_font()
        if font is None or self._numbers is None:
            return
        painter.setFont(font)
        for (row, column), value in np.ndenumerate(self._numbers):
            painter.setPen(readable_on(self._picture.pixelColor(column, row)))
            text = self._write(float(value))
            painter.drawText(self.cell_rect(row, column), Qt.AlignmentFlag.AlignCenter, text)

    def _write(self, value: float) -> str:
        return signed(value, 2) if self._is_signed else number(value, 2)

    def _number_font(self) -> QFont | None:
        """Return a font in which the numbers fit into their cells, None where they do not."""
        if self._numbers is None or self._numbers.size > _MOST_WRITTEN:
            return None
        font = self.font()
        metrics = QFontMetricsF(font)
        # One is always measured, so that grids side by side mostly have type of one size.
        texts = [signed(-8.88, 2), *map(self._write, self._numbers.ravel().tolist())]
        widest = max(map(metrics.horizontalAdvance, texts))
        points = font.pointSizeF() * min(1.0, (self.cell_rect(0, 0).width() - 2) / widest)
        return tabular(font, points) if points >= _FEWEST_POINTS else None


def outline(painter: QPainter, place: QRectF, colours: QPalette) -> None:
    """Frame a place so that it is seen on every picture: a dark line on a light one, or reverse."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for role, width in ((QPalette.ColorRole.Base, 4), (QPalette.ColorRole.WindowText, 2)):
        painter.setPen(QPen(colours.color(role), width))
        painter.drawRect(place)
