"""Mouse, pen, touch and keyboard on the canvas."""

import time
from collections.abc import Callable
from dataclasses import replace
from math import dist

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QInputEvent,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Stroke
from mnist_gui.engine.stroke_hits import nearest_stroke, strokes_hit
from mnist_gui.gui.drawing.document import DrawingDocument, PenPoint

# A pen that comes back later than this has begun anew; so has one whose clock went back.
_LONGEST_PAUSE = 3_600.0
_REST = 0.3
# The line's own half, and as much again for a hand that is not so sure.
_REACH = CANVAS_PEN_WIDTH
# What is beneath the eraser takes some milliseconds to be found among more points than this, and is
# then found once a frame. Of more strokes than this at once, each is not undone alone.
_MANY_POINTS = 5_000
_MANY_STROKES = 10
_FRAME_MILLISECONDS = 16
# Two fingers that come down together, or nearly so, mean something other than a line.
_GESTURE_TRAVEL = 1.5 * CANVAS_PEN_WIDTH
_Kind = QEvent.Type
_DOWN = (_Kind.MouseButtonPress, _Kind.MouseButtonDblClick, _Kind.TabletPress)
_UP = (_Kind.MouseButtonRelease, _Kind.TabletRelease)
_STEP = 1 / 20
_MOVES = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class PenClock:
    """Turns the stamps of events, seconds of any clock, into seconds since a drawing's beginning.

    No stroke begins before an earlier one ended, whatever was opened, undone or drawn with a
    device that has another clock.
    """

    def __init__(self) -> None:
        self._beginning: float | None = None

    def begin_stroke(self, stamp: float, end: float | None) -> None:
        """Let a stroke begin; `end` is that of the stroke before in seconds, None for the first."""
        if end is None:
            self._beginning = stamp
        elif self._beginning is None or not 0 <= self.seconds(stamp) - end <= _LONGEST_PAUSE:
            self._beginning = stamp - end - _REST

    def seconds(self, stamp: float) -> float:
        """Return the seconds since the drawing's beginning."""
        return stamp - (self._beginning or 0.0)


class PenTool:
    """Draws strokes, and knows when."""

    def __init__(self, document: DrawingDocument) -> None:
        self._document = document
        self._clock = PenClock()

    def press(self, point: PenPoint) -> None:
        """Put the pen down."""
        drawing = self._document.drawing
        self._clock.begin_stroke(point.stamp, drawing.end if drawing else None)
        self._document.begin_stroke(self._timed(point))

    def move(self, point: PenPoint) -> None:
        """Draw on."""
        self._document.continue_stroke(self._timed(point))

    def release(self) -> None:
        """Lift the pen."""
        self._document.finish_stroke()

    def cancel(self) -> None:
        """Take the stroke back."""
        self._document.drop_stroke()

    def _timed(self, point: PenPoint) -> PenPoint:
        return replace(point, stamp=self._clock.seconds(point.stamp))


class EraserTool(QObject):
    """Takes away the strokes that it touches, and marks the one that it would take.

    `marked_changed` tells that another stroke, or none, is marked; `said` that one is gone.
    """

    marked_changed = Signal()
    said = Signal(str)

    def __init__(self, document: DrawingDocument) -> None:
        super().__init__(document)
        self._document = document
        self._last: PenPoint | None = None
        self._marked: int | None = None
        # Where the pointer was last, unless the stroke there is marked or none is to be.
        self._hovered: PenPoint | None = None
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._mark_hovered)

    @property
    def marked(self) -> Stroke | None:
        """The stroke beneath the pointer."""
        strokes = self._document.strokes
        # It may have been undone meanwhile.
        if self._marked is None or self._marked >= len(strokes):
            return None
        return strokes[self._marked]

    def hover(self, point: PenPoint) -> None:
        """Mark the stroke beneath the pointer."""
        self._hovered = point
        if not self._frame.isActive():
            self._mark_hovered()

    def leave(self) -> None:
        """Mark no stroke."""
        self._hovered = None
        self._mark(None)

    def press(self, point: PenPoint) -> None:
        """Take away the stroke beneath the pointer."""
        self._hovered = None
        self._document.finish_stroke()
        self._last = point
        nearest = nearest_stroke(self._document.drawing, point.place, _REACH)
        if nearest is not None:
            self._erase([nearest])

    def move(self, point: PenPoint) -> None:
        """Take away the strokes between here and where the pointer was last."""
        if self._last is None:
            return
        swept = strokes_hit(
            self._document.drawing, self._last.place, point.place, CANVAS_PEN_WIDTH / 2
        )
        self._last = point
        if len(swept) > _MANY_STROKES:
            self._erase(swept)
            return
        # From the last on, as each that goes moves those behind it up.
        for number in reversed(swept):
            self._erase([number])

    def release(self) -> None:
        """Touch nothing any more; what is gone can be undone."""
        self._last = None

    cancel = release

    def _erase(self, numbers: list[int]) -> None:
        self._mark(None)
        self._document.erase(numbers)
        self.said.emit(self.tr("Stroke erased"))

    @Slot()
    def _mark_hovered(self) -> None:
        if self._hovered is not None:
            place, self._hovered = self._hovered.place, None
            drawing = self._document.drawing
            self._mark(nearest_stroke(drawing, place, _REACH))
            if sum(len(stroke.points) for stroke in drawing.strokes) > _MANY_POINTS:
                self._frame.start()

    def _mark(self, number: int | None) -> None:
        if number != self._marked:
            self._marked = number
            self.marked_changed.emit()


# A tablet or a screen may tell the same once more as a mouse's click.
_ECHO_SECONDS = 0.5
_ECHO_REACH = 1 / 50
_DRAWS, _ERASES = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_MOUSE, _TABLET = "mouse", "tablet"


class PointerInput:
    """Lets one pointer at a time use the pen or the eraser.

    A pointer keeps its tool from where it is pressed until it is released; what other pointers do
    meanwhile, such as a hand that rests on the screen, is nothing. `unit` turns a place on the
    widget into one in the unit square.
    """

    def __init__(
        self,
        pen: PenTool,
        eraser: EraserTool,
        unit: Callable[[QPointF], tuple[float, float]],
    ) -> None:
        self.is_erasing = False
        # Whether the right button erases while the pen is chosen.
        self.right_erases = False
        self._pen = pen
        self._eraser = eraser
        self._unit = unit
        self._tool: PenTool | EraserTool | None = None
        # A finger's number, or the name of another pointer.
        self._holder: int | str | None = None
        self._button = Qt.MouseButton.NoButton
        # How far the finger that draws has gone, and whether it turned out to mean a gesture.
        self._travel, self._finger = 0.0, (0.0, 0.0)
        self._is_gesture = False
        # Where a tablet's pen or a finger was lifted last, and when that was told: devices have
        # clocks of their own.
        self._lifted: tuple[tuple[float, float], float] | None = None

    @property
    def right_button_is_taken(self) -> bool:
        """Whether the right button erases, so that it opens no menu."""
        return self.is_erasing or self.right_erases

    def take(self, event: QInputEvent) -> bool:
        """Do what the event asks for; False if it is none of a pointer's."""
        match event:
            case QTabletEvent():
                self._take_tablet(event)
            case QMouseEvent():
                self._take_mouse(event)
            case QTouchEvent():
                self._take_touch(event)
            case _:
                return False
        event.accept()
        return True

    def _take_mouse(self, event: QMouseEvent) -> None:
        point = self._point(event, event.position())
        if event.type() in _DOWN:
            if not self._is_echo(event, point):
                self._press(_MOUSE, point, event.button())
        elif event.type() in _UP:
            self._release(_MOUSE, event.button())
        elif self._holder == _MOUSE and not event.buttons() & self._button:
            # A menu, say, has had the release.
            self._release(_MOUSE, self._button)
        else:
            self._move(_MOUSE, point)

    def _is_echo(self, event: QMouseEvent, point: PenPoint) -> bool:
        """Whether a press of the mouse was made up of what a tablet or a finger has just done."""
        if self._lifted is None:
            return False
        place, moment = self._lifted
        is_made_up = event.source() is not Qt.MouseEventSource.MouseEventNotSynthesized
        is_here = is_made_up or dist(point.place, place) <= _ECHO_REACH
        return is_here and time.monotonic() - moment <= _ECHO_SECONDS

    def _take_tablet(self, event: QTabletEvent) -> None:
        has_pressure = event.pointingDevice().hasCapability(QInputDevice.Capability.Pressure)
        point = self._point(event, event.position(), event.pressure() if has_pressure else None)
        erases = event.pointerType() is QPointingDevice.PointerType.Eraser
        if event.type() in _DOWN:
            self._press(_TABLET, point, event.button(), erases=erases)
        elif event.type() in _UP:
            self._lifted = point.place, time.monotonic()
            self._release(_TABLET, event.button())
        else:
            self._move(_TABLET, point, erases=erases)

    def _take_touch(self, event: QTouchEvent) -> None:
        if event.type() == _Kind.TouchCancel:
            self._cancel_finger()
            return
        # The finger that draws goes first: how far it went tells what another finger means.
        for touch in sorted(event.points(), key=lambda touch: touch.id() != self._holder):
            self._take_finger(event, touch)
        if event.type() == _Kind.TouchEnd:
            self._is_gesture = False

    def _take_finger(self, event: QTouchEvent, touch: QEventPoint) -> None:
        point = self._point(event, touch.position())
        match touch.state():
            case QEventPoint.State.Pressed if isinstance(self._holder, int):
                if self._travel < _GESTURE_TRAVEL:
                    self._cancel_finger()
            case QEventPoint.State.Pressed if not self._is_gesture:
                self._travel, self._finger = 0.0, point.place
                self._press(touch.id(), point, _DRAWS)
            case QEventPoint.State.Updated if touch.id() == self._holder:
                self._travel += dist(self._finger, point.place)
                self._finger = point.place
                self._move(touch.id(), point)
            case QEventPoint.State.Released:
                self._lifted = point.place, time.monotonic()
                self._release(touch.id(), _DRAWS)

    def _cancel_finger(self) -> None:
        self._is_gesture = True
        if isinstance(self._holder, int) and self._tool is not None:
            self._tool.cancel()
            self._holder = self._tool = None

    def _press(
        self, holder: int | str, point: PenPoint, button: Qt.MouseButton, *, erases: bool = False
    ) -> None:
        if button not in self._buttons() or not point.is_on_canvas:
            return
        if self._holder == holder and self._button is button:
            # Someone else has had the release.
            self._release(holder, button)
        if self._holder is None:
            self._holder, self._button = holder, button
            erases = erases or self.is_erasing or button is _ERASES
            self._tool = self._eraser if erases else self._pen
            self._tool.press(point)

    def _buttons(self) -> tuple[Qt.MouseButton, ...]:
        return (_DRAWS, _ERASES) if self.right_button_is_taken else (_DRAWS,)

    def _move(self, holder: int | str, point: PenPoint, *, erases: bool = False) -> None:
        if self._holder == holder and self._tool is not None:
            self._tool.move(point)
        elif self._holder is None and (erases or self.is_erasing):
            self._eraser.hover(point)
        elif self._holder is None:
            self._eraser.leave()

    def _release(self, holder: int | str, button: Qt.MouseButton) -> None:
        if self._holder == holder and self._button is button and self._tool is not None:
            self._tool.release()
            self._holder = self._tool = None

    def _point(
        self, event: QInputEvent, position: QPointF, pressure: float | None = None
    ) -> PenPoint:
        return _pen_point(event, self._unit(position), pressure)


def _pen_point(
    event: QInputEvent, place: tuple[float, float], pressure: float | None = None
) -> PenPoint:
    """Return the point of an event at a place; its time is now where the platform tells none."""
    stamp = event.timestamp() / 1000 if event.timestamp() else time.monotonic()
    is_straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return PenPoint(*place, stamp, pressure, is_straight)


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
        return self._document.is_pen_down

    def take(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False if it is none of this pen's."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is not None:
            self._move(QPointF(*move), event)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._press(_pen_point(event, self.place.toTuple()))
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
        point = _pen_point(event, self.place.toTuple())
        if self.is_erasing:
            self._eraser.hover(point)
        else:
            self._pen.move(point)
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
