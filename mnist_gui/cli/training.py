"""Train on the command line: show progress, record the run, end it at Ctrl-C."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
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
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.events import Event, ImagesRead, StepsEnded, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.resume import RecordedRun, resume_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.trainer import TrainingRun

# A disk that has not answered by then will hardly do so.
_LONGEST_WAIT_SECONDS = 60.0


class Interrupt:
    """While entered, the first Ctrl-C only sets `is_requested`; a second one acts as ever."""

    def __init__(self) -> None:
        self.is_requested = False

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
        self.is_requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, slots=True)
class Training:
    """A run to be followed, and what happened in it before."""

    run: TrainingRun | RecordedRun
    history: History
    recorder: RunRecorder | None = None

    def until(self, interrupt: Interrupt) -> Iterator[Event]:
        """Yield the run's events and take them into the history, until an interrupt ends it."""
        for event in self._events(interrupt):
            self.history.append(event)
            yield event

    def _events(self, interrupt: Interrupt) -> Iterator[Event]:
        for event in self.run.events():
            yield event
            if interrupt.is_requested:
                yield from self.run.last_events()
                return


@contextmanager
def recorded(ledger: RunStore, run: TrainingRun, dataset: Dataset) -> Iterator[Training]:
    """Give a new run such that it is recorded in the ledger."""
    recorder = ledger.start(run.recipe, dataset, tell)
    with _closing(recorder, ledger.folder):
        yield Training(RecordedRun(run, recorder), History(run.recipe), recorder)


@contextmanager
def resumed(
    ledger: RunStore, identity: str, dataset: Dataset, device: str = AUTOMATIC
) -> Iterator[tuple[TrainingRun, Training]]:
    """Give a run of the ledger, to go on from its checkpoint or to begin again."""
    run, history = resume_run(ledger, identity, dataset, device, tell=tell)
    with _closing(run.recorder, ledger.folder):
        yield run.run, Training(run, history, run.recorder)


@contextmanager
def _closing(recorder: RunRecorder, folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        if not recorder.close(_LONGEST_WAIT_SECONDS):
            tell(f"What happened last in the run could not be recorded in {folder}.")


def change(run: TrainingRun, history: History, arguments: argparse.Namespace) -> None:
    """Let a resumed run have the steps and the learning rate that were typed."""
    if arguments.learning_rate is not None:
        replace(run.recipe, learning_rate=arguments.learning_rate)  # Refuses what cannot be.
        run.learning_rate = arguments.learning_rate
    if arguments.steps is not None:
        if arguments.steps <= history.step:
            raise RunStoreError(
                f"The run has done {history.step:,} steps already; choose more in all for --steps."
            )
        run.extend(arguments.steps - history.step)
        history.recipe = run.recipe


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


def first_columns(history: History) -> dict[str, Any]:
    """Return what a bar shows of a run before it begins."""
    return {"total": history.recipe.steps, "completed": history.step, "loss": "", "accuracy": ""}


def show(progress: Progress, task: TaskID, event: Event) -> None:
    """Show on a bar what happened."""
    match event:
        case StepsEnded():
            loss = f"loss {event.losses[-1]:.3f}"
            progress.update(task, description="training", completed=event.step, loss=loss)
        case Validated():
            progress.update(task, accuracy=f"validation {percent(event.accuracy)}")
        case ImagesRead(split="test"):
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
