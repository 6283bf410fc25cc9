"""The `history.jsonl` of a run: what happened, one event a line.

    {"event": "prepared", "device": ..., "precision": ..., "parameters": ..., "setup_seconds": ...}
    {"event": "steps", "step": 40, "epoch": 0.07, "seconds": 0.03, "losses": [...],
     "accuracies": [[0, 0.93], ...]}

The losses are those of the steps up to `step`; each accuracy stands beside the place of its loss.
Then there are "validated" and "tested", and what befell the run: "learning-rate-changed",
"steps-added", "paused", "resumed", "best-restored". Losses have all the digits of a float32.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import JsonObject

_PART = "line"
_MOST_STEPS = 100_000


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
