"""Measures what recording a run costs of its speed.

    python -m benchmarks.checkpoint_cost [--recipe cnn-tutorial] [--rounds 40]

One run is trained in turns of 1.25 seconds: by turns recorded as `mnist-gui train` records, with a
checkpoint at the turn's beginning, and not recorded at all. What a recorded turn took longer than
its steps take in the two turns around it is what the checkpoint cost; divided by the 4.5 seconds
from one checkpoint to the next, that is the share of the speed which recording costs. So a slow
change of the machine's speed cancels out, and of what is left the checkpoint is a larger part than
in a run. Both times are told, the clock's and the processors', as the median of all recorded turns
with an interval that holds it with a certainty of 95 %, whatever the noise is like.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import comb
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.events import Event, StepsTrained
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.policies import CHECKPOINT_SECONDS
from mnist_gui.engine.training.trainer import Trainer
from mnist_gui.words.errors import sentence

# Long enough for the recorder's thread to have written all.
_TURN_SECONDS = 1.25
_CERTAINTY = 0.95


@dataclass(frozen=True, slots=True)
class Turn:
    """Some training: its steps, and the seconds they took by the clock and by the processors."""

    steps: int
    clock: float
    processors: float

    def beyond(self, *others: "Turn") -> "Turn":
        """Return by how much longer this turn took than its steps take in the others."""
        steps = sum(other.steps for other in others)
        return Turn(
            self.steps,
            self.clock - self.steps * sum(other.clock for other in others) / steps,
            self.processors - self.steps * sum(other.processors for other in others) / steps,
        )


class EndlessRun:
    """Trains a recipe, and anew when its steps have run out."""

    def __init__(self, dataset: Dataset, recipe: Recipe) -> None:
        self._dataset = dataset
        self._recipe = recipe
        self._step: int
        self._steps_of_last_turn: int
        self._begin()

    def train(self, recorder: RunRecorder | None) -> Turn:
        """Train for one turn, recorded or not."""
        if self._run.recipe.steps - self._step < self._steps_of_last_turn * 2:
            self._begin()
        # One checkpoint is due at once, and no other one in this turn.
        self._run.checkpoints.seconds = CHECKPOINT_SECONDS if recorder else None
        self._run.checkpoints.make_due()
        first, started, worked = self._step, perf_counter(), process_time()
        for event in self._events:
            if recorder:
                recorder.record(event)
            if isinstance(event, StepsTrained):
                self._step = event.step
            if perf_counter() - started > _TURN_SECONDS:
                break
        self._steps_of_last_turn = self._step - first
        return Turn(self._steps_of_last_turn, perf_counter() - started, process_time() - worked)

    def _begin(self) -> None:
        self._run = Trainer(self._dataset, self._recipe)
        self._events: Iterator[Event] = self._run.events()
        self._step = self._steps_of_last_turn = 0
        # What the first steps take is no measure of the others.
        self.train(None)
        self.train(None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", default="cnn-tutorial")
    parser.add_argument("--rounds", type=int, default=40)
    arguments = parser.parse_args()
    recipe = replace(find_recipe(arguments.recipe), steps=1_000_000, validate_every=1_000_000)
    bare, delays = measure(recipe, arguments.rounds)
    rates = [turn.steps / turn.clock for turn in bare]
    print(f"not recorded {median(rates):10.1f} steps/s")
    report("by the clock", [delay.clock for delay in delays])
    report("by the processors", [delay.processors for delay in delays])


def measure(recipe: Recipe, rounds: int) -> tuple[list[Turn], list[Turn]]:
    """Return the turns not recorded, and what each of the recorded ones took longer."""
    dataset = load_dataset()
    run = EndlessRun(dataset, recipe)
    with TemporaryDirectory() as folder:
        recorder = RunStore(Path(folder)).start(
            recipe, dataset, lambda problem: sys.exit(sentence(problem))
        )
        bare = [run.train(None)]
        delays: list[Turn] = []
        for _ in range(rounds):
            recorded = run.train(recorder)
            bare.append(run.train(None))
            delays.append(recorded.beyond(*bare[-2:]))
        recorder.close()
    return bare, delays


def report(name: str, seconds: Sequence[float]) -> None:
    """Print what a checkpoint took, and what share of the time between two that is."""
    low, high = interval_of_median(seconds)
    shares = [f"{value / CHECKPOINT_SECONDS:.2%}" for value in (median(seconds), low, high)]
    print(
        f"{name:18} {1000 * median(seconds):6.0f} ms a checkpoint, cost {shares[0]} "
        f"({shares[1]} to {shares[2]})"
    )


def interval_of_median(values: Sequence[float]) -> tuple[float, float]:
    """Return two of the values between which the median lies with a certainty of 95 % or more.

    As many of the values lie below the median as coins fall on heads (sign test). With fewer than
    six values the certainty is less.
    """
    ordered, count = sorted(values), len(values)
    left_out, tail = 0, 1 / 2**count
    while left_out < (count - 1) // 2:
        tail += comb(count, left_out + 1) / 2**count
        if tail > (1 - _CERTAINTY) / 2:
            break
        left_out += 1
    return ordered[left_out], ordered[-1 - left_out]


if __name__ == "__main__":
    main()
