"""Measures how long the window keeps its user waiting, phase by phase.

    python benchmarks/responsiveness.py [--seconds 30] [--json]

Opens the real window (on the display there is, or offscreen), and records the gaps between the
turns of its event loop while what is not seen first is built, TensorFlow loads, the views are
built, a cnn-tutorial run starts and trains with a digit being drawn and erased over and over, is
paused, resumed and stopped; then the time from a change of the drawing to its prediction, idle and
in training, and the time that Pause and Stop take.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer

from mnist_gui.app import AfterFirstFrame, build_application, open_window
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three

_RECIPE = replace(find_recipe("cnn-tutorial"), steps=1_000_000)
_STROKE_MILLISECONDS = 16
_PAUSES = 50


class Gaps(QObject):
    """Notes the time between the turns of the event loop, under the name of the phase."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = "opening"
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self._last = time.perf_counter()
        # A timer of zero fires once a turn, whatever else there is to do.
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def begin(self, phase: str) -> None:
        """Count from this moment on, when the window is seen."""
        self.phase = phase
        self._last = time.perf_counter()

    def _note(self) -> None:
        now = time.perf_counter()
        self.seconds[self.phase].append(now - self._last)
        self._last = now
        # Give other threads the processor, as an idle window would.
        time.sleep(0.0005)


class Hand(QObject):
    """Draws a three over and over, one point at a time, and erases it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._points = draw_three().strokes[0].points
        self._drawn = 0
        self._timer = QTimer(self, interval=_STROKE_MILLISECONDS)
        self._timer.timeout.connect(self._draw_on)

    def set_drawing(self, is_drawing: bool) -> None:
        """Start or stop drawing."""
        self._timer.start() if is_drawing else self._timer.stop()

    def _draw_on(self) -> None:
        self._drawn = (self._drawn + 1) % len(self._points)
        stroke = Stroke(self._points[: self._drawn + 1])
        self._window.canvas.set_drawing(Drawing((stroke,)))


class Session:
    """The window and what is measured of it."""

    def __init__(self) -> None:
        self.application = build_application()
        QSettings().clear()
        self.gaps = Gaps()
        self._kept = tempfile.TemporaryDirectory()
        self.window = open_window(kept_in=Path(self._kept.name))
        self.window.show()
        self.window.grab()
        self.gaps.begin("building what is not seen first")
        self._wait_until(lambda: self.window.findChild(Program) is not None)
        program = self.window.findChild(Program)
        assert isinstance(program, Program)
        self.program = program
        self._wait_until(lambda: program.session.engine_thread.is_busy)
        self.hand = Hand(self.window)

    def measure(self, seconds: float) -> dict[str, object]:
        """Go through all the phases; return what was measured, times in milliseconds."""
        self._phase("loading TensorFlow")
        self._wait_for(self.program.session.devices.changed)
        self._phase("building the other views")
        self._wait_until(lambda: self.window.findChild(AfterFirstFrame) is None)
        self._phase("idle")
        self._run_for(2)
        self._phase("starting a run")
        self.program.runner.start(_RECIPE)
        self._wait_until(lambda: self.program.session.run_state.value is RunState.TRAINING)
        self._phase("training and drawing")
        self.hand.set_drawing(True)
        self._run_for(seconds)
        self.hand.set_drawing(False)
        reading_in_training = self._reading_times()
        self._phase("pausing and resuming")
        pausing = [self._pause_time() for _ in range(_PAUSES)]
        self._phase("stopping")
        stopping = self._stop_time()
        self._phase("idle after the run")
        reading_idle = self._reading_times()
        self._phase("closing")
        started = time.perf_counter()
        self.window.close()
        closing = time.perf_counter() - started
        return {
            "gaps": {phase: spread(gaps) for phase, gaps in self.gaps.seconds.items()},
            "all gaps": spread([gap for gaps in self.gaps.seconds.values() for gap in gaps]),
            "drawing to prediction, training": spread(reading_in_training),
            "drawing to prediction, idle": spread(reading_idle),
            "pause": spread(pausing),
            "stop": 1000 * stopping,
            "close": 1000 * closing,
        }

    def _phase(self, name: str) -> None:
        self.gaps.phase = name

    def _run_for(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def _wait_for(self, signal: object) -> None:
        loop = QEventLoop()
        signal.connect(loop.quit)  # type: ignore[attr-defined]
        loop.exec()

    def _wait_for_prediction(self) -> None:
        displayed = self.program.session.displayed
        while True:
            self._wait_for(displayed.changed)
            if displayed.value.prediction is not None:
                return

    def _wait_until(self, condition: object) -> None:
        while not condition():  # type: ignore[operator]
            self.application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)

    def _reading_times(self) -> list[float]:
        times = []
        for _ in range(100):
            started = time.perf_counter()
            self.window.canvas.set_drawing(draw_three())
            self._wait_for_prediction()
            times.append(time.perf_counter() - started)
            self.window.canvas.set_drawing(Drawing())
            self._run_for(0.02)
        return times

    def _pause_time(self) -> float:
        """Return how long after the click the last news of a step came."""
        news: list[float] = []

        def note(_history: object) -> None:
            news.append(time.perf_counter())

        # Every step's news; the figures beside the bar come less often.
        self.program.runner.news.history_changed.connect(note)
        self._run_for(0.2)
        started = time.perf_counter()
        self.window.recipe_panel.pause_button.click()
        self._run_for(0.3)
        # Going on is news as well.
        self.program.runner.news.history_changed.disconnect(note)
        self.window.recipe_panel.pause_button.click()
        return max((moment - started for moment in news if moment > started), default=0.0)

    def _stop_time(self) -> float:
        started = time.perf_counter()
        self.window.recipe_panel.stop_button.click()
        self._wait_until(lambda: self.program.session.run_state.value is RunState.IDLE)
        return time.perf_counter() - started


def spread(seconds: list[float]) -> dict[str, float]:
    """Return percentiles of times, in milliseconds."""
    milliseconds = 1000 * np.array(seconds)
    p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99))
    return {"p50": p50, "p95": p95, "p99": p99, "longest": milliseconds.max()}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = Session().measure(arguments.seconds)
    if arguments.json:
        print(json.dumps(result))
        return 0
    print(f"{'milliseconds':34} {'p50':>8} {'p95':>8} {'p99':>8} {'longest':>8}")
    gaps = result.pop("gaps")
    assert isinstance(gaps, dict)
    for name, row in (gaps | result).items():
        figures = row.values() if isinstance(row, dict) else (row,)
        print(f"{name:34} " + " ".join(f"{figure:8.1f}" for figure in figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
