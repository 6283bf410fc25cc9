"""`mnist-gui train` and `resume`: train with a progress bar, until done or Ctrl-C."""

import argparse
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any, Self

from msgspec import structs
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

from mnist_gui.cli.console import INTERRUPTED, raise_once
from mnist_gui.cli.inputs import check_out, open_dataset, open_store_to_record
from mnist_gui.cli.parser import (
    DONE,
    FAILED,
    print_message,
    print_problem,
    typed_values,
)
from mnist_gui.engine.errors import (
    RunStoreError,
)
from mnist_gui.engine.events import (
    EvaluationProgress,
    Event,
    SnapshotTaken,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.runs.active_run import Run, resume_run, start_run
from mnist_gui.engine.runs.run import NextAction, RunRecord
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent

# A disk that has not answered by then is unlikely to answer at all.
_LONGEST_WAIT_SECONDS = 60.0


class Interrupt:
    """While entered, the first Ctrl-C only sets `is_requested`; a second one ends the program."""

    def __init__(self) -> None:
        self._is_requested = False

    @property
    def is_requested(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._is_requested

    def __enter__(self) -> Self:
        self._previous = signal.signal(signal.SIGINT, self._request)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self._is_requested = True
        signal.signal(signal.SIGINT, raise_once)


def run_train(arguments: argparse.Namespace, interrupt: Interrupt | None = None) -> int:
    """Run `mnist-gui train`; return the exit status."""
    recipe = replace(find_recipe(arguments.recipe), **typed_values(arguments))
    check_out(arguments.out)
    dataset = open_dataset(arguments)
    store = None if arguments.no_record else open_store_to_record(arguments)
    run = start_run(store, dataset, recipe, device=arguments.device, warn=print_problem)
    interrupt = interrupt or Interrupt()
    with _closing(run, store), interrupt:
        snapshot = _train_with_bar(run, interrupt)
    return _finish(run, snapshot, arguments, is_interrupted=interrupt.is_requested)


def run_resume(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui resume`; return the exit status."""
    check_out(arguments.out)
    store = open_store_to_record(arguments)
    record = store.find(arguments.run)
    _check_next_action(record, arguments)
    dataset = open_dataset(arguments)
    run = resume_run(store, record.run_id, dataset, device=arguments.device, warn=print_problem)
    with _closing(run, store), Interrupt() as interrupt:
        _apply_overrides(run, arguments)
        snapshot = _train_with_bar(run, interrupt)
    return _finish(run, snapshot, arguments, is_interrupted=interrupt.is_requested)


def _check_next_action(run: RunRecord, arguments: argparse.Namespace) -> None:
    match run.continuation:
        case NextAction.CONTINUE if arguments.steps is None:
            text = tr(
                "The run {run} was completed after {steps:,} steps; say with --steps how many "
                "it is to have in all."
            )
            raise RunStoreError(text.format(run=run.run_id, steps=run.info.step))
        case NextAction.RESTART:
            text = tr(
                "The run {run} ended before its first checkpoint; it starts again from "
                "the beginning, with the same settings and seed."
            )
            print_message(text.format(run=run.run_id))


def _apply_overrides(run: Run, arguments: argparse.Namespace) -> None:
    """Give a resumed run the steps and the learning rate of the command line."""
    history = run.history
    if arguments.learning_rate is not None:
        # A new recipe checks the learning rate.
        replace(history.recipe, learning_rate=arguments.learning_rate)
        run.learning_rate = arguments.learning_rate
    if arguments.steps is not None:
        if arguments.steps <= history.step:
            text = tr("The run has done {steps:,} steps already; choose more in all for --steps.")
            raise RunStoreError(text.format(steps=history.step))
        run.extend(arguments.steps - history.step)


@contextmanager
def _closing(run: Run, store: RunStore | None) -> Iterator[Run]:
    """Give the run; then wait until its record is written, and say if it could not be."""
    try:
        yield run
    finally:
        if not run.close(_LONGEST_WAIT_SECONDS) and store:
            print_problem(RunStoreError("run-end-not-recorded", folder=store.folder))


def progress_bar() -> Progress:
    """Return progress bars on standard error, with a line for each run."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]} {task.fields[accuracy]}"),
        TimeElapsedColumn(),
        TextColumn(tr("left:")),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _train_with_bar(run: Run, interrupt: Interrupt) -> Snapshot | None:
    with progress_bar() as progress:
        steps = run.history.recipe.steps
        task = progress.add_task(tr("preparing"), total=steps, loss="", accuracy="")
        return _train(run, interrupt, progress, task)


def _train(run: Run, interrupt: Interrupt, progress: Progress, task: TaskID) -> Snapshot | None:
    """Train to the end or until Ctrl-C; return the run's last snapshot."""
    snapshot = None
    progress.update(task, total=run.history.recipe.steps, completed=run.history.step)
    for event in run.events_until(lambda: interrupt.is_requested):
        if isinstance(event, SnapshotTaken):
            snapshot = event.snapshot
        _update_bar(progress, task, event)
    return snapshot


def _update_bar(progress: Progress, task: TaskID, event: Event) -> None:
    match event:
        case StepsTrained():
            loss = tr("loss {loss:.3f}").format(loss=event.losses[-1])
            progress.update(task, description=tr("training"), completed=event.step, loss=loss)
        case Validated():
            text = tr("validation {accuracy}").format(accuracy=percent(event.accuracy))
            progress.update(task, accuracy=text)
        case EvaluationProgress(split="test"):
            progress.update(
                task, description=tr("testing"), completed=event.done, total=event.total, loss=""
            )
        case _:
            pass


def _finish(
    run: Run, snapshot: Snapshot | None, arguments: argparse.Namespace, *, is_interrupted: bool
) -> int:
    """Save the network if `--out` was given, and print the result; return the exit status."""
    if arguments.out and snapshot:
        save_snapshot(arguments.out, snapshot)
    if arguments.json:
        result = _result_as_json(run.history, is_interrupted=is_interrupted)
        print(json.dumps(result | {"run": run.run_id}))
    else:
        _print_accuracy(run.history)
        if arguments.out and snapshot:
            print(tr("Saved to {path}.").format(path=arguments.out))
        if run.run_id and is_interrupted:
            print(tr("Go on with: mnist-gui resume {run}").format(run=run.run_id))
        elif run.run_id and run.is_recorded:
            print(tr("Recorded as {run}.").format(run=run.run_id))
    if is_interrupted:
        return INTERRUPTED
    return DONE if run.is_recorded else FAILED


def _print_accuracy(history: History) -> None:
    if history.evaluation is None:
        text = tr("Stopped after {step:,} of {steps:,} steps, not tested.")
        print(text.format(step=history.step, steps=history.recipe.steps))
        return
    low, high = history.evaluation.interval
    text = tr(
        "{recipe}: {share} of the test images read correctly (95 % interval {low} to {high}), "
        "{steps:,} steps in {seconds:.1f} s."
    )
    text = text.format(
        recipe=history.recipe.name,
        share=percent(history.evaluation.accuracy),
        low=percent(low),
        high=percent(high),
        steps=history.step,
        seconds=history.train_seconds,
    )
    print(text)
    if history.restored:
        print(sentence(history.restored.ending))


def _validation_accuracy(history: History) -> float | None:
    """Return the validation accuracy of the run's last weights."""
    if history.restored:
        return history.restored.best_accuracy
    values = history.validation_accuracy.values
    return float(values[-1]) if len(values) else None


def _result_as_json(history: History, *, is_interrupted: bool) -> dict[str, Any]:
    """Return the result of a run, with None for what it did not reach."""
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
