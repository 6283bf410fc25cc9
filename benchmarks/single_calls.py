"""Measures single calls that somebody waits for: the data set, an image of a drawing, a history.

    python -m benchmarks.single_calls [--rounds 15]

Prints the best and the median of the rounds in milliseconds, beside the most that is wanted.
"""

import argparse
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import Paused, Resumed
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.runs.event_log import encode_event, read_history

_TURNS = 10_000


def spiral(points: int) -> NDArray[np.float64]:
    """Return points (n, 2) of a line that a pen might draw."""
    angles = np.linspace(0, 3 * np.pi, points)
    turned = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return 0.5 + turned * np.linspace(0.05, 0.4, points)[:, np.newaxis]


def drawn(points: NDArray[np.float64]) -> Callable[[], object]:
    """Return what makes the image of one stroke."""
    drawing = Drawing((Stroke(points),))
    return lambda: preprocess(drawing)


def read_turns() -> None:
    """Read a history that goes back in each of thousands of lines."""
    events = [Paused(5)] * _TURNS + [Resumed(5, from_checkpoint=True)] * _TURNS
    content = b"".join(map(encode_event, events))
    read_history(BytesIO(content), find_recipe("softmax-tutorial"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    show("load MNIST", 800, rounds, load_dataset)
    show("image of a drawing of 40 points", 3, rounds, drawn(spiral(40)))
    show("image of a drawing of 100 points", 3, rounds, drawn(spiral(100)))
    scribble = np.random.default_rng(0).random((20_000, 2))
    show("image of a scribble of 20,000 points", 300, rounds, drawn(scribble))
    show("write and read a history that goes back 10,000 times", 5_000, rounds, read_turns)


def show(what: str, most: float, rounds: int, call: Callable[[], object]) -> None:
    """Time a call, and print it beside the most milliseconds that are wanted."""
    times = []
    for _ in range(rounds):
        started = perf_counter()
        call()
        times.append((perf_counter() - started) * 1e3)
    print(f"{what:54}{min(times):9.1f}{median(times):9.1f}   wanted: below {most:,.0f}")


if __name__ == "__main__":
    main()
