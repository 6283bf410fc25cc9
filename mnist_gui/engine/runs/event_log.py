"""The log of a run: its events as JSON Lines, written and read.

    {"event": "prepared", "device": ..., "precision": ..., "parameters": ..., "setup_seconds": ...}
    {"event": "steps", "step": 40, "epoch": 0.07, "seconds": 0.03, "losses": [...],
     "accuracies": [[0, 0.93], ...]}

The losses are those of the steps up to `step`; each accuracy stands beside the place of its loss.
Then there are "validated" and "tested", and what befell the run: "learning-rate-changed",
"steps-added", "paused", "resumed", "best-restored". Losses have all the digits of a float32.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.events import (
    BestRestored,
    Event,
    LearningRateChanged,
    Paused,
    Resumed,
    RunPrepared,
    StepsAdded,
    StepsEnded,
    Tested,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.io.archive import UnusableError
from mnist_gui.engine.io.strict_json import JsonObject, parse_json
from mnist_gui.engine.recipe import Recipe

_PART = "line"
_MOST_STEPS = 100_000


_MOST_BYTES = 64 << 20
_MOST_LINE_BYTES = 4 << 20


def format_event(event: Event) -> str | None:
    """Return the line of an event, without its end, or None for one that leaves no line."""
    if isinstance(event, StepsEnded):
        return _format_steps(event)
    record = _record(event)
    return json.dumps(record, separators=(",", ":")) if record else None


def parse_event(record: Any) -> Event | None:
    """Return the event of a line's value, or None where it leaves none; raises UnusableError.

    A test leaves none, since its line does not tell what was read in each image.
    """
    found = JsonObject(_PART, record)
    name = found.text("event")
    if name not in _PARSERS:
        raise UnusableError(f"its {_PART} tells of {name[:40]!r}, which is unknown")
    return _PARSERS[name](found)


def _record(event: Event) -> dict[str, Any] | None:
    record: dict[str, Any] | None = None
    match event:
        case RunPrepared():
            record = {
                "event": "prepared",
                "device": event.device,
                "precision": event.precision,
                "parameters": event.parameters,
                "setup_seconds": event.setup_seconds,
            }
        case Validated(step, accuracy, loss):
            record = {"event": "validated", "step": step, "accuracy": accuracy, "loss": loss}
        case Tested():
            record = {
                "event": "tested",
                "step": event.step,
                "correct": event.evaluation.correct,
                "total": len(event.evaluation.labels),
                "seconds": event.seconds,
            }
        case LearningRateChanged(step, rate):
            record = {"event": "learning-rate-changed", "step": step, "rate": rate}
        case StepsAdded(step, steps):
            record = {"event": "steps-added", "step": step, "steps": steps}
        case Paused(step):
            record = {"event": "paused", "step": step}
        case Resumed(step, from_checkpoint):
            record = {"event": "resumed", "step": step, "from_checkpoint": from_checkpoint}
        case BestRestored():
            record = {"event": "best-restored", **asdict(event)}
    return record


def _format_steps(event: StepsEnded) -> str:
    # By hand, as it is many times quicker, and shorter, than JSON's own way with floats.
    losses = ",".join(f"{loss:.9g}" for loss in event.losses.tolist())
    measured = np.flatnonzero(np.isfinite(event.accuracies))
    pairs = zip(measured.tolist(), event.accuracies[measured].tolist(), strict=True)
    accuracies = ",".join(f"[{place},{accuracy:.9g}]" for place, accuracy in pairs)
    return (
        f'{{"event":"steps","step":{event.step},"epoch":{event.epoch:.9g},'
        f'"seconds":{event.seconds:.6g},"losses":[{losses}],"accuracies":[{accuracies}]}}'
    )


def _parse_steps(found: JsonObject) -> StepsEnded:
    step = found.whole("step")
    losses = _floats(found.value("losses"))
    if len(losses) > min(step, _MOST_STEPS):
        raise UnusableError(f"its {_PART} has more losses than steps")
    accuracies = np.full(len(losses), np.nan, np.float32)
    for place, accuracy in _pairs(found.value("accuracies"), len(losses)):
        accuracies[place] = accuracy
    return StepsEnded(step, found.number("epoch"), losses, accuracies, found.number("seconds"))


def _floats(values: Any) -> NDArray[np.float32]:
    if not isinstance(values, list) or not all(map(_is_number, values)):
        raise UnusableError(f"its {_PART}'s losses are not a list of numbers")
    return np.array(values, np.float32)


def _pairs(values: Any, size: int) -> list[tuple[int, float]]:
    if not isinstance(values, list):
        raise UnusableError(f"its {_PART}'s accuracies are not a list")
    for pair in values:
        is_pair = isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int
        if not is_pair or not 0 <= pair[0] < size or not _is_share(pair[1]):
            raise UnusableError(f"its {_PART}'s accuracies are not pairs of place and share")
    return values


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


def _is_number(value: Any) -> bool:
    # More is no loss that training would go on with.
    return type(value) in (int, float) and abs(value) <= 1e9


def _parse_prepared(found: JsonObject) -> RunPrepared:
    return RunPrepared(
        found.text("device"),
        found.text("precision"),
        found.whole("parameters"),
        found.number("setup_seconds"),
    )


def _parse_validated(found: JsonObject) -> Validated:
    return Validated(found.whole("step"), found.number("accuracy", most=1.0), found.number("loss"))


def _parse_best_restored(found: JsonObject) -> BestRestored:
    return BestRestored(
        found.whole("step"),
        found.whole("best_step"),
        found.number("best_accuracy", most=1.0),
        found.whole("validations"),
        found.flag("is_early"),
    )


_PARSERS: Mapping[str, Callable[[JsonObject], Event | None]] = MappingProxyType(
    {
        "prepared": _parse_prepared,
        "steps": _parse_steps,
        "validated": _parse_validated,
        "tested": lambda _: None,
        "learning-rate-changed": lambda found: LearningRateChanged(
            found.whole("step"), found.number("rate")
        ),
        "steps-added": lambda found: StepsAdded(found.whole("step"), found.whole("steps", 1)),
        "best-restored": _parse_best_restored,
        "paused": lambda found: Paused(found.whole("step")),
        "resumed": lambda found: Resumed(found.whole("step"), found.flag("from_checkpoint")),
    }
)


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
