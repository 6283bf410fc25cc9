"""Files of drawings: opened, gone through one drawing after the other, and saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.digits.files import (
    DrawingsFound,
    add_drawing,
    find_drawings,
    name_fault,
    write_drawings,
)
from mnist_gui.engine.digits.model import OpenedDrawings, same_points
from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.engine.errors import DrawingError, sentence
from mnist_gui.workers.job_thread import JobThread


class DrawingFilesController(QObject):
    """Opens files of drawings, and has one of a file's drawings at a time put on the canvas.

    `place_changed` carries OpenedDrawings, None once the file is closed; `drawing_chosen` follows
    with the drawing to show. `faults_found` is a sentence about what a file has besides. A file
    that cannot be opened leaves the one before open.
    """

    place_changed = Signal(object)
    drawing_chosen = Signal(Drawing)
    faults_found = Signal(str)
    opened = Signal(str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._opened: OpenedDrawings | None = None

    @Slot(str)
    def open(self, path: str) -> None:
        """Read a file, on the thread for files, and choose its first drawing."""
        self._thread.run(partial(_read, Path(path)), take=self._take_found, fail=self._fail)

    @Slot()
    def close(self) -> None:
        """Forget the file; what is on the canvas stays."""
        self._opened = None
        self.place_changed.emit(None)

    @Slot()
    def show_next(self) -> None:
        """Choose the drawing after this one, after the last one the first."""
        self._go(1)

    @Slot()
    def show_previous(self) -> None:
        """Choose the drawing before this one, before the first one the last."""
        self._go(-1)

    def save(self, path: Path, drawing: Drawing, *, add: bool) -> None:
        """Write a drawing to a file of its own, or add it to those in a file."""
        labelled = LabelledDrawing(drawing, self._label_of(drawing))
        self._thread.run(
            partial(_save, path, labelled, add=add), take=self._take_saved, fail=self._fail
        )

    def _go(self, step: int) -> None:
        if self._opened is not None:
            self._show(self._opened.moved(step))

    def _show(self, opened: OpenedDrawings) -> None:
        self._opened = opened
        self.place_changed.emit(opened)
        self.drawing_chosen.emit(opened.current.drawing)

    def _label_of(self, drawing: Drawing) -> int | None:
        """Return the label of the drawing that was opened, if this still is that drawing."""
        if self._opened is None:
            return None
        current = self._opened.current
        return current.label if same_points(current.drawing) == same_points(drawing) else None

    @Slot(object)
    def _take_found(self, read: object) -> None:
        assert isinstance(read, _Read)
        self._show(OpenedDrawings(read.path, tuple(read.found.drawings)))
        self.opened.emit(str(read.path))
        if read.found.faults:
            self.faults_found.emit(_faults_in_words(read))

    @Slot(object)
    def _take_saved(self, path: object) -> None:
        self.saved.emit(str(path))

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    found: DrawingsFound


def _read(path: Path) -> Iterable[_Read]:
    found = find_drawings(path)
    if not found.drawings and found.faults:
        raise DrawingError(name_fault(path, found.faults[0]))
    if not found.drawings:
        raise DrawingError(f"{path} has no drawings in it; choose another file.")
    yield _Read(path, found)


def _save(path: Path, drawing: LabelledDrawing, *, add: bool) -> Iterable[Path]:
    if add:
        add_drawing(path, drawing)
    else:
        write_drawings(path, [drawing])
    yield path


def _faults_in_words(read: _Read) -> str:
    good, bad = len(read.found.drawings), len(read.found.faults)
    return (
        f"{good:,} drawings are open; {bad:,} more cannot be used. "
        f"The first of these: {name_fault(read.path, read.found.faults[0])}"
    )
