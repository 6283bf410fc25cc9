"""The canvas, its painting and its tools."""

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QInputEvent,
    QKeyEvent,
    QKeySequence,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.common.access import RING_WIDTH, is_to_be, paints_own_ring
from mnist_gui.gui.common.images import CANVAS_COLOUR
from mnist_gui.gui.common.qt import Announcer, IconButton, explain, named, row
from mnist_gui.gui.drawing.document import DrawingDocument
from mnist_gui.gui.drawing.input import EraserTool, KeyboardPen, PenTool, PointerInput
from mnist_gui.gui.drawing.stroke_painter import Ink
from mnist_gui.gui.shell import WindowActions

if TYPE_CHECKING:
    from mnist_gui.engine.replay import PredictionTrace

_EDGE = QColor("#7a8490")
CHALK_MARK = QColor("#9ba6b3")
_RING = QColor("#56b4e9")
_MARKED = QColor("#ff8a80")
_CORNER = 8.0
# Less likely digits would only be a tangle at the foot of the plot.
_LEAST = 0.2
_HEIGHT = 0.24
_MARGIN = 8.0
_LABEL = 12.0
_ROUND_CORNER = 4.0
# More would not be seen in so small a plot, but thick lines of thousands take long to paint.
_MOST_POINTS = 200
_LIKELIEST = QColor("#56b4e9")
_OTHER = QColor("#e69f00")
_TITLE = QColor("#c9d1d9")


def paint_trace(painter: QPainter, area: QRectF, trace: "PredictionTrace") -> None:
    """Paint under a title a line for each digit that was likely, named where it is now."""
    # A line for the title, and one for a digit's name over its line.
    line = painter.fontMetrics().height()
    plot = QRectF(area)
    plot.setTop(area.bottom() - _HEIGHT * area.height() - 2 * line)
    # The ink above shows through less and less.
    veil = QLinearGradient(plot.topLeft(), plot.bottomLeft())
    for place, opacity in ((0.0, 0), (0.15, 190)):
        shade = QColor(CANVAS_COLOUR)
        shade.setAlpha(opacity)
        veil.setColorAt(place, shade)
    painter.fillRect(plot.adjusted(1, 0, -1, -_ROUND_CORNER), veil)
    plot.adjust(_MARGIN, 2 * line, -_MARGIN - _LABEL, -_MARGIN)
    painter.setPen(_TITLE)
    words = QCoreApplication.translate("replay", "Probability over time")
    painter.drawText(plot.topLeft() - QPointF(0, line), words)
    painter.setPen(QPen(_EDGE, 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    digits = trace.digits(_LEAST)
    for digit in digits:
        is_likeliest = digit == digits[-1]
        painter.setPen(QPen(_LIKELIEST if is_likeliest else _OTHER, 2))
        _paint_digit(painter, plot, trace, digit)


def _paint_digit(painter: QPainter, plot: QRectF, trace: "PredictionTrace", digit: int) -> None:
    across = plot.left() + plot.width() * trace.seconds / max(trace.duration, 1e-9)
    up = plot.bottom() - plot.height() * trace.probabilities[:, digit]
    # The last point is among those that are kept.
    step = -(-len(across) // _MOST_POINTS)
    across, up = across[::-step][::-1], up[::-step][::-1]
    points = [QPointF(x, y) for x, y in zip(across.tolist(), up.tolist(), strict=True)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    best = int(up.argmin())
    is_now = trace.probabilities[-1, digit] >= _LEAST
    place = points[-1] + QPointF(3, 4) if is_now else points[best] + QPointF(-3, -2)
    painter.drawText(place, str(digit))


class DrawingCanvas(QWidget):
    """Draws with mouse, finger or pen, white on black as in MNIST.

    The document is a Drawing of strokes in the unit square. `drawing_changed` carries it after
    every change, also while a stroke is being drawn, with the stroke so far as its last one.
    `menu_requested` carries the place on the screen where a menu is wanted.
    """

    drawing_changed = Signal(Drawing)
    set_aside_changed = Signal(str, bool)
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.document = document = DrawingDocument(self)
        self._ink, self._mark = Ink(), Ink(_MARKED)
        self._more_ink = QTimer(self, singleShot=True, interval=0)
        self._more_ink.timeout.connect(self.update)
        pen, self._eraser = PenTool(document), EraserTool(document)
        self._pointer = PointerInput(pen, self._eraser, self._unit)
        self._keyboard_pen = KeyboardPen(document, pen, self._eraser)
        self._announcer = Announcer(self)
        self._shown: Drawing | None = None
        self._trace: PredictionTrace | None = None
        document.grown.connect(self._show_growth)
        document.changed.connect(self._show_document)
        document.said.connect(self._announcer.say)
        document.set_aside_changed.connect(self.set_aside_changed)
        self._eraser.marked_changed.connect(self._show_mark)
        self._eraser.said.connect(self._announcer.say)
        self._keyboard_pen.moved.connect(self.update)
        self._keyboard_pen.said.connect(self._announcer.say)
        is_to_be(self, QAccessible.Role.Canvas)
        self._describe()
        paints_own_ring(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setTabletTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def drawing(self) -> Drawing:
        """What is on the canvas, with the stroke that is being drawn."""
        return self.document.drawing

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in the place of what is there; can be undone."""
        self.document.set_drawing(drawing)

    @Slot()
    def clear(self) -> None:
        """Take everything away; can be undone."""
        if not self.document.is_empty:
            self.document.erase_all()
            self._announcer.say(self.tr("Cleared"))

    def set_aside(self, drawing: Drawing, name: str) -> None:
        """Take away a drawing that is kept under a name; strokes that came after it stay.

        Can be undone: `set_aside_changed` tells each time whether the one of this name is aside.
        """
        self.document.set_aside(drawing, name)

    @Slot(bool)
    def set_erasing(self, erasing: bool) -> None:
        """Have pointers and keys take strokes away from now on, or draw them."""
        if erasing == self._pointer.is_erasing:
            return
        self._pointer.is_erasing = self._keyboard_pen.is_erasing = erasing
        self._eraser.leave()
        # Without it a mouse is told of only while a button is pressed.
        self.setMouseTracking(erasing)
        shapes = Qt.CursorShape
        self.setCursor(shapes.PointingHandCursor if erasing else shapes.CrossCursor)
        self._announcer.say(self.tr("Eraser") if erasing else self.tr("Pen"))

    @Slot(bool)
    def set_right_erasing(self, erasing: bool) -> None:
        """Have the right button erase while the pen is chosen, or open the menu."""
        self._pointer.right_erases = erasing

    def show_instead(self, drawing: Drawing | None) -> None:
        """Show a drawing in place of the one that is here, which stays; None shows that again."""
        self._shown = drawing
        self._ink.forget()
        self.update()

    def show_trace(self, trace: "PredictionTrace | None") -> None:
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
        return QSize(200, 200)

    def minimumSizeHint(self) -> QSize:
        """Still large enough to draw on."""
        return QSize(160, 160)

    # --- what its parts tell -------------------------------------------------------------------

    @Slot()
    def _show_growth(self) -> None:
        growing = self.document.growing
        if growing is None or len(growing) == 1:
            # All of it, as the words on the empty canvas go too.
            self.update()
        else:
            self.update(self._ink.surroundings(growing).translated(self.area.topLeft()))
        self.drawing_changed.emit(self.drawing)

    @Slot()
    def _show_mark(self) -> None:
        self._mark.forget()
        self.update()

    @Slot()
    def _show_document(self) -> None:
        self._ink.forget()
        self._mark.forget()
        self.update()
        self.drawing_changed.emit(self.drawing)

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
        if event.type() == QEvent.Type.ToolTip and not self.document.is_empty:
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, unless the right button erases; then the menu key still does."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        if by_mouse and self._pointer.right_button_is_taken:
            return
        place = event.globalPos() if by_mouse else self.mapToGlobal(self.area.center())
        self.menu_requested.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark nothing without a pointer."""
        self._eraser.leave()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear, undo, redo, and draw with the keyboard."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.document.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.document.redo()
        elif not self._keyboard_pen.take(event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the slate, the ink on it, and the keyboard's pen."""
        area = self.area
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = _RING if self.hasFocus() else _EDGE
        painter.setBrush(CANVAS_COLOUR)
        width = RING_WIDTH if self.hasFocus() else 1
        inset = width / 2
        painter.setPen(QPen(edge, width))
        place = QRectF(area).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(place, _CORNER, _CORNER)
        if self.document.is_empty:
            painter.setPen(CHALK_MARK)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("Draw a digit"))
        self._paint_ink(painter, area)
        if self._trace is not None:
            paint_trace(painter, QRectF(area), self._trace)
        if self._keyboard_pen.is_shown and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(edge, 3 if self._keyboard_pen.is_down else 1))
            painter.drawEllipse(self._keyboard_pen.mark(QRectF(area)))
        painter.end()

    def _paint_ink(self, painter: QPainter, area: QRect) -> None:
        self._ink.fit(area.width(), self.devicePixelRatioF())
        # Where the window is being laid out, there may be several paintings in one turn of the
        # event loop.
        waits = self._more_ink.isActive()
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        if self._shown is not None:
            self._ink.paint(painter, self._shown.strokes, None, waits=waits)
        else:
            strokes, growing = self.document.strokes, self.document.growing
            self._ink.paint(painter, strokes, growing, waits=waits)
            if self._eraser.marked is not None:
                self._mark.fit(area.width(), self.devicePixelRatioF())
                self._mark.paint(painter, [self._eraser.marked], None, waits=waits)
        if not (self._ink.is_complete and self._mark.is_complete):
            self._more_ink.start()
        painter.restore()

    def _describe(self) -> None:
        named(self, "drawing_canvas", self.tr("Drawing canvas"))
        explain(
            self,
            self.tr(
                "Draw a digit with mouse, finger or pen, or with the arrow keys and Space. "
                "Shift draws straight lines, E takes the eraser, Delete or Esc clears, the right "
                "button opens a menu."
            ),
        )
        self.setAccessibleDescription(
            self.tr(
                "The arrow keys move the pen, Space puts it down and lifts it. With Shift it "
                "draws a straight line. E changes between pen and eraser."
            )
        )


class ToolRow(QWidget):
    """Undo, redo, erase, clear, replay; each is offered where there is something to do."""

    def __init__(self, canvas: DrawingCanvas, actions: WindowActions) -> None:
        super().__init__()
        row(
            (IconButton(actions.undo, "undo_button", self.tr("Undo")), 1),
            (IconButton(actions.redo, "redo_button", self.tr("Redo")), 1),
            (IconButton(actions.erase, "erase_button"), 1),
            (IconButton(actions.clear, "clear_button"), 1),
            (IconButton(actions.replay, "replay_button"), 1),
            parent=self,
            spacing=6,
        )
        canvas.addActions([actions.erase, actions.clear, actions.replay])
        actions.undo_group.addStack(canvas.document)
        canvas.document.setActive()
        actions.erase.toggled.connect(canvas.set_erasing)
        actions.clear.triggered.connect(canvas.clear)
        canvas.drawing_changed.connect(actions.follow_drawing)
