"""`mnist-gui train`: a run with a progress bar, and its result."""

import argparse
import json
from dataclasses import replace
from typing import Any

from msgspec import structs

from mnist_gui.cli.inputs import check_out, open_run_store
from mnist_gui.cli.parser import DONE, INTERRUPTED, percent, tell, typed_values
from mnist_gui.cli.training import Interrupt, closing, initial_columns, progress_bar, update_bar
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import SnapshotTaken
from mnist_gui.engine.history import History
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.runs.active_run import Run, start_run
from mnist_gui.engine.runs.recorder import ending_text
from mnist_gui.engine.snapshot import Snapshot


def run_train(arguments: argparse.Namespace, interrupt: Interrupt | None = None) -> int:
    """Train as the arguments say; return the exit status."""
    recipe = replace(find_recipe(arguments.recipe), **typed_values(arguments))
    if arguments.out:
        check_out(arguments.out)
    dataset = load_dataset(arguments.data)
    store = None if arguments.no_record else open_run_store(arguments)
    run = start_run(store, dataset, recipe, device=arguments.device, warn=tell)
    interrupt = interrupt or Interrupt()
    with closing(run, store), interrupt:
        snapshot = follow(run, interrupt)
    return finish(run, snapshot, arguments, is_interrupted=interrupt.is_requested)


def follow(run: Run, interrupt: Interrupt) -> Snapshot | None:
    """Train a run to its end or until Ctrl-C, with a bar; return the weights it has come to."""
    snapshot = None
    with progress_bar() as progress:
        task = progress.add_task("preparing", **initial_columns(run.history))
        for event in run.events_until(lambda: interrupt.is_requested):
            if isinstance(event, SnapshotTaken):
                snapshot = event.snapshot
            update_bar(progress, task, event)
    return snapshot


def finish(
    run: Run, snapshot: Snapshot | None, arguments: argparse.Namespace, *, is_interrupted: bool
) -> int:
    """Save the network where it is asked for, and print the result; return the exit status."""
    if arguments.out and snapshot:
        save_snapshot(arguments.out, snapshot)
    if arguments.json:
        result = result_of(run.history, is_interrupted=is_interrupted)
        print(json.dumps(result | {"run": run.run_id}))
    else:
        _print_accuracy(run.history)
        if arguments.out and snapshot:
            print(f"Saved to {arguments.out}.")
        if run.run_id and is_interrupted:
            print(f"Go on with: mnist-gui resume {run.run_id}")
        elif run.run_id and run.is_recorded:
            print(f"Recorded as {run.run_id}.")
    return INTERRUPTED if is_interrupted else DONE


def _print_accuracy(history: History) -> None:
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
        print(ending_text(history.restored))


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
