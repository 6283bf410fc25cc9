"""The drawing as a document: strokes as they grow, and commands that can be undone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from mnist_gui.engine.drawing import Drawing, Stroke, part_on_canvas

# Closer points change neither the picture nor the reading, but cost memory.
_NEAREST = 1 / 400
# A straight line has points so near to each other that no curve bends it.
_STRAIGHT_SPACING = 1 / 50
_UNDO_LIMIT = 200
# A point of the canvas' border lies exactly on it.
_BORDER_DECIMALS = 9
_NO_MOVEMENT = -1


class Change(Enum):
    """What can be done to a drawing, and undone."""

    DRAW = auto()
    ERASE = auto()
    REPLACE = auto()
    CLEAR = auto()
    SET_ASIDE = auto()


class ChangeStrokes(QUndoCommand):
    """Puts other strokes in the place of those there are; calls `tell` when done and undone.

    `change` says what the user did, `name` what was set aside. Strokes of one `movement` of the
    pen, a number from 0 on, are drawn and undone together.
    """

    def __init__(
        self,
        change: Change,
        strokes: list[Stroke],
        after: Iterable[Stroke],
        tell: Callable[[bool], None] | None = None,
        name: str = "",
        movement: int = _NO_MOVEMENT,
    ) -> None:
        super().__init__()
        self.change, self.name, self.movement = change, name, movement
        self._strokes, self._tell = strokes, tell
        # The strokes themselves are shared, so a long history stays small.
        self.before, self.after = tuple(strokes), tuple(after)

    def id(self) -> int:
        """Tell the stack which commands may become one."""
        return self.movement

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in a later stroke of the same movement."""
        assert isinstance(other, ChangeStrokes)
        self.after = other.after
        return True

    def redo(self) -> None:
        """Put the new strokes in place."""
        self._put(self.after, is_done=True)

    def undo(self) -> None:
        """Put the old strokes back."""
        self._put(self.before, is_done=False)

    def _put(self, strokes: tuple[Stroke, ...], *, is_done: bool) -> None:
        self._strokes[:] = strokes
        if self._tell is not None:
            self._tell(is_done)


@dataclass(frozen=True, slots=True)
class PenPoint:
    """A place in the unit square, and when it was reported, in seconds of any clock.

    `pressure` is 0..1 where the device tells it. `is_straight` asks for a straight line to here
    from where that was asked for first.
    """

    x: float
    y: float
    stamp: float
    pressure: float | None = None
    is_straight: bool = False

    @property
    def place(self) -> tuple[float, float]:
        """The place alone."""
        return self.x, self.y

    @property
    def is_on_canvas(self) -> bool:
        """Whether it lies in the unit square; a pen may leave it once it is down."""
        return 0 <= self.x <= 1 and 0 <= self.y <= 1

    def before(self, end: "PenPoint", share: float) -> "PenPoint":
        """Return the point at this share, 0..1, of the straight way to the next point."""
        if share == 1:
            return end
        x, y, stamp = (
            here + share * (there - here)
            for here, there in zip((*self.place, self.stamp), (*end.place, end.stamp), strict=True)
        )
        pressure = end.pressure
        if self.pressure is not None and pressure is not None:
            pressure = self.pressure + share * (pressure - self.pressure)
        x, y = (round(value, _BORDER_DECIMALS) for value in (x, y))
        return PenPoint(x, y, stamp, pressure, end.is_straight)


class StrokeInProgress:
    """Collects points of the unit square; adding one is cheap however many there are.

    A point's `stamp` is in seconds since the drawing's first. Pressures are kept if the first
    point has one.
    """

    def __init__(self, point: PenPoint) -> None:
        # x, y, seconds, pressure.
        self._rows = np.empty((64, 4))
        self._rows[0] = _row(point)
        self._size = 1
        self._anchor: int | None = None
        self._has_pressure = point.pressure is not None

    def __len__(self) -> int:
        return self._size

    @property
    def steady(self) -> int:
        """How many points stay whatever comes; a straight line still follows the pointer."""
        return self._size if self._anchor is None else self._anchor + 1

    @property
    def hinge(self) -> tuple[float, float]:
        """The place from which a straight line goes on."""
        x, y = self._rows[self.steady - 1, :2].tolist()
        return x, y

    def add(self, point: PenPoint) -> bool:
        """Take in a point; False if it is too close to the last one to matter."""
        row = _row(point)
        # Devices' clocks may go back; a pen may forget to tell its pressure.
        before = self.steady if point.is_straight else self._size
        row[2] = max(row[2], self._rows[before - 1, 2])
        if np.isnan(row[3]):
            row[3] = self._rows[self._size - 1, 3]
        if point.is_straight:
            return self._stretch_line(row)
        last = self._rows[self._size - 1]
        if np.abs(row[:2] - last[:2]).max() < _NEAREST:
            return False
        # A point that is there twice is a corner: the straight line stays one to its end.
        self._append(np.stack((last, row)) if self._anchor is not None else row[np.newaxis])
        self._anchor = None
        return True

    def recent(self, count: int) -> NDArray[np.float64]:
        """Return the places (n, 2) of so many of the newest points, and of all that may change."""
        return self._rows[max(0, self.steady - count) : self._size, :2]

    def stroke(self) -> Stroke:
        """Return what was drawn so far."""
        rows = self._rows[: self._size]
        pressures = rows[:, 3] if self._has_pressure else None
        return Stroke(rows[:, :2], rows[:, 2], pressures)

    def _stretch_line(self, row: NDArray[np.float64]) -> bool:
        if self._anchor is None:
            self._anchor = self._size - 1
        self._size = self._anchor + 1
        start = self._rows[self._anchor]
        length = hypot(*(row - start)[:2])
        if length >= _NEAREST:
            # Its first point is there twice as well.
            self._append(np.linspace(start, row, ceil(length / _STRAIGHT_SPACING) + 1))
        return True

    def _append(self, rows: NDArray[np.float64]) -> None:
        needed = self._size + len(rows)
        if needed > len(self._rows):
            spare = np.empty((max(needed, len(self._rows)), 4))
            self._rows = np.concatenate((self._rows[: self._size], spare))
        self._rows[self._size : needed] = rows
        self._size = needed


def _row(point: PenPoint) -> NDArray[np.float64]:
    pressure = np.nan if point.pressure is None else min(max(point.pressure, 0.0), 1.0)
    return np.array([point.x, point.y, max(point.stamp, 0.0), pressure])


class DrawingDocument(QUndoStack):
    """Strokes in the unit square, among them one that is being drawn, and what changed them.

    Of a movement of the pen only what lies in the unit square becomes strokes: one that leaves the
    square and comes back makes two.

    `grown` tells that the stroke that is being drawn has more points, `changed` that anything
    else is different, such as when a stroke was taken away; `said` what undo and redo have done.
    `set_aside_changed` tells whether the drawing of this name is set aside.
    """

    grown = Signal()
    changed = Signal()
    said = Signal(str)
    set_aside_changed = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        # The stroke that is being drawn.
        self.growing: StrokeInProgress | None = None
        # Where the pen is, if it is down, and how many movements there were.
        self._pen: PenPoint | None = None
        self._movement = _NO_MOVEMENT
        self.setUndoLimit(_UNDO_LIMIT)

    @property
    def strokes(self) -> Sequence[Stroke]:
        """The strokes that are complete."""
        return self._strokes

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not self._strokes and self.growing is None

    @property
    def drawing(self) -> Drawing:
        """All strokes, the one that is being drawn as the last."""
        drawing = Drawing(tuple(self._strokes))
        return drawing if self.growing is None else drawing.with_stroke(self.growing.stroke())

    @property
    def is_pen_down(self) -> bool:
        """Whether a movement of the pen is under way, in the unit square or beyond it."""
        return self._pen is not None

    def begin_stroke(self, point: PenPoint) -> None:
        """Begin a movement at a point of the unit square; one that is under way ends here."""
        self.finish_stroke()
        self._pen = point
        self._movement += 1
        self._begin_piece(point)

    def continue_stroke(self, point: PenPoint) -> None:
        """Draw on to a point; nothing without a beginning."""
        before, self._pen = self._pen, None if self._pen is None else point
        if before is None:
            return
        if self.growing is not None and point.is_straight:
            self._stretch_line(self.growing, point)
            return
        if not before.is_on_canvas:
            self._finish_piece()
        part = part_on_canvas(before.place, point.place)
        if part is not None:
            enters, leaves = part
            growing = self.growing or self._begin_piece(before.before(point, enters))
            self._grow(growing, before.before(point, leaves))

    def finish_stroke(self) -> None:
        """Lift the pen: what is being drawn becomes one of the other strokes."""
        self._finish_piece()
        self._pen = None

    def drop_stroke(self) -> None:
        """Let the movement that is under way not have been."""
        if self._pen is None:
            return
        self.growing = self._pen = None
        last = self.command(self.index() - 1)
        if isinstance(last, ChangeStrokes) and last.movement == self._movement:
            last.undo()
            # The stack only throws it away then.
            last.setObsolete(True)
            super().undo()
        self.changed.emit()

    def _stretch_line(self, growing: StrokeInProgress, point: PenPoint) -> None:
        """Let a straight line end where it leaves the unit square; it still follows the pen."""
        hinge = PenPoint(*growing.hinge, point.stamp, point.pressure, is_straight=True)
        _, leaves = part_on_canvas(hinge.place, point.place) or (0.0, 0.0)
        self._grow(growing, hinge.before(point, leaves))

    def _begin_piece(self, point: PenPoint) -> StrokeInProgress:
        self.growing = StrokeInProgress(point)
        self.grown.emit()
        return self.growing

    def _grow(self, growing: StrokeInProgress, point: PenPoint) -> None:
        if growing.add(point):
            self.grown.emit()

    def _finish_piece(self) -> None:
        if self.growing is None:
            return
        strokes = [*self._strokes, self.growing.stroke()]
        self.growing = None
        self._push(Change.DRAW, strokes, movement=self._movement)

    def erase(self, numbers: Iterable[int]) -> None:
        """Take the strokes with these numbers away; can be undone, all at once."""
        self.finish_stroke()
        gone = set(numbers)
        others = [each for number, each in enumerate(self._strokes) if number not in gone]
        self._change(Change.ERASE, others)

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in the place of what is there; can be undone."""
        self.growing = self._pen = None
        self._change(Change.REPLACE, drawing.strokes)

    def erase_all(self) -> None:
        """Take everything away; can be undone."""
        if not self.is_empty:
            self.finish_stroke()
            self._change(Change.CLEAR, ())

    def set_aside(self, drawing: Drawing, name: str) -> None:
        """Take the first strokes away, if they are this drawing; it goes under this name."""
        count = len(drawing.strokes)
        if self.growing is not None and self.drawing == drawing:
            self.finish_stroke()
        if tuple(self._strokes[:count]) == drawing.strokes:
            self._change(Change.SET_ASIDE, self._strokes[count:], name)

    def take_over(self, before: "DrawingDocument") -> None:
        """Have the strokes of another document, and all that can be undone and redone in it."""
        before.finish_stroke()
        commands = [before.command(number) for number in range(before.count())]
        changes = [command for command in commands if isinstance(command, ChangeStrokes)]
        self._strokes[:] = changes[0].before if changes else before.strokes
        for each in changes:
            self._push(each.change, each.after, each.name)
        self.setIndex(before.index())
        self.changed.emit()

    @Slot()
    def undo(self) -> None:
        """Take the last change back: a stroke that is being drawn, or the last command."""
        if self.is_pen_down:
            self.drop_stroke()
        elif self.canUndo():
            super().undo()
            self.changed.emit()
        self.said.emit(self.tr("Undone; strokes: {number}").format(number=len(self._strokes)))

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if not self.is_pen_down and self.canRedo():
            super().redo()
            self.changed.emit()
        self.said.emit(self.tr("Redone; strokes: {number}").format(number=len(self._strokes)))

    def _change(self, change: Change, after: Iterable[Stroke], name: str = "") -> None:
        self._push(change, after, name)
        self.changed.emit()

    def _push(
        self,
        change: Change,
        after: Iterable[Stroke],
        name: str = "",
        movement: int = _NO_MOVEMENT,
    ) -> None:
        tell = partial(self.set_aside_changed.emit, name) if name else None
        command = ChangeStrokes(change, self._strokes, after, tell, name, movement)
        command.setText(self._text(change))
        self.push(command)

    def _text(self, change: Change) -> str:
        return {
            Change.DRAW: self.tr("Draw a stroke"),
            Change.ERASE: self.tr("Erase a stroke"),
            Change.REPLACE: self.tr("Replace the drawing"),
            Change.CLEAR: self.tr("Clear the drawing"),
            Change.SET_ASIDE: self.tr("Set the drawing aside"),
        }[change]
