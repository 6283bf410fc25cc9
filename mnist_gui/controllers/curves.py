"""The curves of the last run as a file."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.history import History, write_curves, write_history_csv
from mnist_gui.workers.job_thread import JobThread


class CurvesController(QObject):
    """Writes the curves of the newest run on the thread for files."""

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._history: History | None = None

    @Slot(object)
    def use_history(self, history: History) -> None:
        """Save the curves of this run from now on."""
        self._history = history

    @Slot(str)
    def save(self, path: str) -> None:
        """Write the curves as comma-separated values."""
        if (history := self._shown_history()) is not None:
            self._submit(partial(_save, Path(path), history))

    def save_picture(self, path: str, content: Callable[[], bytes]) -> None:
        """Write a picture of the curves, whose file's content is made on the thread for files."""
        if self._shown_history() is not None:
            self._submit(partial(_save_picture, Path(path), content))

    def _shown_history(self) -> History | None:
        """Return the newest run, or say that there is none."""
        if self._history is None:
            self.failed.emit(self.tr("There are no curves to save yet; start a run first."))
        return self._history

    def _submit(self, work: Callable[[], Iterable[Path]]) -> None:
        self._thread.run(work, take=self._take, fail=self._fail)

    @Slot(object)
    def _take(self, path: object) -> None:
        self.saved.emit(str(path))

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _save(path: Path, history: History) -> Iterable[Path]:
    write_history_csv(path, history)
    yield path


def _save_picture(path: Path, content: Callable[[], bytes]) -> Iterable[Path]:
    write_curves(path, content())
    yield path
