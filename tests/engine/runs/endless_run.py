"""A program that records a run without end, to be killed: its checkpoints are all its step.

python -m tests.engine.runs.endless_run RUNS DATA
"""

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import CheckpointTaken, SnapshotTaken, Validated
from mnist_gui.engine.runs.store import RunStore, StoreOptions
from tests.engine.runs.conftest import PREPARED, RECIPE, checkpoint_at, snapshot_at, steps_to
from tests.refusals import not_told


def main(runs: Path, data: Path) -> None:
    """Record, as fast as the disk can, what happens in ten steps at a time."""
    recipe = replace(RECIPE, steps=1_000_000)
    running = RunStore(runs, StoreOptions(write_seconds=0.001)).start(
        recipe, load_dataset(data), not_told
    )
    running.record(PREPARED)
    for step in count(10, 10):
        running.record(steps_to(step))
        running.record(SnapshotTaken(snapshot_at(step)))
        running.record(Validated(step, 0.5, 1.0))
        running.record(CheckpointTaken(replace(checkpoint_at(step), steps=1_000_000)))
        # What comes while the disk is busy has to be written in the right order, too.
        while step % 50 == 10 and not running.is_written:
            pass
        if step == 10:
            sys.stdout.write("recording\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
