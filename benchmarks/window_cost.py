"""Measures what the open window costs a training that goes on behind it.

    python -m benchmarks.window_cost [--seconds 15] [--rounds 3] [--json]

In turn, each in a process of its own: cnn-tutorial trained without a window, and behind the real
window (on the display there is, or offscreen) with live curves and a drawing on the canvas that is
read at every snapshot. Prints the medians of steps per second and the share that is lost.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import StepsEnded
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.training.trainer import train

# Validation would come now and then in one and not in the other.
_RECIPE = replace(find_recipe("cnn-tutorial"), validate_every=1_000_000)
_WARM_UP_SECONDS = 3.0


def train_alone(seconds: float) -> float:
    """Return steps per second without a window."""
    started, steps, measured = 0.0, 0, 0.0
    for event in train(load_dataset(), _RECIPE):
        if not isinstance(event, StepsEnded):
            continue
        started = started or perf_counter()
        if perf_counter() - started > _WARM_UP_SECONDS:
            measured = measured or perf_counter()
            steps += len(event.losses)
            if perf_counter() - measured > seconds:
                break
    return steps / (perf_counter() - measured)


def train_behind_window(seconds: float) -> float:
    """Return steps per second with the window open, curves live and a drawing on the canvas."""
    from PySide6.QtCore import QTimer

    from mnist_gui.app import build_application, build_window
    from mnist_gui.demo_drawing import draw_three
    from mnist_gui.parts import Parts

    application = build_application()
    kept = tempfile.TemporaryDirectory()
    window = build_window(kept_in=Path(kept.name))
    parts = window.findChild(Parts)
    assert isinstance(parts, Parts)
    marks: list[tuple[float, int]] = []

    def follow(history: History) -> None:
        marks.append((perf_counter(), history.step))
        if marks[-1][0] - marks[0][0] > _WARM_UP_SECONDS + seconds:
            window.close()

    parts.training.news.history_changed.connect(follow)
    window.show()
    window.canvas.set_drawing(draw_three())
    QTimer.singleShot(0, lambda: parts.training.start(_RECIPE))
    application.exec()
    warm = next(mark for mark in marks if mark[0] - marks[0][0] > _WARM_UP_SECONDS)
    return (marks[-1][1] - warm[1]) / (marks[-1][0] - warm[0])


_WAYS = {"alone": train_alone, "behind the window": train_behind_window}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--way", choices=_WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        print(_WAYS[arguments.way](arguments.seconds))
        return 0
    speeds: dict[str, list[float]] = {way: [] for way in _WAYS}
    for _ in range(arguments.rounds):
        for way, values in speeds.items():
            values.append(_measure(way, arguments.seconds))
    pairs = zip(speeds["alone"], speeds["behind the window"], strict=True)
    lost = median(1 - behind / alone for alone, behind in pairs)
    medians = {way: median(values) for way, values in speeds.items()}
    if arguments.json:
        print(json.dumps(medians | {"lost": lost}))
    else:
        for way, speed in medians.items():
            print(f"{way:20} {speed:6.1f} steps/s")
        print(f"{'lost':20} {lost:6.1%}")
    return 0


def _measure(way: str, seconds: float) -> float:
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks.window_cost", "--way", way]
    done = subprocess.run(
        [*command, "--seconds", str(seconds)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    sys.exit(main())
