"""Reads the history of a run back, without what was torn, damaged or lost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.events import Event, Resumed, StepsAdded, StepsEnded
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import parse_json
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.history_lines import parse_event

_MOST_BYTES = 64 << 20
_MOST_LINE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, eq=False)
class KeptHistory:
    """The course of a run, and how many damaged lines of its file had to be left out."""

    history: History
    damaged_lines: int


def read_history(file: BinaryIO, recipe: Recipe, until: int | None = None) -> KeptHistory:
    """Read a file that `history_lines` describes, of a run that was started with this recipe.

    Only up to the step `until`, if it is given, from which the run is to go on. At most 64 MiB are
    read, five million steps. Raises OSError.
    """
    course = _Course()
    damaged = 0
    for line in _whole_lines(file):
        try:
            event = parse_event(parse_json("line", line))
        except UnusableError:
            damaged += 1
        else:
            course.follow(event)
    if until is not None:
        course.go_back(until)
    return KeptHistory(_history(recipe, course.events), damaged)


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    left = _MOST_BYTES
    while left > 0:
        line = file.readline(_MOST_LINE_BYTES)
        left -= len(line)
        # The last line of a program that died while it wrote has no end.
        if not line.endswith(b"\n"):
            if len(line) < _MOST_LINE_BYTES:
                return
            continue
        if line.strip():
            yield line


class _Course:
    """The events of a run in their order, without those that it went back behind."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._steps: list[int] = []

    def follow(self, event: Event | None) -> None:
        """Take in the next event; one that goes back to a checkpoint takes later ones away."""
        if event is None:
            return
        # What has no step of its own belongs to the one before it.
        step: int = getattr(event, "step", self._steps[-1] if self._steps else 0)
        if isinstance(event, Resumed) and event.from_checkpoint:
            self.go_back(step)
        self.events.append(event)
        self._steps.append(step)

    def go_back(self, step: int) -> None:
        """Forget what came after a step."""
        # From the end only: a file that goes back in each line must not take for ever.
        while self._steps and self._steps[-1] > step:
            self.events.pop()
            self._steps.pop()


def _history(recipe: Recipe, events: list[Event]) -> History:
    history = History(recipe)
    for event in events:
        # A line that repeats steps would make curves run backwards.
        if isinstance(event, StepsEnded) and event.step - len(event.losses) < history.step:
            continue
        if isinstance(event, StepsAdded):
            _extend(history, event)
        history.append(event)
    return history


def _extend(history: History, event: StepsAdded) -> None:
    try:
        history.recipe = replace(history.recipe, steps=event.steps)
    except RecipeError:
        history.recipe = replace(history.recipe, steps=max(1, history.step))
