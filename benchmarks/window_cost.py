"""Measures what a user's training loses to what is around the engine: the command or the window.

    python -m benchmarks.window_cost [--seconds 15] [--rounds 3] [--warm-up 3] [--json]

In turn, each in a process of its own: cnn-tutorial trained by the engine alone; as `mnist-gui
train` does it, recorded, with a progress bar as a terminal gets it; and recorded behind the real
window (on the display there is, or offscreen) with live curves and a drawing on the canvas that is
read at every snapshot. Prints the medians of steps per second and the shares that are lost; and,
on Linux, the processor time in milliseconds that threads took of each second, which can also be
measured where other programs are running: what is not "computing" keeps training's cores waiting.
The thread that draws the progress bar is counted as computing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.thread_times import processor_seconds
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import StepsTrained
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.training.trainer import Trainer

_LONGEST_WAIT_SECONDS = 30.0
# Validation would come now and then in one and not in the other.
_RECIPE = replace(find_recipe("cnn-tutorial"), validate_every=1_000_000)
_ALONE, _COMMAND, _BEHIND = "alone", "mnist-gui train", "behind the window"
# The main thread trains in one and is the window's in the other.
_THREADS = {
    _ALONE: {"main": "training", "others": "computing"},
    _COMMAND: {"main": "training", "recorder": "record", "others": "computing"},
    _BEHIND: {
        "engine": "training",
        "main": "window",
        "recorder": "record",
        "reading": "reading",
        "others": "computing",
    },
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Steps per second, and milliseconds of processor time per second by what they are spent on."""

    speed: float
    milliseconds: Mapping[str, float]


class Watch:
    """Measures a training from the end of the warming up on."""

    def __init__(self, way: str, warm_up: float, seconds: float) -> None:
        self._names = _THREADS[way]
        self._begin = perf_counter() + warm_up
        self._end = self._begin + seconds
        self._first: tuple[float, int, Mapping[str, float]] | None = None

    def take(self, step: int) -> Cost | None:
        """Note how far the training is; return the cost at the end."""
        now = perf_counter()
        if self._first is None and now > self._begin:
            self._first = now, step, processor_seconds(self._names)
        if self._first is None or now < self._end:
            return None
        began, first_step, before = self._first
        after, passed = processor_seconds(self._names), now - began
        milliseconds = {
            label: 1000 * (after[name] - before.get(name, 0.0)) / passed
            for name, label in self._names.items()
            if name in after
        }
        return Cost((step - first_step) / passed, milliseconds)


def train_alone(warm_up: float, seconds: float) -> Cost:
    """Return the cost without a window."""
    watch: Watch | None = None
    for event in Trainer(load_dataset(), _RECIPE).events():
        if isinstance(event, StepsTrained):
            watch = watch or Watch(_ALONE, warm_up, seconds)
            if cost := watch.take(event.step):
                return cost
    raise RuntimeError("the run ended before it was measured: choose fewer seconds")


def train_by_command(warm_up: float, seconds: float) -> Cost:
    """Return the cost of what `mnist-gui train` does, recorded and with a progress bar."""
    from mnist_gui.cli.parser import print_problem
    from mnist_gui.cli.train import _train, progress_bar
    from mnist_gui.engine.runs.active_run import start_run
    from mnist_gui.engine.runs.store import RunStore

    # A bar is only drawn on a terminal.
    os.environ["FORCE_COLOR"] = "1"
    watches: list[Watch] = []
    costs: list[Cost] = []

    class End:
        """Asks for an end once the cost is known."""

        @property
        def is_requested(self) -> bool:
            if run.history.step:
                watches.extend([] if watches else [Watch(_COMMAND, warm_up, seconds)])
                if not costs and (cost := watches[0].take(run.history.step)):
                    costs.append(cost)
            return bool(costs)

    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        run = start_run(RunStore(Path(folder)), load_dataset(), _RECIPE, warn=print_problem)
        task = progress.add_task("", total=_RECIPE.steps, loss="", accuracy="")
        _train(run, End(), progress, task)  # type: ignore[arg-type]
        run.close(_LONGEST_WAIT_SECONDS)
    if not costs:
        raise RuntimeError("the run ended before it was measured: choose fewer seconds")
    return costs[0]


def train_behind_window(warm_up: float, seconds: float) -> Cost:
    """Return the cost with the window open, curves live and a drawing on the canvas."""
    from PySide6.QtCore import QTimer

    from mnist_gui.app import build_application, build_window
    from mnist_gui.engine.history import History
    from mnist_gui.gui.program import Program
    from mnist_gui.screenshot import draw_three

    application = build_application()
    kept = tempfile.TemporaryDirectory()
    window = build_window(kept_in=Path(kept.name))
    program = window.findChild(Program)
    assert isinstance(program, Program)
    watches: list[Watch] = []
    costs: list[Cost] = []

    def follow(history: History) -> None:
        watches.extend([] if watches else [Watch(_BEHIND, warm_up, seconds)])
        if not costs and (cost := watches[0].take(history.step)):
            costs.append(cost)
            window.close()

    program.runner.news.history_changed.connect(follow)
    window.show()
    window.canvas.set_drawing(draw_three())
    QTimer.singleShot(0, lambda: program.runner.start(_RECIPE))
    application.exec()
    return costs[0]


_WAYS = {_ALONE: train_alone, _COMMAND: train_by_command, _BEHIND: train_behind_window}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=float, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--way", choices=_WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        cost = _WAYS[arguments.way](arguments.warm_up, arguments.seconds)
        print(json.dumps(asdict(cost)))
        return 0
    costs: dict[str, list[Cost]] = {way: [] for way in _WAYS}
    for _ in range(arguments.rounds):
        for way, values in costs.items():
            values.append(_measure(way, arguments))
    medians = {way: _median(values) for way, values in costs.items()}
    lost = {way: _lost(costs[_ALONE], values) for way, values in costs.items() if way != _ALONE}
    if arguments.json:
        print(json.dumps({way: asdict(cost) for way, cost in medians.items()} | {"lost": lost}))
    else:
        _print(medians, lost)
    return 0


def _lost(alone: list[Cost], costs: list[Cost]) -> float:
    """Return the median of the shares of the speed that each round lost."""
    return median(1 - cost.speed / one.speed for one, cost in zip(alone, costs, strict=True))


def _print(medians: Mapping[str, Cost], lost: Mapping[str, float]) -> None:
    for way, cost in medians.items():
        times = ", ".join(f"{label} {time:.1f}" for label, time in cost.milliseconds.items())
        print(f"{way:18}{cost.speed:7.1f} steps/s   {times and 'ms of each second: '}{times}")
    for way, share in lost.items():
        print(f"{'lost ' + way:24}{share:7.1%}")


def _median(costs: list[Cost]) -> Cost:
    labels = costs[0].milliseconds
    times = {label: median(cost.milliseconds[label] for cost in costs) for label in labels}
    return Cost(median(cost.speed for cost in costs), times)


def _measure(way: str, arguments: argparse.Namespace) -> Cost:
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks.window_cost", "--way", way]
    command += ["--seconds", str(arguments.seconds), "--warm-up", str(arguments.warm_up)]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
