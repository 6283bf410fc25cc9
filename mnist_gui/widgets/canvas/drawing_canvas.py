"""The square that digits are drawn on."""

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QInputEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.replay import PenTrace
from mnist_gui.widgets.announcer import Announcer
from mnist_gui.widgets.canvas.canvas_painting import (
    EDGE,
    paint_hint,
    paint_marked,
    paint_ring,
    paint_slate,
)
from mnist_gui.widgets.canvas.canvas_tools import EraserTool, PenTool
from mnist_gui.widgets.canvas.drawing_document import DrawingDocument
from mnist_gui.widgets.canvas.ink import Ink
from mnist_gui.widgets.canvas.keyboard_pen import KeyboardPen
from mnist_gui.widgets.canvas.pointer_input import PointerInput
from mnist_gui.widgets.canvas.trace_painting import paint_trace


class DrawingCanvas(QWidget):
    """Draws with mouse, finger or pen, white on black as in MNIST.

    The document is a Drawing of strokes in the unit square. `drawing_changed` carries it after
    every change, also while a stroke is being drawn, with the stroke so far as its last one.
    `undo_text_changed` and `redo_text_changed` name the change that would be taken back or made
    again; they are empty where there is none.
    """

    drawing_changed = Signal(Drawing)
    set_aside_changed = Signal(str, bool)
    undo_text_changed = Signal(str)
    redo_text_changed = Signal(str)
    erasing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document = DrawingDocument(self)
        self._ink = Ink()
        pen, self._eraser = PenTool(document), EraserTool(document)
        self._pointer = PointerInput(pen, self._eraser, self._unit)
        self._keyboard_pen = KeyboardPen(document, pen, self._eraser)
        self._announcer = Announcer(self)
        self._shown: Drawing | None = None
        self._trace: PenTrace | None = None
        self._connect_parts()
        self._describe()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setTabletTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def drawing(self) -> Drawing:
        """What is on the canvas, with the stroke that is being drawn."""
        return self._document.drawing

    @Slot(Drawing)
    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in the place of what is there; can be undone."""
        self._document.set_drawing(drawing)

    @Slot()
    def clear(self) -> None:
        """Take everything away; can be undone."""
        if not self._document.is_empty:
            self._document.clear()
            self._announcer.say(self.tr("Cleared"))

    def set_aside(self, drawing: Drawing, name: str) -> None:
        """Take away a drawing that is kept under a name; strokes that came after it stay.

        Can be undone: `set_aside_changed` tells each time whether the one of this name is aside.
        """
        self._document.set_aside(drawing, partial(self.set_aside_changed.emit, name))

    @Slot()
    def undo(self) -> None:
        """Take the last change back: a stroke that is being drawn, or the last command."""
        self._document.undo()
        self._tell_strokes(self.tr("Undone; strokes: {number}"))

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._document.redo()
        self._tell_strokes(self.tr("Redone; strokes: {number}"))

    @Slot(bool)
    def set_erasing(self, erasing: bool) -> None:
        """Have pointers and keys take strokes away from now on, or draw them."""
        if erasing == self._pointer.is_erasing:
            return
        self._pointer.is_erasing = self._keyboard_pen.is_erasing = erasing
        self._eraser.leave()
        # Without it a mouse is told of only while a button is pressed.
        self.setMouseTracking(erasing)
        shape = Qt.CursorShape.PointingHandCursor if erasing else Qt.CursorShape.CrossCursor
        self.setCursor(shape)
        self._announcer.say(self.tr("Eraser") if erasing else self.tr("Pen"))
        self.erasing_changed.emit(erasing)

    @Slot(object)
    def show_instead(self, drawing: Drawing | None) -> None:
        """Show a drawing in place of the one that is here, which stays; None shows that again."""
        self._shown = drawing
        self._ink.forget()
        self.update()

    @Slot(object)
    def show_trace(self, trace: PenTrace | None) -> None:
        """Show what was read while the drawing grew, or no such thing."""
        self._trace = trace
        self.update()

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

    # --- what its parts tell -------------------------------------------------------------------

    def _connect_parts(self) -> None:
        document = self._document
        document.grown.connect(self._show_growth)
        document.changed.connect(self._show_document)
        document.undo_text_changed.connect(self.undo_text_changed)
        document.redo_text_changed.connect(self.redo_text_changed)
        self._eraser.marked_changed.connect(self.update)
        self._eraser.erased.connect(self._tell_erased)
        self._keyboard_pen.moved.connect(self.update)
        self._keyboard_pen.said.connect(self._announcer.say)

    @Slot()
    def _show_growth(self) -> None:
        growing = self._document.growing
        if growing is None or len(growing) == 1:
            # All of it, as the words on the empty canvas go too.
            self.update()
        else:
            self.update(self._ink.surroundings(growing).translated(self.area.topLeft()))
        self.drawing_changed.emit(self.drawing)

    @Slot()
    def _show_document(self) -> None:
        self._ink.forget()
        self.update()
        self.drawing_changed.emit(self.drawing)

    @Slot()
    def _tell_erased(self) -> None:
        self._announcer.say(self.tr("Stroke erased"))

    def _tell_strokes(self, words: str) -> None:
        self._announcer.say(words.format(number=len(self._document.strokes)))

    def _unit(self, position: QPointF) -> tuple[float, float]:
        area = self.area
        side = max(1, area.width())
        return (position.x() - area.x()) / side, (position.y() - area.y()) / side

    # --- what Qt tells -------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Give pointers what is theirs."""
        # Other events come while the canvas is being made.
        if isinstance(event, QInputEvent) and self._pointer.take(event):
            self._keyboard_pen.is_shown = False
            return True
        # Help is for those who have not begun; later it would lie over the drawing.
        if event.type() == QEvent.Type.ToolTip and not self._document.is_empty:
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark nothing without a pointer."""
        self._eraser.leave()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear, undo, redo, and draw with the keyboard."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif not self._keyboard_pen.take(event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the slate, the ink on it, and the keyboard's pen."""
        area = self.area
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_slate(painter, area, self._edge())
        if self._document.is_empty:
            paint_hint(painter, area, self.tr("Draw a digit"))
        self._paint_ink(painter, area)
        if self._trace is not None:
            paint_trace(painter, QRectF(area), self._trace)
        if self._keyboard_pen.is_shown and self.hasFocus():
            ring = self._keyboard_pen.mark(QRectF(area))
            paint_ring(painter, ring, self._edge(), is_down=self._keyboard_pen.is_down)
        painter.end()

    def _paint_ink(self, painter: QPainter, area: QRect) -> None:
        self._ink.fit(area.width(), self.devicePixelRatioF())
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        if self._shown is not None:
            self._ink.paint(painter, self._shown.strokes, None)
        else:
            self._ink.paint(painter, self._document.strokes, self._document.growing)
            if self._eraser.marked is not None:
                paint_marked(painter, self._eraser.marked, area.width())
        painter.restore()

    def _edge(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Accent) if self.hasFocus() else EDGE

    def _describe(self) -> None:
        self.setObjectName("drawing_canvas")
        self.setAccessibleName(self.tr("Drawing canvas"))
        self.setAccessibleDescription(
            self.tr(
                "The arrow keys move the pen, Space puts it down and lifts it. With Shift it "
                "draws a straight line. E changes between pen and eraser."
            )
        )
        self.setToolTip(
            self.tr(
                "Draw a digit with mouse, finger or pen, or with the arrow keys and Space. "
                "Shift draws straight lines, the right button erases, Delete or Esc clears."
            )
        )
