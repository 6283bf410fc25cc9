"""The bars on standard error that show how far a command is."""

from typing import Any

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

from mnist_gui.cli.messages import percent
from mnist_gui.engine.events import Event, ImagesRead, StepsEnded, Validated
from mnist_gui.engine.history import History


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
