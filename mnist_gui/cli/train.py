"""`mnist-gui train`: a run with a progress bar, and its result."""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from mnist_gui.cli.interrupt import Interrupt
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import ModelFileError
from mnist_gui.engine.events import Event, ImagesRead, SnapshotTaken, StepsEnded, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.model_file import save_snapshot
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.trainer import TrainingRun

_INTERRUPTED = 130


def run_train(arguments: argparse.Namespace) -> int:
    """Train as the arguments say; return the exit status."""
    recipe = recipe_of(arguments)
    if arguments.out:
        _check_folder(arguments.out)
    run = TrainingRun(load_dataset(arguments.data), recipe, arguments.device)
    with Interrupt() as interrupt:
        outcome = _follow(run, History(recipe), interrupt)
    if arguments.out and outcome.snapshot:
        save_snapshot(arguments.out, outcome.snapshot)
    _print_outcome(outcome, arguments.out, as_json=arguments.json)
    return _INTERRUPTED if outcome.is_interrupted else 0


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """Return the named recipe with the values that were typed in place of its own."""
    names = ("steps", "seed", "learning_rate", "batch_size", "precision")
    typed = {name: getattr(arguments, name) for name in names}
    recipe = find_recipe(arguments.recipe)
    return replace(recipe, **{name: value for name, value in typed.items() if value is not None})


def _check_folder(out: Path) -> None:
    """Find out before the training, not after it, that nothing can be saved there."""
    folder = out.resolve().parent
    if out.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise ModelFileError(
            f"The network cannot be saved to {out}; name a file in a folder that can be written."
        )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A run that was followed to its end."""

    history: History
    snapshot: Snapshot | None
    is_interrupted: bool


def _follow(run: TrainingRun, history: History, interrupt: Interrupt) -> _Outcome:
    snapshot = None
    with _progress_bar() as progress:
        task = progress.add_task("preparing", total=history.recipe.steps, loss="", accuracy="")
        for event in _until(interrupt, run):
            history.append(event)
            if isinstance(event, SnapshotTaken):
                snapshot = event.snapshot
            _show(progress, task, event)
    return _Outcome(history, snapshot, interrupt.is_requested)


def _until(interrupt: Interrupt, run: TrainingRun) -> Iterator[Event]:
    for event in run.events():
        yield event
        if interrupt.is_requested:
            yield from run.last_events()
            return


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]} {task.fields[accuracy]}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _show(progress: Progress, task: TaskID, event: Event) -> None:
    match event:
        case StepsEnded():
            loss = f"loss {event.losses[-1]:.3f}"
            progress.update(task, description="training", completed=event.step, loss=loss)
        case Validated():
            progress.update(task, accuracy=f"validation {event.accuracy:.2%}")
        case ImagesRead(split="test"):
            progress.update(
                task, description="testing", completed=event.done, total=event.total, loss=""
            )
        case _:
            pass


def _print_outcome(outcome: _Outcome, out: Path | None, *, as_json: bool) -> None:
    result = result_of(outcome.history, is_interrupted=outcome.is_interrupted)
    if as_json:
        print(json.dumps(result))
        return
    _print_accuracy(outcome)
    if out and outcome.snapshot:
        print(f"Saved to {out}.")


def _print_accuracy(outcome: _Outcome) -> None:
    history = outcome.history
    if history.evaluation is None:
        print(f"Stopped after {history.step:,} of {history.recipe.steps:,} steps, not tested.")
        return
    low, high = history.evaluation.interval
    print(
        f"{history.recipe.name}: {history.evaluation.accuracy:.2%} of the test images read right "
        f"(95 % interval {low:.2%} to {high:.2%}), {history.step:,} steps "
        f"in {history.train_seconds:.1f} s."
    )


def result_of(history: History, *, is_interrupted: bool) -> dict[str, Any]:
    """Return what a run gave, as plain values; None for what was not reached."""
    recipe, prepared, tested = history.recipe, history.prepared, history.tested
    validations = history.validation_accuracy.values
    seconds = history.train_seconds
    return {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "steps": history.step,
        "train_seconds": seconds,
        "steps_per_second": history.step / seconds if seconds else None,
        "validation_accuracy": float(validations[-1]) if len(validations) else None,
        "test_accuracy": tested.evaluation.accuracy if tested else None,
        "test_interval": tested.evaluation.interval if tested else None,
        "device": prepared.device if prepared else None,
        "precision": prepared.precision if prepared else None,
        "parameters": recipe.architecture.parameters,
        "setup_seconds": prepared.setup_seconds if prepared else None,
        "test_seconds": tested.seconds if tested else None,
        "interrupted": is_interrupted,
    }
