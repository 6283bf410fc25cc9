"""Train on the command line: show progress, record the run, end it at Ctrl-C."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from mnist_gui.cli.parser import percent, tell
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.events import EvaluationProgress, Event, StepsTrained, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.active_run import Run
from mnist_gui.engine.runs.store import RunStore

# A disk that has not answered by then will hardly do so.
_LONGEST_WAIT_SECONDS = 60.0


class Interrupt:
    """While entered, the first Ctrl-C only sets `is_requested`; a second one acts as ever."""

    def __init__(self) -> None:
        self._is_requested = False

    @property
    def is_requested(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._is_requested

    def __enter__(self) -> Self:
        self._previous = signal.signal(signal.SIGINT, self._request)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self._is_requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def closing(run: Run, store: RunStore | None) -> Iterator[Run]:
    """Give a run; at the end, wait for its record to be written, and say where it could not be."""
    try:
        yield run
    finally:
        if not run.close(_LONGEST_WAIT_SECONDS) and store:
            tell(f"What happened last in the run could not be recorded in {store.folder}.")


def apply_overrides(run: Run, arguments: argparse.Namespace) -> None:
    """Let a resumed run have the steps and the learning rate that were typed."""
    history = run.history
    if arguments.learning_rate is not None:
        # Refuses what cannot be.
        replace(history.recipe, learning_rate=arguments.learning_rate)
        run.learning_rate = arguments.learning_rate
    if arguments.steps is not None:
        if arguments.steps <= history.step:
            raise RunStoreError(
                f"The run has done {history.step:,} steps already; choose more in all for --steps."
            )
        run.extend(arguments.steps - history.step)


def progress_bar() -> Progress:
    """Return a bar on standard error for one run after the other."""
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


def initial_columns(history: History) -> dict[str, Any]:
    """Return what a bar shows of a run before it begins."""
    return {"total": history.recipe.steps, "completed": history.step, "loss": "", "accuracy": ""}


def update_bar(progress: Progress, task: TaskID, event: Event) -> None:
    """Show on a bar what happened."""
    match event:
        case StepsTrained():
            loss = f"loss {event.losses[-1]:.3f}"
            progress.update(task, description="training", completed=event.step, loss=loss)
        case Validated():
            progress.update(task, accuracy=f"validation {percent(event.accuracy)}")
        case EvaluationProgress(split="test"):
            progress.update(
                task, description="testing", completed=event.done, total=event.total, loss=""
            )
        case _:
            pass


def share_bar() -> Progress:
    """Return a bar on standard error for work of which only the share that is done is known."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
