"""The window of `benchmarks.hung_disk`, in a process of its own, and what its user does."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from mnist_gui.app import build_application, exit_status, open_window
from mnist_gui.engine.data.correction import DatasetChoice
from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three

_BEAT_MILLISECONDS = 5
_STEP_MILLISECONDS = 250
_LAST_MILLISECONDS = 6_000
_LONGEST_MILLISECONDS = 40_000


class User(QObject):
    """Does one thing after the other, and measures how long the window's loop stands still."""

    def __init__(self, window: MainWindow, disk: Path) -> None:
        super().__init__(window)
        self._window, self._disk = window, disk
        self._doing, self._beat = "opening", monotonic()
        self._gaps: dict[str, float] = {}
        self._blocked, self._busy = 0.0, _busy_seconds()
        self._said = dict[str, None]()
        self._steps = self._things()
        self._timer = QTimer(self, interval=_BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._measure)
        self._next = QTimer(self, interval=_STEP_MILLISECONDS)
        self._next.timeout.connect(self._step)
        QTimer.singleShot(0, self._timer.start)
        self._begun = False
        self._opened = monotonic()

    @Slot()
    def _measure(self) -> None:
        now = monotonic()
        gap = (now - self._beat) * 1_000
        self._beat = now
        self._gaps[self._doing] = max(gap, self._gaps.get(self._doing, 0))
        busy, self._busy = self._busy, _busy_seconds()
        if self._doing != "opening":
            self._blocked = max(self._blocked, gap - 1_000 * (self._busy - busy))
        self._said[self._window.statusBar().currentMessage()] = None
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                self._said[box.text()] = None
                box.close()
        if not self._begun and self._is_loaded():
            self._begun = True
            sys.stdout.write("loaded\n")
            sys.stdout.flush()
            Thread(target=self._wait, daemon=True).start()

    def _is_loaded(self) -> bool:
        from mnist_gui.gui.program import Program

        program = self._window.findChild(Program)
        is_late = (monotonic() - self._opened) * 1_000 > _LONGEST_MILLISECONDS / 2
        if program is None or not program.is_complete:
            return False
        session = program.session
        is_hung = os.environ.get("HUNG") == "before"
        return session.devices.value is not None and (
            is_late or is_hung or session.dataset.value is not None
        )

    def _wait(self) -> None:
        sys.stdin.readline()
        QTimer.singleShot(0, self._next, self._next.start)

    @Slot()
    def _step(self) -> None:
        found = next(self._steps, None)
        if found is None:
            self._next.stop()
            self._doing = "waiting"
            QTimer.singleShot(_LAST_MILLISECONDS, self._close)
            return
        self._doing, do = found
        do()

    def _things(self) -> Iterator[tuple[str, Callable[[], object]]]:
        from mnist_gui.gui.common import dialogs
        from mnist_gui.gui.drawing.files import DrawingFilesPresenter
        from mnist_gui.gui.program import Program
        from mnist_gui.gui.runs.presenter import RunsPresenter

        window, disk = self._window, self._disk
        program = window.findChild(Program)
        assert program is not None
        drawing = draw_three()
        files, runs = program.find(DrawingFilesPresenter), program.find(RunsPresenter)
        yield "draw", partial(window.canvas.set_drawing, drawing)
        yield "save a digit", partial(program.digits.save, drawing, 3, None)
        yield "save a drawing", partial(files.save_to, disk / "home" / "mine.jsonl")
        yield "ask whether a file is there", partial(dialogs.exists, str(disk / "home" / "no"))
        yield "drag a folder", partial(self._drag, disk / "other")
        yield "drag an .npz file", partial(self._drag, disk / "other.npz")
        yield "list the runs", runs.refresh
        yield "start a run", window.recipe_panel.start_button.click
        for page in Page:
            yield page.name.lower(), partial(window.pages.bring_to_front, page)
        yield "stop the run", program.runner.stop
        yield "open a data set", partial(program.data.open, str(disk / "other"))
        yield "open a network", partial(program.network.open, str(disk / "net.mnistgui"))
        yield "open drawings", partial(files.open, str(disk / "home" / "mine.jsonl"))
        yield "choose runs", partial(self._choose_runs, runs)

    def _choose_runs(self, runs: QObject) -> None:
        from mnist_gui.gui.common import dialogs

        # As if the user had chosen it: the dialog is Qt's own.
        dialogs.ask_runs_folder = lambda *_: str(self._disk / "home")
        runs.choose_folder.trigger()  # type: ignore[attr-defined]

    def _drag(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = QDragEnterEvent(
            QPoint(20, 20),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._window, event)

    @Slot()
    def _close(self) -> None:
        self._timer.stop()
        gaps = sorted(self._gaps.items(), key=lambda gap: -gap[1])
        longest = {name: round(gap) for name, gap in gaps[:5]}
        opening = round(self._gaps.pop("opening", 0))
        result = {
            "opening": opening,
            "longest": round(max(self._gaps.values())),
            "blocked": round(self._blocked),
            "gaps": longest,
            "said": [text for text in self._said if text],
        }
        sys.stdout.write(f"{json.dumps(result)}\n")
        sys.stdout.flush()
        self._window.close()


def _busy_seconds() -> float:
    """Return how long this thread has computed, or waited for a processor to do so."""
    ran, waited, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return (int(ran) + int(waited)) / 1e9


def use_window(disk: Path) -> int:
    """Open the window with folders on this disk, use it, and return the exit status."""
    application = build_application()
    window = open_window(DatasetChoice(disk / "set"), kept_in=disk / "data")
    user = User(window, disk)
    window.show()
    QTimer.singleShot(_LONGEST_MILLISECONDS, user, lambda: None)
    return exit_status(application.exec())
