"""Measures how long a start takes, against bare scripts that load the same libraries.

    python -m benchmarks.launch [--rounds 7] [--json]

In turn, each in a process of its own: the window until its first frame, against a script that
shows an empty pyqtgraph plot; the window until a drawing is read by the shipped network, against
a script that imports TensorFlow and runs one convolution. Prints medians and their ratios. The
first round only fills the caches and is not counted.
"""

import argparse
import json
import os
import subprocess
import sys
import time
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
"""
_WINDOW = """
from mnist_gui.app import build_application, build_window
app = build_application()
window = build_window()
window.show()
window.grab()
print("shown", flush=True)
import os
os._exit(0)
"""
_BARE_CONVOLUTION = """
import tensorflow as tf
tf.nn.conv2d(tf.zeros((1, 28, 28, 1)), tf.zeros((5, 5, 1, 32)), 1, "SAME").numpy()
"""
_FIRST_PREDICTION = """
from mnist_gui.app import build_application, build_window
from mnist_gui.demo_drawing import draw_three
from mnist_gui.parts import Parts
app = build_application()
window = build_window()
window.show()
window.findChild(Parts).drawing.predicted.connect(app.quit)
window.canvas.set_drawing(draw_three())
app.exec()
print("read", flush=True)
import os
os._exit(0)
"""
_SCRIPTS = {
    "empty plot": _BARE_PLOT,
    "window": _WINDOW,
    "one convolution": _BARE_CONVOLUTION,
    "first prediction": _FIRST_PREDICTION,
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    seconds: dict[str, list[float]] = {name: [] for name in _SCRIPTS}
    for round_number in range(arguments.rounds + 1):
        for name, script in _SCRIPTS.items():
            taken = _time(script)
            if round_number:
                seconds[name].append(taken)
    _print({name: median(times) for name, times in seconds.items()}, as_json=arguments.json)
    return 0


def _time(script: str) -> float:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def _print(medians: dict[str, float], *, as_json: bool) -> None:
    ratios = {
        "window / empty plot": medians["window"] / medians["empty plot"],
        "first prediction / one convolution": medians["first prediction"]
        / medians["one convolution"],
    }
    if as_json:
        print(json.dumps({"seconds": medians, "ratios": ratios}))
        return
    for name, taken in medians.items():
        print(f"{name:36} {taken:6.2f} s")
    for name, ratio in ratios.items():
        print(f"{name:36} {ratio:6.2f}")


if __name__ == "__main__":
    sys.exit(main())
