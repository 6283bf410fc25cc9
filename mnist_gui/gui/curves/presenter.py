"""The curves of the newest run as files."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.history import History, write_curves, write_curves_csv
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.window.main_window import MainWindow


class CurvesPresenter(QObject):
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
    write_curves_csv(path, history)
    yield path


def _save_picture(path: Path, content: Callable[[], bytes]) -> Iterable[Path]:
    write_curves(path, content())
    yield path


class CurvesFileActions(QObject):
    """Adds its actions to a window's File menu, and asks for the files they need."""

    png_requested = Signal(str)
    svg_requested = Signal(str)
    csv_requested = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.save_png = self._action(self.tr("Save curves as &picture \u2026"), "Ctrl+G")
        self.save_svg = self._action(self.tr("Save curves as S&VG \u2026"), "Ctrl+Shift+G")
        self.save_csv = self._action(self.tr("Save curves as &CSV \u2026"), "Ctrl+E")
        self.save_png.triggered.connect(self._ask_png)
        self.save_svg.triggered.connect(self._ask_svg)
        self.save_csv.triggered.connect(self._ask_csv)
        menu, place = window.menus.file_menu, window.menus.before_quit
        menu.insertSeparator(place)
        menu.insertActions(place, [self.save_png, self.save_svg, self.save_csv])

    @Slot()
    def _ask_png(self) -> None:
        self._tell(file_questions.ask_picture_to_save(self._window), self.png_requested.emit)

    @Slot()
    def _ask_svg(self) -> None:
        self._tell(file_questions.ask_svg_to_save(self._window), self.svg_requested.emit)

    @Slot()
    def _ask_csv(self) -> None:
        self._tell(file_questions.ask_table_to_save(self._window), self.csv_requested.emit)

    def _tell(self, path: str, tell: Callable[[str], None]) -> None:
        if path:
            tell(path)

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action
