"""The square that digits are drawn on."""

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTabletEvent,
    QTouchEvent,
    QUndoStack,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.strokes import Drawing, Stroke
from mnist_gui.widgets.canvas_commands import AddStroke, ReplaceStrokes, SetAside
from mnist_gui.widgets.growing_stroke import GrowingStroke
from mnist_gui.widgets.ink import Ink
from mnist_gui.widgets.keyboard_pen import KeyboardPen

_SLATE = QColor("#0b0d10")
_CHALK_MARK = QColor("#69727d")
_EDGE = QColor("#3c434c")
_CORNER = 8.0
_UNDO_LIMIT = 200


class DrawingCanvas(QWidget):
    """Draws with mouse, finger or pen, white on black as in MNIST.

    The document is a Drawing of strokes in the unit square. `drawing_changed` carries it after
    every change, also while a stroke is being drawn, with the stroke so far as its last one.
    """

    drawing_changed = Signal(Drawing)
    set_aside_changed = Signal(str, bool)
    undo_available_changed = Signal(bool)
    redo_available_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        self._growing: GrowingStroke | None = None
        self._ink = Ink()
        # Lines not yet in the ink: a pen may report more often than the screen is painted.
        self._wet: list[list[tuple[float, float]]] = []
        self._keyboard_pen = KeyboardPen()
        self._undo_stack = QUndoStack(self)
        self._undo_stack.setUndoLimit(_UNDO_LIMIT)
        self._undo_stack.canUndoChanged.connect(self.undo_available_changed)
        self._undo_stack.canRedoChanged.connect(self.redo_available_changed)
        self.setObjectName("drawing_canvas")
        self.setAccessibleName(self.tr("Drawing canvas"))
        self.setAccessibleDescription(
            self.tr("The arrow keys move the pen, Space puts it down and lifts it.")
        )
        self.setToolTip(
            self.tr(
                "Draw a digit with mouse, finger or pen, or with the arrow keys and Space. "
                "Delete or Esc clears."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def drawing(self) -> Drawing:
        """What is on the canvas, with the stroke that is being drawn."""
        strokes = tuple(self._strokes)
        if self._growing is not None:
            strokes = (*strokes, self._growing.stroke())
        return Drawing(strokes)

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in the place of what is there; can be undone."""
        self._replace(self.tr("Replace the drawing"), drawing.strokes)

    @Slot()
    def clear(self) -> None:
        """Take everything away; can be undone."""
        if self._strokes or self._growing is not None:
            self._finish_stroke()
            self._replace(self.tr("Clear the drawing"), ())

    def set_aside(self, drawing: Drawing, name: str) -> None:
        """Take away a drawing that is kept under a name; strokes that came after it stay.

        Can be undone: `set_aside_changed` tells each time whether the one of this name is aside.
        """
        count = len(drawing.strokes)
        if tuple(self._strokes[:count]) == drawing.strokes:
            tell = partial(self.set_aside_changed.emit, name)
            rest = tuple(self._strokes[count:])
            text = self.tr("Set the drawing aside")
            self._undo_stack.push(SetAside(text, self._strokes, rest, tell))
            self._show_document()

    @Slot()
    def undo(self) -> None:
        """Take the last change back: a stroke that is being drawn, or the last command."""
        if self._growing is not None:
            self._drop_stroke()
        elif self._undo_stack.canUndo():
            self._undo_stack.undo()
            self._show_document()

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._growing is None and self._undo_stack.canRedo():
            self._undo_stack.redo()
            self._show_document()

    @property
    def area(self) -> QRect:
        """The square that is drawn on, in the widget's logical pixels."""
        side = min(self.width(), self.height())
        return QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def sizeHint(self) -> QSize:
        """A square of comfortable size."""
        return QSize(300, 300)

    def minimumSizeHint(self) -> QSize:
        """Still large enough to draw on."""
        return QSize(160, 160)

    # --- the pen -------------------------------------------------------------------------------

    def _begin_stroke(self, position: QPointF) -> None:
        if not self.area.contains(position.toPoint()):
            return
        self._finish_stroke()
        self._keyboard_pen.is_shown = False
        self._start_line(*self._unit(position))

    def _start_line(self, x: float, y: float) -> None:
        self._growing = GrowingStroke(x, y)
        self._wet.append([(x, y)])
        # All of it, as the words on the empty canvas go too.
        self.update()
        self.drawing_changed.emit(self.drawing)

    def _continue_stroke(self, position: QPointF) -> None:
        self._draw_line(self._unit(position))

    def _draw_line(self, now: tuple[float, float]) -> None:
        if self._growing is None:
            return
        before = self._growing.last
        if self._growing.add(*now):
            if not self._wet:
                self._wet.append([before])
            self._wet[-1].append(now)
            self.update(self._ink.surroundings((before, now)).translated(self.area.topLeft()))
            self.drawing_changed.emit(self.drawing)

    def _finish_stroke(self) -> None:
        if self._growing is None:
            return
        stroke = self._growing.stroke()
        self._growing = None
        self._undo_stack.push(AddStroke(self.tr("Draw a stroke"), self._strokes, stroke))

    def _drop_stroke(self) -> None:
        self._growing = None
        self._show_document()

    def _replace(self, text: str, strokes: tuple[Stroke, ...]) -> None:
        self._growing = None
        self._undo_stack.push(ReplaceStrokes(text, self._strokes, strokes))
        self._show_document()

    def _show_document(self) -> None:
        self._ink.forget()
        self.update()
        self.drawing_changed.emit(self.drawing)

    def _unit(self, position: QPointF) -> tuple[float, float]:
        area = self.area
        side = max(1, area.width())
        return (position.x() - area.x()) / side, (position.y() - area.y()) / side

    def _complete_ink(self) -> None:
        if self._ink.fit(self.area.width(), self.devicePixelRatioF()):
            self._ink.redraw(self.drawing.strokes)
        else:
            self._ink.draw(self._wet)
        self._wet.clear()

    # --- what Qt tells -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin_stroke(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._continue_stroke(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._finish_stroke()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen; accepting keeps Qt from sending the same as a mouse."""
        event.accept()
        match event.type():
            case QEvent.Type.TabletPress:
                self._begin_stroke(event.position())
            case QEvent.Type.TabletMove:
                self._continue_stroke(event.position())
            case QEvent.Type.TabletRelease:
                self._finish_stroke()

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger; other fingers do nothing."""
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> bool:
        if event.type() == QEvent.Type.TouchCancel:
            self._drop_stroke()
            return True
        point = event.points()[0]
        match point.state():
            case QEventPoint.State.Pressed:
                self._begin_stroke(point.position())
            case QEventPoint.State.Updated:
                self._continue_stroke(point.position())
            case QEventPoint.State.Released:
                self._finish_stroke()
        event.accept()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear, undo, redo, and draw with the keyboard."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.key() == Qt.Key.Key_Space:
            self._lift_or_lower_keyboard_pen()
        elif not self._move_keyboard_pen(event.key()):
            super().keyPressEvent(event)

    def _move_keyboard_pen(self, key: int) -> bool:
        moved = self._keyboard_pen.move(key)
        if moved:
            self._draw_line(self._keyboard_pen.place.toTuple())
            self.update()
        return moved

    def _lift_or_lower_keyboard_pen(self) -> None:
        self._keyboard_pen.is_shown = True
        if self._growing is None:
            self._start_line(*self._keyboard_pen.place.toTuple())
        else:
            self._finish_stroke()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the slate, the ink on it, and its edge."""
        self._complete_ink()
        area = self.area
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(_SLATE)
        painter.setPen(QPen(self._edge(), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        if self._strokes or self._growing is not None:
            painter.drawPixmap(area.topLeft(), self._ink.pixmap)
        else:
            painter.setPen(_CHALK_MARK)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("Draw a digit"))
        if self._keyboard_pen.is_shown and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._edge(), 1 if self._growing is None else 3))
            painter.drawEllipse(self._keyboard_pen.mark(QRectF(area)))
        painter.end()

    def _edge(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Accent) if self.hasFocus() else _EDGE
