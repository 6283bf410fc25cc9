"""What a pointer on the canvas does: draw, or take strokes away."""

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Stroke
from mnist_gui.engine.geometry import nearest_stroke, strokes_swept
from mnist_gui.widgets.canvas.drawing_document import DrawingDocument
from mnist_gui.widgets.canvas.pen_clock import PenClock
from mnist_gui.widgets.canvas.pen_point import PenPoint

# The line's own half, and as much again for a hand that is not so sure.
_REACH = CANVAS_PEN_WIDTH


class Tool(Protocol):
    """Follows a pointer from where it is pressed to where it is released."""

    def press(self, point: PenPoint) -> None:
        """Begin."""

    def move(self, point: PenPoint) -> None:
        """Go on, pressed."""

    def release(self) -> None:
        """End where the pointer was last."""

    def cancel(self) -> None:
        """End as if it had not been begun, where that is possible."""


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

    `marked_changed` tells that another stroke, or none, is marked; `erased` that one is gone.
    """

    marked_changed = Signal()
    erased = Signal()

    def __init__(self, document: DrawingDocument) -> None:
        super().__init__(document)
        self._document = document
        self._last: PenPoint | None = None
        self._marked: int | None = None

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
        self._mark(nearest_stroke(self._document.drawing, point.place, _REACH))

    def leave(self) -> None:
        """Mark no stroke."""
        self._mark(None)

    def press(self, point: PenPoint) -> None:
        """Take away the stroke beneath the pointer."""
        self._document.finish_stroke()
        self._last = point
        nearest = nearest_stroke(self._document.drawing, point.place, _REACH)
        if nearest is not None:
            self._erase(nearest)

    def move(self, point: PenPoint) -> None:
        """Take away the strokes between here and where the pointer was last."""
        if self._last is None:
            return
        swept = strokes_swept(
            self._document.drawing, self._last.place, point.place, CANVAS_PEN_WIDTH / 2
        )
        self._last = point
        # From the last on, as each that goes moves those behind it up.
        for number in reversed(swept):
            self._erase(number)

    def release(self) -> None:
        """Touch nothing any more."""
        self._last = None

    def cancel(self) -> None:
        """Touch nothing any more; what is gone can be undone."""
        self._last = None

    def _erase(self, number: int) -> None:
        self._mark(None)
        self._document.erase(number)
        self.erased.emit()

    def _mark(self, number: int | None) -> None:
        if number != self._marked:
            self._marked = number
            self.marked_changed.emit()
