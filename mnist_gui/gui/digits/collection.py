"""The user's digits: read, changed, undone, imported, exported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from mnist_gui.engine.digits.model import (
    DigitsChange,
    Imported,
    SavedPrediction,
    UserDigit,
    UserDigits,
)
from mnist_gui.engine.digits.store import UserDigitStore, export_digits, import_digits
from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.digits.text import added_text, change_text, import_text
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.session import Session

# A file that is written in several steps is read once.
_PAUSE_MILLISECONDS = 150
Answers = Iterable[Callable[[], object]]
"""What a job on the thread for files yields: functions to call on the window's thread."""


class FileWatch(QObject):
    """Emits `changed` soon after the file, or a file beside it, has changed.

    It looks on a thread of its own, as the disk may not answer.
    """

    changed = Signal()
    _look_requested = Signal()

    def __init__(self, path: Path, thread: JobThread) -> None:
        super().__init__()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.changed)
        self._watcher = _Watcher((str(path), str(path.parent)))
        self._watcher.noticed.connect(self._wait)
        self._look_requested.connect(self._watcher.look)
        thread.adopt(self._watcher)

    @Slot()
    def look(self) -> None:
        """Watch the files that exist now: a file that was replaced is another one."""
        self._look_requested.emit()

    @Slot()
    def _wait(self) -> None:
        self._pause.start()


class _Watcher(QObject):
    """Lives on the thread, with Qt's watcher, which looks at the disk whenever it is used."""

    noticed = Signal()

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self._paths = paths
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._tell)
        self._watcher.directoryChanged.connect(self._tell)

    @Slot()
    def look(self) -> None:
        """Watch the files that exist now."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        missing = [path for path in self._paths if path not in watched and Path(path).exists()]
        if missing:
            self._watcher.addPaths(missing)
            # It may have changed after it was read and before it was watched.
            self.noticed.emit()

    @Slot()
    def _tell(self) -> None:
        self.look()
        self.noticed.emit()


class ChangeDigits(QUndoCommand):
    """A change of the digits; the stack's owner makes it, and takes it back."""

    def __init__(self, words: Callable[[], str], change: DigitsChange) -> None:
        """`words` say what the change is, in the language in use."""
        super().__init__(words())
        self.words, self.change = words, change


class DigitCollection(QUndoStack):
    """Reads and changes the user's digits on the thread for files, one job after the other.

    The session holds all digits, also after another window has changed them. `saved` brings a
    drawing of the canvas that is on the disk now; `saving_failed` why it is not;
    `reading_failed` why nothing can be read. `changed` brings a change that `undo` takes back,
    `added` a digit that came from elsewhere and that `undo` takes away; `found_saved` brings one
    that was saved before.
    Whatever fails has changed nothing.
    """

    saved = Signal(UserDigit, Drawing)
    saving_failed = Signal(str)
    reading_failed = Signal(str)
    changed = Signal(DigitsChange)
    added = Signal(UserDigit)
    found_saved = Signal(UserDigit)
    imported = Signal(Imported)
    exported = Signal(str, int)
    failed = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._store = UserDigitStore(session.data_folder)
        # What was read last; used by the thread alone, as comparing many digits takes time.
        self._last_read = UserDigits()
        # What the canvas has saved, and what of it is still saved: its own undo takes that back.
        self._from_canvas: dict[str, UserDigit] = {}
        self._still_saved: set[str] = set()
        self._watch = FileWatch(self._store.path, session.watching_thread)
        self._watch.changed.connect(self.read)

    def say_anew(self) -> None:
        """Say in the language in use what can be undone and redone."""
        for number in range(self.count()):
            command = self.command(number)
            if isinstance(command, ChangeDigits):
                command.setText(command.words())

    @Slot()
    def read(self) -> None:
        """Read the digits that are saved now."""
        self._run(tuple, self.reading_failed.emit)

    # --- from the canvas -----------------------------------------------------------------------

    def save(self, drawing: Drawing, label: int, read_as: SavedPrediction | None) -> None:
        """Save a drawing as this digit, with what was predicted of it; once if saved already.

        If it has another label then, `changed` brings that change, and `undo` takes it back.
        """
        self._run(partial(self._save, drawing, label, read_as), self.saving_failed.emit)

    @Slot(str, bool)
    def set_saved(self, digit_id: str, saved: bool) -> None:
        """Follow the canvas, where saving a drawing was undone, or done again."""
        digit = self._from_canvas.get(digit_id)
        if digit is not None and saved is not (digit_id in self._still_saved):
            self._still_saved ^= {digit_id}
            change = DigitsChange(after=(digit,))
            self._run(partial(self._change, change if saved else change.undone))

    # --- from a picture ------------------------------------------------------------------------

    def add(self, drawing: Drawing, label: int, read_as: SavedPrediction | None) -> None:
        """Save a drawing that is not on the canvas as this digit; `added` brings it.

        One that is saved already gets this label instead, which `changed` brings.
        """
        self._run(partial(self._add, drawing, label, read_as))

    # --- from the page -------------------------------------------------------------------------

    @Slot(tuple)
    def delete(self, digits: tuple[UserDigit, ...]) -> None:
        """Delete these digits."""
        self._do(DigitsChange(before=digits))

    @Slot(tuple, int)
    def relabel(self, digits: tuple[UserDigit, ...], label: int) -> None:
        """Give these digits another label."""
        others = tuple(digit for digit in digits if digit.label != label)
        self._do(DigitsChange(others, tuple(replace(digit, label=label) for digit in others)))

    @Slot()
    def undo(self) -> None:
        """Take back the last change of the page."""
        command = self.command(self.index() - 1)
        if isinstance(command, ChangeDigits):
            super().undo()
            self._make_counted(command.change.undone, super().redo)

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        command = self.command(self.index())
        if isinstance(command, ChangeDigits):
            super().redo()
            self._make_counted(command.change, super().undo)

    @Slot(str)
    def import_file(self, path: str) -> None:
        """Save the labelled drawings of a file."""
        self._run(partial(self._import, Path(path)), place=path)

    @Slot(str, tuple)
    def export(self, path: str, digits: Sequence[UserDigit]) -> None:
        """Write digits to a file."""
        self._run(partial(self._export, path, digits), place=path)

    def _do(self, change: DigitsChange) -> None:
        if change.before or change.after:
            self._run(partial(self._change, change, partial(self._note_done, change)))

    def _make_counted(self, change: DigitsChange, discount: Callable[[], None]) -> None:
        """Make a change that the stack counts already, unless it fails."""

        def fail(sentence: str) -> None:
            discount()
            self.failed.emit(sentence)

        self._run(partial(self._change, change, partial(self.changed.emit, change)), fail)

    # --- on the thread -------------------------------------------------------------------------

    def _save(self, drawing: Drawing, label: int, read_as: SavedPrediction | None) -> Answers:
        known = self._find(drawing)
        if known is None:
            yield partial(self._note_saved, self._store.keep(drawing, label, read_as), drawing)
            return
        # Opened from the page: it is the same digit, with another label or without.
        relabelled = replace(known, label=label)
        if known.label != label:
            change = DigitsChange((known,), (relabelled,))
            yield from self._change(change, partial(self._note_done, change))
        yield partial(self.saved.emit, relabelled, drawing)

    def _add(self, drawing: Drawing, label: int, read_as: SavedPrediction | None) -> Answers:
        known = self._find(drawing)
        if known is None:
            yield partial(self._note_added, self._store.keep(drawing, label, read_as))
        elif known.label != label:
            change = DigitsChange((known,), (replace(known, label=label),))
            yield from self._change(change, partial(self._note_done, change))
        else:
            yield partial(self.found_saved.emit, known)

    def _find(self, drawing: Drawing) -> UserDigit | None:
        saved = self._store.read().digits
        return next((each for each in saved if each.drawing == drawing), None)

    def _change(self, change: DigitsChange, *answers: Callable[[], object]) -> Answers:
        self._store.change(change)
        return answers

    def _import(self, path: Path) -> Answers:
        imported = import_digits(self._store, path)
        if imported.digits:
            change = DigitsChange(after=imported.digits)
            yield lambda: self.push(ChangeDigits(partial(import_text, imported), change))
        yield partial(self.imported.emit, imported)

    def _export(self, path: str, digits: Sequence[UserDigit]) -> Answers:
        export_digits(Path(path), digits)
        yield partial(self.exported.emit, path, len(digits))

    def _then_read(self, work: Callable[[], Answers]) -> Answers:
        yield from work()
        digits = self._store.read()
        if digits != self._last_read:
            self._last_read = digits
            yield partial(self._session.digits.set, digits)

    # --- and back ------------------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[], Answers],
        failed: Callable[[str], object] | None = None,
        *,
        place: str | None = None,
    ) -> None:
        self._session.file_thread.run(
            partial(self._then_read, work),
            each=lambda answer: answer(),
            ended=self._watch.look,
            failed=failed or self.failed.emit,
            place=place,
        )

    def _note_saved(self, digit: UserDigit, drawing: Drawing) -> None:
        self._from_canvas[digit.digit_id] = digit
        self._still_saved.add(digit.digit_id)
        self.saved.emit(digit, drawing)

    def _note_added(self, digit: UserDigit) -> None:
        self.push(ChangeDigits(partial(added_text, digit), DigitsChange(after=(digit,))))
        self.added.emit(digit)

    def _note_done(self, change: DigitsChange) -> None:
        self.push(ChangeDigits(partial(change_text, change), change))
        self.changed.emit(change)
