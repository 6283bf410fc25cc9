"""What can be undone on the canvas."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from mnist_gui.engine.drawing import Stroke


class AddStroke(QUndoCommand):
    """Adds one stroke; holds only that stroke, so a long history stays small."""

    def __init__(self, text: str, strokes: list[Stroke], stroke: Stroke) -> None:
        super().__init__(text)
        self._strokes = strokes
        self._stroke = stroke

    def redo(self) -> None:
        """Add the stroke."""
        self._strokes.append(self._stroke)

    def undo(self) -> None:
        """Take the stroke away."""
        self._strokes.pop()


class EraseStroke(QUndoCommand):
    """Takes one stroke away."""

    def __init__(self, text: str, strokes: list[Stroke], number: int) -> None:
        super().__init__(text)
        self._strokes = strokes
        self._number = number
        self._stroke = strokes[number]

    def redo(self) -> None:
        """Take the stroke away."""
        del self._strokes[self._number]

    def undo(self) -> None:
        """Put the stroke back in its place among the others."""
        self._strokes.insert(self._number, self._stroke)


class ReplaceStrokes(QUndoCommand):
    """Puts other strokes, or none, in the place of all there are."""

    def __init__(self, text: str, strokes: list[Stroke], after: tuple[Stroke, ...]) -> None:
        super().__init__(text)
        self._strokes = strokes
        self._before = tuple(strokes)
        self._after = after

    def redo(self) -> None:
        """Put the new strokes in place."""
        self._strokes[:] = self._after

    def undo(self) -> None:
        """Put the old strokes back."""
        self._strokes[:] = self._before


class SetAside(ReplaceStrokes):
    """Takes strokes away that are kept elsewhere; tells whenever it is done and undone."""

    def __init__(
        self,
        text: str,
        strokes: list[Stroke],
        after: tuple[Stroke, ...],
        tell: Callable[[bool], None],
    ) -> None:
        super().__init__(text, strokes, after)
        self._tell = tell

    def redo(self) -> None:
        """Take the strokes away, and tell that they are aside."""
        super().redo()
        self._tell(True)

    def undo(self) -> None:
        """Put them back, and tell that they are no longer aside."""
        super().undo()
        self._tell(False)
