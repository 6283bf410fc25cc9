"""Measures what recording a run costs of its speed.

    python -m benchmarks.checkpoint_cost [--recipe cnn-tutorial] [--rounds 5]

One run is trained in windows of 18 seconds, by turns recorded as `mnist-gui train` records, with
four checkpoints in each window, and not recorded. A figure is the median of the windows' speeds;
below stands the median of what each recorded window was slower than the one before it.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import Event, StepsEnded
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.runs.recorded_run import CHECKPOINT_SECONDS
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.training.trainer import TrainingRun

_CHECKPOINTS = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="cnn-tutorial")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    recipe = replace(find_recipe(arguments.recipe), steps=1_000_000, validate_every=1_000_000)
    dataset = load_dataset()
    run = TrainingRun(dataset, recipe)
    events = run.events()
    with TemporaryDirectory() as folder:
        recorder = RunLedger(Path(folder)).start(recipe, dataset, sys.exit)
        train(run, events, None)
        rounds = [
            (train(run, events, None), train(run, events, recorder))
            for _ in range(arguments.rounds)
        ]
        recorder.close()
    bare, recorded = zip(*rounds, strict=True)
    print(f"not recorded {median(bare):10.1f} steps/s")
    print(f"recorded     {median(recorded):10.1f} steps/s")
    print(f"cost         {median(1 - b / a for a, b in rounds):10.2%}")


def train(run: TrainingRun, events: Iterator[Event], recorder: RunRecorder | None) -> float:
    """Train for one window; return the steps per second."""
    # The first checkpoint comes at once, and the next window begins when the fifth would.
    run.checkpoints.seconds = CHECKPOINT_SECONDS if recorder else None
    started = perf_counter()
    steps = 0
    for event in events:
        if recorder:
            recorder.take(event)
        if isinstance(event, StepsEnded):
            steps += len(event.losses)
        if perf_counter() - started > _CHECKPOINTS * CHECKPOINT_SECONDS:
            break
    return steps / (perf_counter() - started)


if __name__ == "__main__":
    main()
