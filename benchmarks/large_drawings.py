"""Measures how long the window keeps its user waiting with a drawing as large as is opened.

    python -m benchmarks.large_drawings [NAME ...] [--points 100000] [--json]

Each kind of drawing, in a process of its own, is opened from a file, painted, cleared, brought
back, explained, replayed, erased and saved, in the real window (on the display there is, or
offscreen). Printed are the longest gaps between two turns of the event loop in each phase in
milliseconds, the longest that the window's thread itself computed between two, which other programs
do not change, and the longest that it waited for a processor, as Linux counts it; the seconds that
all took; and by how many MB the process' largest resident memory grew. Its address space is
bounded, so that nothing can take the machine's memory. The status is 1 where a gap was longer than
50 ms or memory grew by more than 300 MB.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, QTimer, Slot
from PySide6.QtTest import QTest

from benchmarks.endurance import closed, opened, until
from mnist_gui.app import build_application
from mnist_gui.engine.digits.files import write_drawings
from mnist_gui.engine.drawing import MOST_POINTS, Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.files import DrawingFilesPresenter
from mnist_gui.gui.drawing.replay import ReplayPresenter
from mnist_gui.gui.explanation.presenter import ExplanationPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow

LONGEST_GAP = 50
MOST_MEGABYTES = 300
_ADDRESS_SPACE = 12 << 30
_REPLAY_SECONDS = 3.0
# So that what is still to be painted of a page counts for the phase that has shown it.
_REST_SECONDS = 0.3
_ERASER_MOVES = 30


class _Turns(QObject):
    """Notes by phases the event loop's longest turn.

    By the clock; of this thread's own computing; and of its waiting for a processor that others
    had. What is left of the first is waiting for Python's lock and for the screen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.phase = ""
        self.gaps: dict[str, float] = {}
        self.own: dict[str, float] = {}
        self.queued: dict[str, float] = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def begin(self, phase: str) -> None:
        """Count from this moment on."""
        self.phase = phase
        self._last = _times()

    @Slot()
    def _note(self) -> None:
        if not self.phase:
            return
        now = _times()
        for longest, then, time_now in zip(
            (self.gaps, self.own, self.queued), self._last, now, strict=True
        ):
            took = round(1000 * (time_now - then))
            longest[self.phase] = max(longest.get(self.phase, 0), took)
        self._last = now


def _times() -> tuple[float, float, float]:
    """Return the seconds of the clock, that this thread has computed, and has waited to compute."""
    queued = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return time.perf_counter(), time.thread_time(), queued


def _jumping(count: int) -> list[Stroke]:
    return [Stroke(np.tile([[0.02, 0.02], [0.98, 0.98]], (count // 2, 1)))]


def _scribble(count: int) -> np.ndarray:
    steps = np.random.default_rng(3).normal(0, 0.01, (count, 2))
    return 0.5 + 0.45 * np.sin(np.cumsum(steps, axis=0))


def _pressed(count: int) -> list[Stroke]:
    return [Stroke(_scribble(count), pressures=np.linspace(0, 1, count))]


def _in_pieces(places: np.ndarray, points: int) -> list[Stroke]:
    return [Stroke(piece) for piece in np.split(places, len(places) // points)]


_KINDS: dict[str, Callable[[int], list[Stroke]]] = {
    "jumping": _jumping,
    "scribble": lambda count: [Stroke(_scribble(count))],
    "pressed": _pressed,
    "hundreds": lambda count: _in_pieces(_scribble(count), 200),
    "pieces": lambda count: _in_pieces(_jumping(count)[0].points, 10),
}


def main() -> int:
    """Measure and print; or, in a process of its own, measure one kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_KINDS))
    parser.add_argument("--points", type=int, default=MOST_POINTS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    names = arguments.names or list(_KINDS)
    if arguments.inside:
        print(json.dumps(_measure(names[0], arguments.points)))
        return 0
    results = {}
    for name in names:
        results[name] = result = _outcome(name, arguments.points)
        if not arguments.json:
            print(f"{name:10} {result}", flush=True)
    if arguments.json:
        print(json.dumps(results))
    return 0 if all(result["is_good"] for result in results.values()) else 1


def _outcome(name: str, points: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.large_drawings", name, "--points", str(points)]
    with tempfile.TemporaryDirectory() as folder:
        homes = dict.fromkeys(("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), folder)
        finished = subprocess.run(
            [*command, "--inside"], stdout=subprocess.PIPE, env=os.environ | homes, check=False
        )
    if finished.returncode:
        return {"status": finished.returncode, "is_good": False}
    result: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    longest = max(result["gaps"].values())
    is_good = longest <= LONGEST_GAP and result["megabytes"] <= MOST_MEGABYTES
    return result | {"longest": longest, "is_good": is_good}


def _measure(name: str, points: int) -> dict[str, Any]:
    """Do everything with one drawing, and return what it took."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    application = build_application()
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(native, user, os.environ["XDG_CONFIG_HOME"])
    file = Path(os.environ["XDG_DATA_HOME"]) / "large.json"
    write_drawings(file, [LabelledDrawing(Drawing(tuple(_KINDS[name](points))), None)])
    window, program = opened()
    until(lambda: program.session.devices.value is not None)
    _Hand(window, program, None).explain_small()
    before, started = _peak_megabytes(), time.perf_counter()
    turns = _Turns()
    _Hand(window, program, turns).do_all(file)
    seconds = time.perf_counter() - started
    result = {
        "gaps": turns.gaps,
        "own": turns.own,
        "queued": turns.queued,
        "seconds": round(seconds),
        "megabytes": _peak_megabytes() - before,
    }
    closed(window, program)
    application.quit()
    return result


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


class _Hand:
    """Does with a drawing what a user can do."""

    def __init__(self, window: MainWindow, program: Program, turns: _Turns | None) -> None:
        self._window, self._program, self._turns = window, program, turns
        self._canvas = window.canvas

    def explain_small(self) -> None:
        """Let all that is loaded late be loaded, and its memory taken."""
        self._canvas.set_drawing(Drawing((Stroke([[0.3, 0.3], [0.5, 0.6], [0.3, 0.8]]),)))
        self._explain()
        self._canvas.clear()

    def do_all(self, file: Path) -> None:
        """Go through the phases."""
        files = self._program.find(DrawingFilesPresenter)
        self._begin("opening")
        files.open(str(file))
        until(lambda: bool(self._canvas.drawing))
        self._begin("painting")
        self._wait_for_all()
        self._begin("clearing")
        self._canvas.clear()
        self._wait_for_all()
        self._begin("undo")
        self._canvas.document.undo()
        self._wait_for_all()
        self._begin("explaining")
        self._explain()
        self._begin("replaying")
        replay = self._program.find(ReplayPresenter)
        replay.play_or_stop()
        self._let_live(_REPLAY_SECONDS)
        replay.stop()
        self._wait_for_all()
        self._begin("erasing")
        self._erase()
        self._wait_for_all()
        self._begin("saving")
        self._canvas.document.undo()
        files.save(file.with_name("again.json"), add=False)
        until(lambda: not self._program.session.is_awaited)
        self._wait_for_all()

    def _begin(self, phase: str) -> None:
        if self._turns is not None:
            self._turns.begin(phase)

    def _wait_for_all(self) -> None:
        """Wait until all ink is painted, and the drawing read."""
        until(self._is_all_there)

    def _is_all_there(self) -> bool:
        displayed = self._program.session.displayed.value
        is_read = displayed.prediction is not None or not self._canvas.drawing
        return self._canvas._ink.is_complete and is_read

    def _let_live(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        until(lambda: time.perf_counter() > end)

    def _explain(self) -> None:
        """Look at the page that explains until it has, and then at another one."""
        explained: list[object] = []
        self._program.find(ExplanationPresenter).explained.connect(
            lambda explanation: explained.append(explanation)  # noqa: PLW0108 - as PySide6 is typed
        )
        self._window.pages.bring_to_front(Page.EXPLANATION)
        until(lambda: bool(explained))
        self._let_live(_REST_SECONDS)
        self._window.pages.bring_to_front(Page.CURVES)
        self._let_live(_REST_SECONDS)

    def _erase(self) -> None:
        """Move the eraser over the drawing, and take away what is in its middle."""
        self._canvas.set_erasing(True)
        middle = self._canvas.area.center()
        for step in range(_ERASER_MOVES):
            QTest.mouseMove(self._canvas, middle + QPoint(step - _ERASER_MOVES, 0))
            self._let_live(0.02)
        QTest.mouseClick(self._canvas, Qt.MouseButton.LeftButton, pos=middle)
        self._canvas.set_erasing(False)


if __name__ == "__main__":
    sys.exit(main())
