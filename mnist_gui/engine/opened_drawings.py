"""A file's drawings, and which of them is looked at."""

from dataclasses import dataclass, replace
from pathlib import Path

from mnist_gui.engine.strokes import LabelledDrawing


@dataclass(frozen=True, slots=True)
class OpenedDrawings:
    """At least one drawing; `place` counts from 0."""

    path: Path
    drawings: tuple[LabelledDrawing, ...]
    place: int = 0

    @property
    def current(self) -> LabelledDrawing:
        """The drawing that is looked at."""
        return self.drawings[self.place]

    def moved(self, step: int) -> "OpenedDrawings":
        """Return these with another one looked at; after the last comes the first."""
        return replace(self, place=(self.place + step) % len(self.drawings))
