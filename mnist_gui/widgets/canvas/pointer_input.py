"""Mouse, fingers and tablet on the canvas, each turned into what a tool does."""

import time
from collections.abc import Callable
from math import hypot

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QInputEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH
from mnist_gui.widgets.canvas.canvas_tools import EraserTool, PenTool, Tool
from mnist_gui.widgets.canvas.pen_point import PenPoint

# Two fingers that come down together, or nearly so, mean something other than a line.
_GESTURE_TRAVEL = 1.5 * CANVAS_PEN_WIDTH

_Kind = QEvent.Type
_DOWN = (_Kind.MouseButtonPress, _Kind.MouseButtonDblClick, _Kind.TabletPress)
_UP = (_Kind.MouseButtonRelease, _Kind.TabletRelease)
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
        self._pen = pen
        self._eraser = eraser
        self._unit = unit
        self._tool: Tool | None = None
        # A finger's number, or the name of another pointer.
        self._holder: int | str | None = None
        self._button = Qt.MouseButton.NoButton
        self._fingers = _Fingers()

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
            self._press(_MOUSE, point, event.button(), erases=self.is_erasing)
        elif event.type() in _UP:
            self._release(_MOUSE, event.button())
        elif self._holder == _MOUSE and not event.buttons() & self._button:
            # A menu, say, has had the release.
            self._release(_MOUSE, self._button)
        else:
            self._move(_MOUSE, point, erases=self.is_erasing)

    def _take_tablet(self, event: QTabletEvent) -> None:
        has_pressure = event.pointingDevice().hasCapability(QInputDevice.Capability.Pressure)
        point = self._point(event, event.position(), event.pressure() if has_pressure else None)
        erases = self.is_erasing or event.pointerType() is QPointingDevice.PointerType.Eraser
        if event.type() in _DOWN:
            self._press(_TABLET, point, event.button(), erases=erases)
        elif event.type() in _UP:
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
            self._fingers.is_gesture = False

    def _take_finger(self, event: QTouchEvent, touch: QEventPoint) -> None:
        point = self._point(event, touch.position())
        match touch.state():
            case QEventPoint.State.Pressed if isinstance(self._holder, int):
                if self._fingers.travel < _GESTURE_TRAVEL:
                    self._cancel_finger()
            case QEventPoint.State.Pressed if not self._fingers.is_gesture:
                self._fingers.begin(point)
                self._press(touch.id(), point, _DRAWS, erases=self.is_erasing)
            case QEventPoint.State.Updated if touch.id() == self._holder:
                self._fingers.go_on(point)
                self._move(touch.id(), point, erases=self.is_erasing)
            case QEventPoint.State.Released:
                self._release(touch.id(), _DRAWS)

    def _cancel_finger(self) -> None:
        self._fingers.is_gesture = True
        if isinstance(self._holder, int) and self._tool is not None:
            self._tool.cancel()
            self._holder = self._tool = None

    def _press(
        self, holder: int | str, point: PenPoint, button: Qt.MouseButton, *, erases: bool
    ) -> None:
        if button not in (_DRAWS, _ERASES) or not point.is_on_canvas:
            return
        if self._holder == holder and self._button is button:
            # Someone else has had the release.
            self._release(holder, button)
        if self._holder is None:
            self._holder, self._button = holder, button
            self._tool = self._eraser if erases or button is _ERASES else self._pen
            self._tool.press(point)

    def _move(self, holder: int | str, point: PenPoint, *, erases: bool) -> None:
        if self._holder == holder and self._tool is not None:
            self._tool.move(point)
        elif self._holder is None and erases:
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
        x, y = self._unit(position)
        straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return PenPoint(x, y, stamp_of(event), pressure, is_straight=straight)


class _Fingers:
    """How far the finger that draws has gone, and whether it turned out to mean a gesture."""

    def __init__(self) -> None:
        self.is_gesture = False
        self.travel = 0.0
        self._last = (0.0, 0.0)

    def begin(self, point: PenPoint) -> None:
        """Begin at a point."""
        self.travel, self._last = 0.0, point.place

    def go_on(self, point: PenPoint) -> None:
        """Go on to a point."""
        self.travel += hypot(point.x - self._last[0], point.y - self._last[1])
        self._last = point.place


def stamp_of(event: QInputEvent) -> float:
    """Return when it happened, in seconds; now, where the platform does not tell."""
    return event.timestamp() / 1000 if event.timestamp() else time.monotonic()
