"""The drawing on the canvas, how it changes, and how changes are taken back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.widgets.canvas.canvas_commands import (
    AddStroke,
    EraseStroke,
    ReplaceStrokes,
    SetAside,
)
from mnist_gui.widgets.canvas.growing_stroke import GrowingStroke
from mnist_gui.widgets.canvas.pen_point import PenPoint

_UNDO_LIMIT = 200


class DrawingDocument(QObject):
    """Strokes in the unit square, among them one that is being drawn.

    `grown` tells that the stroke that is being drawn has more points, `changed` that anything
    else is different, such as when a stroke was taken away.
    """

    grown = Signal()
    changed = Signal()
    undo_text_changed = Signal(str)
    redo_text_changed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._strokes: list[Stroke] = []
        self._growing: GrowingStroke | None = None
        self._undo_stack = QUndoStack(self)
        self._undo_stack.setUndoLimit(_UNDO_LIMIT)
        self._undo_stack.undoTextChanged.connect(self.undo_text_changed)
        self._undo_stack.redoTextChanged.connect(self.redo_text_changed)

    @property
    def strokes(self) -> Sequence[Stroke]:
        """The strokes that are complete."""
        return self._strokes

    @property
    def growing(self) -> GrowingStroke | None:
        """The stroke that is being drawn."""
        return self._growing

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not self._strokes and self._growing is None

    @property
    def drawing(self) -> Drawing:
        """All strokes, the one that is being drawn as the last."""
        drawing = Drawing(tuple(self._strokes))
        return drawing if self._growing is None else drawing.with_stroke(self._growing.stroke())

    def begin_stroke(self, point: PenPoint) -> None:
        """Begin a stroke; one that is being drawn ends here."""
        self.finish_stroke()
        self._growing = GrowingStroke(point)
        self.grown.emit()

    def continue_stroke(self, point: PenPoint) -> None:
        """Draw on to a point; nothing without a beginning."""
        if self._growing is not None and self._growing.add(point):
            self.grown.emit()

    def finish_stroke(self) -> None:
        """Make the stroke that is being drawn one of the others."""
        if self._growing is None:
            return
        stroke = self._growing.stroke()
        self._growing = None
        self._undo_stack.push(AddStroke(self.tr("Draw a stroke"), self._strokes, stroke))

    def drop_stroke(self) -> None:
        """Let the stroke that is being drawn not have been."""
        if self._growing is not None:
            self._growing = None
            self.changed.emit()

    def erase(self, number: int) -> None:
        """Take the stroke with this number away; can be undone."""
        self.finish_stroke()
        self._undo_stack.push(EraseStroke(self.tr("Erase a stroke"), self._strokes, number))
        self.changed.emit()

    def set_drawing(self, drawing: Drawing) -> None:
        """Put a drawing in the place of what is there; can be undone."""
        self._replace(self.tr("Replace the drawing"), drawing.strokes)

    def clear(self) -> None:
        """Take everything away; can be undone."""
        if not self.is_empty:
            self.finish_stroke()
            self._replace(self.tr("Clear the drawing"), ())

    def set_aside(self, drawing: Drawing, tell: Callable[[bool], None]) -> None:
        """Take the first strokes away, if they are this drawing; `tell` whenever they are aside."""
        count = len(drawing.strokes)
        if self._growing is not None and self.drawing == drawing:
            self.finish_stroke()
        if tuple(self._strokes[:count]) == drawing.strokes:
            text, rest = self.tr("Set the drawing aside"), tuple(self._strokes[count:])
            self._undo_stack.push(SetAside(text, self._strokes, rest, tell))
            self.changed.emit()

    def undo(self) -> None:
        """Take the last change back: a stroke that is being drawn, or the last command."""
        if self._growing is not None:
            self.drop_stroke()
        elif self._undo_stack.canUndo():
            self._undo_stack.undo()
            self.changed.emit()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._growing is None and self._undo_stack.canRedo():
            self._undo_stack.redo()
            self.changed.emit()

    def _replace(self, text: str, strokes: tuple[Stroke, ...]) -> None:
        self._growing = None
        self._undo_stack.push(ReplaceStrokes(text, self._strokes, strokes))
        self.changed.emit()
