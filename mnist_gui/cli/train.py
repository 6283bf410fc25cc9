"""`mnist-gui train`: a run with a progress bar, and its result."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from mnist_gui.cli.inputs import check_out, open_run_store
from mnist_gui.cli.parser import DONE, INTERRUPTED, percent, typed_values
from mnist_gui.cli.training import (
    Interrupt,
    Training,
    first_columns,
    progress_bar,
    recorded,
    show,
)
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import SnapshotTaken
from mnist_gui.engine.history import History
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.recorder import RunRecorder, ending
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun


def run_train(arguments: argparse.Namespace) -> int:
    """Train as the arguments say; return the exit status."""
    recipe = replace(find_recipe(arguments.recipe), **typed_values(arguments))
    if arguments.out:
        check_out(arguments.out)
    with _training(arguments, recipe) as training, Interrupt() as interrupt:
        outcome = follow(training, interrupt)
    return finish(outcome, arguments)


@contextmanager
def _training(arguments: argparse.Namespace, recipe: Recipe) -> Iterator[Training]:
    """Give a new run of the recipe, recorded or not."""
    dataset = load_dataset(arguments.data)
    run = TrainingRun(dataset, recipe, arguments.device)
    if arguments.no_record:
        yield Training(run, History(recipe))
        return
    with recorded(open_run_store(arguments), run, dataset) as training:
        yield training


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that was followed to its end, and its recorder if it had one."""

    history: History
    snapshot: Snapshot | None
    is_interrupted: bool
    recorder: RunRecorder | None

    @property
    def identity(self) -> str | None:
        """The identity of the run's record, if there is one."""
        return self.recorder.identity if self.recorder else None


def follow(training: Training, interrupt: Interrupt) -> Outcome:
    """Show on a bar how a run trains, to its end or until Ctrl-C."""
    snapshot = None
    with progress_bar() as progress:
        task = progress.add_task("preparing", **first_columns(training.history))
        for event in training.until(interrupt):
            if isinstance(event, SnapshotTaken):
                snapshot = event.snapshot
            show(progress, task, event)
    return Outcome(training.history, snapshot, interrupt.is_requested, training.recorder)


def finish(outcome: Outcome, arguments: argparse.Namespace) -> int:
    """Save the network where it is asked for, and print the result; return the exit status."""
    if arguments.out and outcome.snapshot:
        save_snapshot(arguments.out, outcome.snapshot)
    _print_outcome(outcome, arguments.out, as_json=arguments.json)
    return INTERRUPTED if outcome.is_interrupted else DONE


def _print_outcome(outcome: Outcome, out: Path | None, *, as_json: bool) -> None:
    result = result_of(outcome.history, is_interrupted=outcome.is_interrupted)
    result["run"] = outcome.identity
    if as_json:
        print(json.dumps(result))
        return
    _print_accuracy(outcome)
    if out and outcome.snapshot:
        print(f"Saved to {out}.")
    if outcome.identity and outcome.is_interrupted:
        print(f"Go on with: mnist-gui resume {outcome.identity}")
    elif outcome.recorder and outcome.recorder.is_written:
        print(f"Recorded as {outcome.identity}.")


def _print_accuracy(outcome: Outcome) -> None:
    history = outcome.history
    if history.evaluation is None:
        print(f"Stopped after {history.step:,} of {history.recipe.steps:,} steps, not tested.")
        return
    low, high = history.evaluation.interval
    print(
        f"{history.recipe.name}: {percent(history.evaluation.accuracy)} of the test images read "
        f"correctly (95 % interval {percent(low)} to {percent(high)}), {history.step:,} steps "
        f"in {history.train_seconds:.1f} s."
    )
    if history.restored:
        print(ending(history.restored))


def _validation_accuracy(history: History) -> float | None:
    """Return the accuracy on the validation images of the weights that the run has come to."""
    if history.restored:
        return history.restored.best_accuracy
    values = history.validation_accuracy.values
    return float(values[-1]) if len(values) else None


def result_of(history: History, *, is_interrupted: bool) -> dict[str, Any]:
    """Return what a run gave, as plain values; None for what was not reached."""
    recipe, prepared, tested = history.recipe, history.prepared, history.tested
    restored, seconds = history.restored, history.train_seconds
    return {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "steps": history.step,
        "train_seconds": seconds,
        "steps_per_second": history.step / seconds if seconds else None,
        "validation_accuracy": _validation_accuracy(history),
        "best_restored": structs.asdict(restored) if restored else None,
        "test_accuracy": tested.evaluation.accuracy if tested else None,
        "test_interval": tested.evaluation.interval if tested else None,
        "device": prepared.device if prepared else None,
        "precision": prepared.precision if prepared else None,
        "parameters": recipe.architecture.parameters,
        "setup_seconds": prepared.setup_seconds if prepared else None,
        "test_seconds": tested.seconds if tested else None,
        "interrupted": is_interrupted,
    }
