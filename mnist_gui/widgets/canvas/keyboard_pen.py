"""A pen for those who draw with the keyboard."""

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from mnist_gui.widgets.canvas.canvas_tools import EraserTool, PenTool
from mnist_gui.widgets.canvas.drawing_document import DrawingDocument
from mnist_gui.widgets.canvas.pen_point import PenPoint
from mnist_gui.widgets.canvas.pointer_input import stamp_of

_STEP = 1 / 20
_MOVES = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class KeyboardPen(QObject):
    """Arrows move it, Space puts it down and lifts it, Shift has it draw a straight line.

    Where it is in the unit square shows once it was moved. `moved` comes after every move and
    every Space, `said` with what one who cannot see it should hear.
    """

    moved = Signal()
    said = Signal(str)

    def __init__(self, document: DrawingDocument, pen: PenTool, eraser: EraserTool) -> None:
        super().__init__(document)
        self.place = QPointF(0.5, 0.5)
        self.is_shown = False
        self.is_erasing = False
        self._document = document
        self._pen = pen
        self._eraser = eraser
        self._region = ""

    @property
    def is_down(self) -> bool:
        """Whether it draws."""
        return self._document.growing is not None

    def take(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False if it is none of this pen's."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is not None:
            self._move(QPointF(*move), event)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._press(self._point(event))
        else:
            return False
        self.is_shown = True
        self.moved.emit()
        return True

    def mark(self, area: QRectF) -> QRectF:
        """Return the ring to paint around the pen on a canvas with this area."""
        x = area.x() + self.place.x() * area.width()
        y = area.y() + self.place.y() * area.height()
        radius = area.width() / 25
        return QRectF(x - radius, y - radius, 2 * radius, 2 * radius)

    def _move(self, step: QPointF, event: QKeyEvent) -> None:
        there = self.place + step
        self.place = QPointF(_within(there.x()), _within(there.y()))
        if self.is_erasing:
            self._eraser.hover(self._point(event))
        else:
            self._pen.move(self._point(event))
        if self._region_in_words() != self._region:
            self._region = self._region_in_words()
            self.said.emit(self._region)

    def _press(self, point: PenPoint) -> None:
        region = self._region_in_words()
        if self.is_erasing:
            self._eraser.press(point)
            self._eraser.release()
        elif self.is_down:
            self._pen.release()
            self.said.emit(self.tr("Pen up, {place}").format(place=region))
        else:
            self._pen.press(point)
            self.said.emit(self.tr("Pen down, {place}").format(place=region))

    def _point(self, event: QKeyEvent) -> PenPoint:
        x, y = self.place.toTuple()
        straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return PenPoint(x, y, stamp_of(event), is_straight=straight)

    def _region_in_words(self) -> str:
        regions = (
            (self.tr("top left"), self.tr("top"), self.tr("top right")),
            (self.tr("left"), self.tr("centre"), self.tr("right")),
            (self.tr("bottom left"), self.tr("bottom"), self.tr("bottom right")),
        )
        return regions[_third(self.place.y())][_third(self.place.x())]


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _third(value: float) -> int:
    return min(int(3 * value), 2)
