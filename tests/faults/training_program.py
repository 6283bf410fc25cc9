"""A program that trains a run into a store, or goes on with it, and says what it does.

    python -m tests.faults.training_program RUNS RECIPE [RUN]

It prints "training" once it has taken a checkpoint of its own, and "ended" at the end.
"""

import sys
from dataclasses import replace
from pathlib import Path

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import CheckpointTaken
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.active_run import resume_run, start_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.policies import Timing
from tests.refusals import not_told

# Many steps of a small network, and few of one with all that a checkpoint may hold: an optimizer's
# two slots, averages of the weights, statistics of the layers, and images drawn by the program.
TRAINED: dict[str, Recipe] = {
    "softmax": replace(RECIPES["softmax-tutorial"], steps=30_000, validate_every=5_000),
    "cnn": replace(RECIPES["cnn-fast"], steps=1_500, batch_size=32, validate_every=500),
}


def main(runs: str, recipe: str, run_id: str | None = None) -> None:
    """Train to the end, with a checkpoint as often as the disk can take one."""
    store, timing = RunStore(Path(runs)), Timing(checkpoint=0.02)
    dataset = load_dataset()
    if run_id is None:
        run = start_run(store, dataset, TRAINED[recipe], device="CPU", warn=not_told, timing=timing)
    else:
        run = resume_run(store, run_id, dataset, device="CPU", warn=not_told, timing=timing)
    is_told = False
    for event in run.events():
        if isinstance(event, CheckpointTaken) and not is_told:
            is_told = True
            say("training")
    assert run.close(60)
    say("ended")


def say(word: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
