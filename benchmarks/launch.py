"""Measures how long a start takes, against bare scripts that load the same libraries.

    python -m benchmarks.launch [--rounds 7] [--window-only] [--json]

In turn, each in a process of its own: the window until its first frame, and until all of it is
built, against a script that shows an empty pyqtgraph plot; the window until a drawing is read by
the shipped network, against a script that imports TensorFlow and runs one convolution. Prints
medians of times and of processor times, and their ratios. The first round only fills the caches,
compiled modules among them, and is not counted.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

_BARE_PLOT = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import pyqtgraph
app = QApplication([])
plot = pyqtgraph.PlotWidget()
plot.resize(1280, 800)
plot.show()
app.processEvents()
plot.grab()
import os
os._exit(0)
"""
_WINDOW = """
from mnist_gui.app import build_application, open_window
app = build_application()
window = open_window()
window.show()
window.grab()
import os
os._exit(0)
"""
_WHOLE_WINDOW = """
from mnist_gui.app import build_application, build_window
app = build_application()
window = build_window()
window.show()
window.grab()
import os
os._exit(0)
"""
_BARE_CONVOLUTION = """
import tensorflow as tf
tf.nn.conv2d(tf.zeros((1, 28, 28, 1)), tf.zeros((5, 5, 1, 32)), 1, "SAME").numpy()
"""
_FIRST_PREDICTION = """
from mnist_gui.app import build_application, build_window
from mnist_gui.screenshot import draw_three
from mnist_gui.gui.program import Program
app = build_application()
window = build_window()
window.show()
displayed = window.findChild(Program).session.displayed
displayed.changed.connect(lambda value: app.quit() if value.prediction else None)
window.canvas.set_drawing(draw_three())
app.exec()
import os
os._exit(0)
"""
_SCRIPTS = {
    "empty plot": _BARE_PLOT,
    "window": _WINDOW,
    "window, all of it": _WHOLE_WINDOW,
    "one convolution": _BARE_CONVOLUTION,
    "first prediction": _FIRST_PREDICTION,
}
_WITHOUT_TENSORFLOW = ("empty plot", "window", "window, all of it")
_RATIOS = (
    ("window", "empty plot"),
    ("window, all of it", "empty plot"),
    ("first prediction", "one convolution"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds that a process took, by the clock and of processors."""

    clock: float
    processor: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--window-only", action="store_true", help="nothing with TensorFlow")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    names = _WITHOUT_TENSORFLOW if arguments.window_only else tuple(_SCRIPTS)
    taken: dict[str, list[Taken]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as compiled:
        for round_number in range(arguments.rounds + 1):
            for name in names:
                once = _time(_SCRIPTS[name], compiled)
                if round_number:
                    taken[name].append(once)
    _print({name: _median(times) for name, times in taken.items()}, as_json=arguments.json)
    return 0


def _time(script: str, compiled: str) -> Taken:
    # An installed program has its modules compiled; a checkout may be told not to keep them.
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return Taken(clock, user + system)


def _median(times: Sequence[Taken]) -> Taken:
    return Taken(median(each.clock for each in times), median(each.processor for each in times))


def _print(medians: dict[str, Taken], *, as_json: bool) -> None:
    ratios = {
        f"{name} / {bare}": Taken(
            medians[name].clock / medians[bare].clock,
            medians[name].processor / medians[bare].processor,
        )
        for name, bare in _RATIOS
        if name in medians
    }
    if as_json:
        seconds = {name: asdict(taken) for name, taken in medians.items()}
        shares = {name: asdict(ratio) for name, ratio in ratios.items()}
        print(json.dumps({"seconds": seconds, "ratios": shares}))
        return
    print(f"{'':36} {'clock':>8} {'processor':>10}")
    for name, taken in medians.items():
        print(f"{name:36} {taken.clock:6.2f} s {taken.processor:8.2f} s")
    for name, ratio in ratios.items():
        print(f"{name:36} {ratio.clock:6.2f}   {ratio.processor:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
