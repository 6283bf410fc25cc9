"""The log of a run: its logged events as JSON Lines, written and read.

    {"event":"prepared","device":"CPU: ...","precision":"float32", ...}
    {"event":"steps","step":40,"epoch":0.07,"losses":[2.3, ...],"accuracies":[[0,0.93]], ...}

What else there can be in a line is declared with each `LoggedEvent` in `engine/events.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Union

import msgspec

from mnist_gui.engine.events import Event, LoggedEvent, Resumed, StepsTrained
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe

_MOST_BYTES = 64 << 20
_MOST_LINE_BYTES = 4 << 20


def encode_event(event: Event) -> bytes:
    """Return the line of an event with its line end, b"" if it is not logged."""
    return msgspec.json.encode(event) + b"\n" if isinstance(event, LoggedEvent) else b""


def decode_event(line: bytes) -> Event:
    """Return the event of a line; raise ValueError if it is damaged or unknown."""
    try:
        return _decoder(tuple(LoggedEvent.__subclasses__())).decode(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


@lru_cache(maxsize=1)
def _decoder(kinds: tuple[type[LoggedEvent], ...]) -> "msgspec.json.Decoder[Event]":
    return msgspec.json.Decoder(Union[kinds])  # noqa: UP007 - of a tuple


@dataclass(frozen=True, slots=True, eq=False)
class StoredHistory:
    """The history of a run, and how many damaged lines of its file were left out."""

    history: History
    damaged_lines: int


def read_history(file: BinaryIO, recipe: Recipe, until: int | None = None) -> StoredHistory:
    """Read the log of a run that was started with this recipe, up to the step `until`.

    Lines that are damaged or of an unknown event are left out and counted; at most 64 MiB, three
    million steps, are read. Raise OSError.
    """
    course = _EventList()
    damaged = 0
    for line in _whole_lines(file):
        try:
            course.append(decode_event(line))
        except ValueError:
            damaged += 1
    if until is not None:
        course.go_back(until)
    history = History(recipe)
    for event in course.events:
        history.append(event)
    return StoredHistory(history, damaged)


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    left = _MOST_BYTES
    while left > 0:
        line = file.readline(_MOST_LINE_BYTES)
        left -= len(line)
        # A program that died while it wrote leaves a last line without its end.
        if not line.endswith(b"\n"):
            if len(line) < _MOST_LINE_BYTES:
                return
            continue
        if line.strip():
            yield line


class _EventList:
    """The events of a run, without those after a checkpoint that it was resumed from."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        # The step of each event, and how many steps were trained by then.
        self._steps: list[tuple[int, int]] = [(0, 0)]

    def append(self, event: Event) -> None:
        """Add the next event; one that resumes from a checkpoint removes those after it."""
        # An event without a step belongs to the one before it.
        step: int = getattr(event, "step", self._steps[-1][0])
        if isinstance(event, Resumed) and event.from_checkpoint:
            self.go_back(step)
        trained = self._steps[-1][1]
        if isinstance(event, StepsTrained):
            # Repeated steps would make curves run backwards.
            if step - len(event.losses) < trained:
                return
            trained = step
        self.events.append(event)
        self._steps.append((step, trained))

    def go_back(self, step: int) -> None:
        """Remove the events after a step."""
        # From the end only: a file that goes back in each line must not take quadratic time.
        while self.events and self._steps[-1][0] > step:
            self.events.pop()
            self._steps.pop()
