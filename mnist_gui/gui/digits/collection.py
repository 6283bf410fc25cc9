"""The user's digits: read, changed, undone, imported, exported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from mnist_gui.engine.digits.model import (
    DigitsChange,
    Imported,
    SavedPrediction,
    UserDigit,
    UserDigits,
)
from mnist_gui.engine.digits.store import UserDigitStore, export_digits, import_digits
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.errors import sentence
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session

# What is written in several steps is read once.
_PAUSE_MILLISECONDS = 150


class FileWatch(QObject):
    """Emits `changed` soon after the file, or a file beside it, has changed."""

    changed = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._paths = (str(path), str(path.parent))
        self._watcher = QFileSystemWatcher(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.changed)
        self._watcher.fileChanged.connect(self._wait)
        self._watcher.directoryChanged.connect(self._wait)

    @Slot()
    def look(self) -> None:
        """Watch what there is now: a file that was replaced is another one."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        missing = [path for path in self._paths if path not in watched and Path(path).exists()]
        if missing:
            self._watcher.addPaths(missing)
            # It may have changed after it was read and before it was watched.
            self._pause.start()

    @Slot()
    def _wait(self) -> None:
        self.look()
        self._pause.start()


class DigitCollection(QObject):
    """Reads and changes the user's digits on the thread for files, one thing after the other.

    The session has all digits as they are, also where another window has changed them. `kept`
    tells that the drawing of a canvas is on the disk; `keeping_failed` that it is not, and why;
    `reading_failed` why nothing can be read. `changed` tells of a change that `undo` takes back.
    Whatever fails has changed nothing.
    """

    kept = Signal(UserDigit, Drawing)
    keeping_failed = Signal(str)
    reading_failed = Signal(str)
    changed = Signal(DigitsChange)
    imported = Signal(Imported)
    exported = Signal(str, int)
    failed = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._store = UserDigitStore(session.data_folder)
        # What was read last; used by the thread alone, as to compare much takes its time.
        self._last_read = UserDigits()
        # What the canvas has kept, and what of it is kept still: its own undo takes that back.
        self._from_canvas: dict[str, UserDigit] = {}
        self._kept_still: set[str] = set()
        self._undo: list[DigitsChange] = []
        self._redo: list[DigitsChange] = []
        self._watch = FileWatch(self._store.path)
        self._watch.changed.connect(self.read)

    @Slot()
    def read(self) -> None:
        """Take note of what is kept now."""
        self._run(tuple, self._fail_to_read)

    # --- from the canvas -----------------------------------------------------------------------

    @Slot(Drawing, int, object)
    def keep(self, drawing: Drawing, label: int, read_as: SavedPrediction | None) -> None:
        """Keep a drawing as this digit, with what it was read as; one that is kept already, once.

        If the label of such a one changes, `changed` tells of it, and `undo` takes it back.
        """
        self._run(partial(self._keep, drawing, label, read_as), self._fail_to_keep)

    @Slot(str, bool)
    def set_kept(self, identity: str, kept: bool) -> None:
        """Follow the canvas, where keeping a drawing was undone, or done again."""
        digit = self._from_canvas.get(identity)
        if digit is not None and kept is not (identity in self._kept_still):
            self._kept_still ^= {identity}
            change = DigitsChange(after=(digit,))
            self._submit(partial(self._change, change if kept else change.undone))

    # --- from the page -------------------------------------------------------------------------

    @Slot(tuple)
    def delete(self, digits: tuple[UserDigit, ...]) -> None:
        """Keep these digits no longer."""
        self._do(DigitsChange(before=digits))

    @Slot(tuple, int)
    def relabel(self, digits: tuple[UserDigit, ...], label: int) -> None:
        """Say that these digits are another one."""
        others = tuple(digit for digit in digits if digit.label != label)
        self._do(DigitsChange(others, tuple(replace(digit, label=label) for digit in others)))

    @Slot()
    def undo(self) -> None:
        """Take the last change of the page back."""
        self._take_back(self._undo, self._redo)

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._take_back(self._redo, self._undo)

    @Slot(str)
    def import_file(self, path: str) -> None:
        """Keep the labelled drawings of a file."""
        self._submit(partial(self._import, Path(path)))

    @Slot(str, tuple)
    def export(self, path: str, digits: Sequence[UserDigit]) -> None:
        """Write digits to a file."""
        self._submit(partial(_export, Path(path), digits))

    def _do(self, change: DigitsChange) -> None:
        if change.before or change.after:
            self._redo.clear()
            self._submit(partial(self._change, change, _Undoable(self._undo, change)))

    def _take_back(self, source: list[DigitsChange], target: list[DigitsChange]) -> None:
        if source:
            change = source.pop()
            done = _Undoable(target, change.undone)
            self._submit(partial(self._change, change.undone, done, _Undoable(source, change)))

    # --- on the thread -------------------------------------------------------------------------

    def _keep(
        self, drawing: Drawing, label: int, read_as: SavedPrediction | None
    ) -> Iterable[object]:
        known = next((each for each in self._store.read().digits if each.drawing == drawing), None)
        if known is None:
            yield _FromCanvas(self._store.keep(drawing, label, read_as), drawing)
            return
        # Opened from the page: it is the same digit, with another label or without.
        relabelled = replace(known, label=label)
        change = DigitsChange((known,), (relabelled,))
        if known.label != label:
            yield from self._change(change, _Undoable(self._undo, change))
        yield _FromCanvas(relabelled, drawing, is_new=False)

    def _change(
        self,
        change: DigitsChange,
        done: "_Undoable | None" = None,
        failed: "_Undoable | None" = None,
    ) -> Iterable[object]:
        try:
            self._store.change(change)
        except Exception:
            if failed:
                yield failed
            raise
        if done:
            yield done
            yield change

    def _import(self, path: Path) -> Iterable[object]:
        imported = import_digits(self._store, path)
        yield _Undoable(self._undo, DigitsChange(after=imported.digits))
        yield imported

    def _then_read(self, work: Callable[[], Iterable[object]]) -> Iterable[object]:
        yield from work()
        kept = self._store.read()
        if kept != self._last_read:
            self._last_read = kept
            yield kept

    # --- and back ------------------------------------------------------------------------------

    def _submit(self, work: Callable[[], Iterable[object]]) -> None:
        self._run(work, self._fail)

    def _run(self, work: Callable[[], Iterable[object]], fail: Callable[[object], None]) -> None:
        job = Job(partial(self._then_read, work))
        job.happened.connect(self._take)
        job.completed.connect(self._watch.look)
        job.failed.connect(fail)
        self._session.file_thread.submit(job)

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case UserDigits():
                self._session.digits.set(event)
            case _FromCanvas(digit, drawing):
                if event.is_new:
                    self._from_canvas[digit.identity] = digit
                    self._kept_still.add(digit.identity)
                self.kept.emit(digit, drawing)
            case _Undoable(stack, change):
                stack.append(change)
            case DigitsChange():
                self.changed.emit(event)
            case Imported():
                self.imported.emit(event)
            case _Exported(path, count):
                self.exported.emit(str(path), count)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))

    @Slot(object)
    def _fail_to_keep(self, error: object) -> None:
        self.keeping_failed.emit(sentence(error))

    @Slot(object)
    def _fail_to_read(self, error: object) -> None:
        self.reading_failed.emit(sentence(error))


@dataclass(frozen=True, slots=True)
class _FromCanvas:
    digit: UserDigit
    drawing: Drawing
    is_new: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Undoable:
    """A change and the stack it belongs on: it can be undone, or done again."""

    stack: list[DigitsChange]
    change: DigitsChange


@dataclass(frozen=True, slots=True)
class _Exported:
    path: Path
    count: int


def _export(path: Path, digits: Sequence[UserDigit]) -> Iterable[_Exported]:
    export_digits(path, digits)
    yield _Exported(path, len(digits))
