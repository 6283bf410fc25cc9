"""`mnist-gui train`: a run with a progress bar, and its result."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mnist_gui.cli.inputs import check_out, open_run_store
from mnist_gui.cli.parser import DONE, INTERRUPTED, percent, tell, typed_values
from mnist_gui.cli.training import (
    Interrupt,
    Training,
    change,
    first_columns,
    progress_bar,
    recorded,
    resumed,
    show,
)
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import RecipeError, RunStoreError
from mnist_gui.engine.events import SnapshotTaken
from mnist_gui.engine.history import History
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.runs.recorder import RunRecorder, ending
from mnist_gui.engine.runs.run import NextAction, RunRecord
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun


def run_train(arguments: argparse.Namespace) -> int:
    """Train as the arguments say; return the exit status."""
    _check_not_personal(arguments)
    recipe = None if arguments.resume else recipe_of(arguments)
    if arguments.out:
        check_out(arguments.out)
    with _training(arguments, recipe) as training, Interrupt() as interrupt:
        outcome = _follow(training, interrupt)
    if arguments.out and outcome.snapshot:
        save_snapshot(arguments.out, outcome.snapshot)
    _print_outcome(outcome, arguments.out, as_json=arguments.json)
    return INTERRUPTED if outcome.is_interrupted else DONE


@contextmanager
def _training(arguments: argparse.Namespace, recipe: Recipe | None) -> Iterator[Training]:
    """Give the run that is to go on, or a new one of the recipe, recorded or not."""
    if recipe is None:
        _check_resume(arguments)
        ledger = open_run_store(arguments)
        kept = ledger.find(arguments.resume)
        _check_continuation(kept, arguments)
        dataset = load_dataset(arguments.data)
        with resumed(ledger, kept.identity, dataset, arguments.device) as (run, training):
            change(run, training.history, arguments)
            yield training
        return
    dataset = load_dataset(arguments.data)
    run = TrainingRun(dataset, recipe, arguments.device)
    if arguments.no_record:
        yield Training(run, History(recipe))
        return
    with recorded(open_run_store(arguments), run, dataset) as training:
        yield training


def _check_not_personal(arguments: argparse.Namespace) -> None:
    if arguments.base or arguments.drawings:
        raise RecipeError(
            "--from and --drawings go with --recipe personal, which trains a network on with "
            "your drawings; leave them out, or choose that recipe."
        )


def _check_resume(arguments: argparse.Namespace) -> None:
    for name in ("seed", "batch_size", "patience", "precision", "no_record"):
        if getattr(arguments, name) not in (None, False):
            raise RunStoreError(
                "A run goes on as it was started, but for its steps and learning rate; "
                f"leave out --{name.replace('_', '-')}."
            )


def _check_continuation(run: RunRecord, arguments: argparse.Namespace) -> None:
    match run.continuation:
        case NextAction.CONTINUE if arguments.steps is None:
            raise RunStoreError(
                f"The run {run.identity} was completed after {run.facts.step:,} steps; say with "
                "--steps how many it is to have in all."
            )
        case NextAction.RESTART:
            tell(
                f"The run {run.identity} ended before its first checkpoint; it starts again from "
                "the beginning, with the same settings and seed."
            )


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """Return the named recipe with the values that were typed in place of its own."""
    return replace(find_recipe(arguments.recipe), **typed_values(arguments))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A run that was followed to its end, and its recorder if it had one."""

    history: History
    snapshot: Snapshot | None
    is_interrupted: bool
    recorder: RunRecorder | None

    @property
    def identity(self) -> str | None:
        """The identity of the run's record, if there is one."""
        return self.recorder.identity if self.recorder else None


def _follow(training: Training, interrupt: Interrupt) -> _Outcome:
    snapshot = None
    with progress_bar() as progress:
        task = progress.add_task("preparing", **first_columns(training.history))
        for event in training.until(interrupt):
            if isinstance(event, SnapshotTaken):
                snapshot = event.snapshot
            show(progress, task, event)
    return _Outcome(training.history, snapshot, interrupt.is_requested, training.recorder)


def _print_outcome(outcome: _Outcome, out: Path | None, *, as_json: bool) -> None:
    result = result_of(outcome.history, is_interrupted=outcome.is_interrupted)
    result["run"] = outcome.identity
    if as_json:
        print(json.dumps(result))
        return
    _print_accuracy(outcome)
    if out and outcome.snapshot:
        print(f"Saved to {out}.")
    if outcome.identity and outcome.is_interrupted:
        print(f"Go on with: mnist-gui train --resume {outcome.identity}")
    elif outcome.recorder and outcome.recorder.is_written:
        print(f"Recorded as {outcome.identity}.")


def _print_accuracy(outcome: _Outcome) -> None:
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
        "best_restored": asdict(restored) if restored else None,
        "test_accuracy": tested.evaluation.accuracy if tested else None,
        "test_interval": tested.evaluation.interval if tested else None,
        "device": prepared.device if prepared else None,
        "precision": prepared.precision if prepared else None,
        "parameters": recipe.architecture.parameters,
        "setup_seconds": prepared.setup_seconds if prepared else None,
        "test_seconds": tested.seconds if tested else None,
        "interrupted": is_interrupted,
    }
