"""A program that trains a run into a ledger, or goes on with it, and says what it does.

    python -m tests.faults.training_program RUNS RECIPE [RUN]

It prints "training" once it has taken a checkpoint of its own, and "ended" at the end.
"""

import sys
from dataclasses import replace
from pathlib import Path

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import CheckpointTaken
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs import resume as recorded_run
from mnist_gui.engine.runs.resume import RecordedRun, resume_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.trainer import TrainingRun

# Many steps of a small network, and few of one with all that a checkpoint may hold: an optimizer's
# two slots, averages of the weights, statistics of the layers, and images drawn by the program.
TRAINED: dict[str, Recipe] = {
    "softmax": replace(RECIPES["softmax-tutorial"], steps=30_000, validate_every=5_000),
    "cnn": replace(RECIPES["cnn-fast"], steps=1_500, batch_size=32, validate_every=500),
}


def main(runs: str, recipe: str, identity: str | None = None) -> None:
    """Train to the end, with a checkpoint as often as the disk can take one."""
    recorded_run.CHECKPOINT_SECONDS = 0.02
    ledger = RunStore(Path(runs))
    dataset = load_dataset()
    if identity is None:
        training = TrainingRun(dataset, TRAINED[recipe], "CPU")
        run = RecordedRun(training, ledger.start(training.recipe, dataset, sys.exit))
    else:
        run, _ = resume_run(ledger, identity, dataset, "CPU", tell=sys.exit)
    is_told = False
    for event in run.events():
        if isinstance(event, CheckpointTaken) and not is_told:
            is_told = True
            say("training")
    assert run.recorder.close(60)
    say("ended")


def say(word: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
