"""Measures how long the curves of a long run take to be drawn anew.

    python benchmarks/curve_redraw.py [--steps 20000] [--rounds 50]

The curves' page, 900 x 700 pixels, beside nothing else. "live" is a redraw with news of a few
steps more; "axes move too" one whose axes change as well, as when a run is extended. A figure is
the time from the call to the painted pixels, both plots and the legend.
"""

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from mnist_gui.app import build_application
from mnist_gui.engine.events import StepsTrained, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.gui.curves.view import CurvesView

_NEWS = 28


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=50)
    arguments = parser.parse_args()
    application = build_application()
    history = History(replace(find_recipe("cnn-tutorial"), steps=10 * arguments.steps))
    learn(history, arguments.steps)
    curves = CurvesView()
    curves.resize(900, 700)
    curves.show()
    curves.show_history(history)
    application.processEvents()
    learn(history, _NEWS)
    show("live", arguments.rounds, curves, lambda: learn(history, _NEWS))
    show("axes move too", arguments.rounds, curves, lambda: learn(history, arguments.steps // 5))
    curves.close()


def learn(history: History, steps: int) -> None:
    """Append so many steps with losses and accuracies such as a run has."""
    first = history.step
    numbers = np.arange(first, first + steps)
    noise = np.random.default_rng(first).random(steps)
    losses = (2.3 / (1 + numbers / 50) * (0.5 + noise)).tolist()
    accuracies = [(i, max(0.0, 1 - losses[i] / 2.3)) for i in range(-first % 100, steps, 100)]
    history.append(StepsTrained(first + steps, 0.0, losses, accuracies, 0.035))
    for step in numbers[numbers % 1_000 == 0].tolist():
        history.append(Validated(step, 0.99, 0.03))


def show(name: str, rounds: int, curves: CurvesView, change: Callable[[], None]) -> None:
    """Print the median and the slowest redraw after so many changes."""
    milliseconds = []
    for _ in range(rounds):
        change()
        started = perf_counter()
        curves.redraw()
        curves.repaint()
        for pane in (curves.accuracy_pane, curves.loss_pane):
            pane.widget.viewport().repaint()
        milliseconds.append(1000 * (perf_counter() - started))
    print(f"{name:14} median {median(milliseconds):5.1f} ms   slowest {max(milliseconds):5.1f} ms")


if __name__ == "__main__":
    main()
