"""The lines of a file of kept digits: each says that one was kept, relabelled or deleted.

A line that keeps a digit is a drawing as `strokes.parse_drawing` reads it, with more keys:
`{"strokes": [...], "label": 7, "event": "kept", "id": "...", "time": "...", "read": {...}}`. One
that keeps a digit of an identity that is known takes its place, so that a deletion can be undone.
`{"event": "relabelled", "id": "...", "label": 1}` and `{"event": "deleted", "id": "..."}` change
what earlier lines have kept. Drawings of other programs, without such an event, are kept as well.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.files.strict_json import is_text, moment
from mnist_gui.engine.own_digits.kept_digit import UNKNOWN_TIME, KeptDigit, ReadAs
from mnist_gui.engine.strokes import (
    LabelledDrawing,
    format_drawing,
    parse_drawing,
    parse_label,
)

_MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A drawing, labelled or not, and what else its line tells; `identity` "" if nothing."""

    labelled: LabelledDrawing
    identity: str = ""
    time: datetime = UNKNOWN_TIME
    read_as: ReadAs | None = None


@dataclass(frozen=True, slots=True)
class Relabelled:
    """The digit of this identity is another one than was said before."""

    identity: str
    label: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """The digit of this identity is no longer kept."""

    identity: str


Entry = Kept | Relabelled | Deleted


def parse_entry(record: Any) -> Entry:
    """Read one line's value; raises DrawingError, saying what is wrong with it."""
    match record.get("event") if isinstance(record, dict) else None:
        case "relabelled":
            return Relabelled(_identity(record), parse_label(record.get("label")))
        case "deleted":
            return Deleted(_identity(record))
    return _kept(record)


def format_entry(entry: KeptDigit | Relabelled | Deleted) -> str:
    """Write one line, without its end, that `parse_entry` reads."""
    match entry:
        case KeptDigit():
            record = _kept_record(entry)
        case Relabelled():
            record = {"event": "relabelled", "id": entry.identity, "label": entry.label}
        case Deleted():
            record = {"event": "deleted", "id": entry.identity}
    return json.dumps(record, separators=(",", ":"))


def as_stored(labelled: LabelledDrawing) -> LabelledDrawing:
    """Return the drawing with its points rounded as a file has them."""
    return parse_drawing(json.loads(format_drawing(labelled)))


def _kept_record(digit: KeptDigit) -> dict[str, Any]:
    # Strokes may come to hold more than points; what they are in a file is decided in one place.
    record: dict[str, Any] = json.loads(format_drawing(digit.labelled))
    record |= {"event": "kept", "id": digit.identity}
    if digit.time != UNKNOWN_TIME:
        record["time"] = digit.time.isoformat()
    if digit.read_as is not None:
        read = digit.read_as
        record["read"] = {
            "digit": read.digit,
            "probability": round(read.probability, 5),
            "network": read.network,
        }
    return record


def _kept(record: Any) -> Kept:
    labelled = parse_drawing(record)
    # Elsewhere "id" may mean anything, and be the same for many drawings.
    if record.get("event") != "kept":
        return Kept(labelled)
    return Kept(labelled, _identity(record), _time(record.get("time")), _read(record.get("read")))


def _identity(record: dict[str, Any]) -> str:
    identity = record.get("id")
    if not isinstance(identity, str) or not 0 < len(identity) <= _MOST_NAME:
        raise DrawingError('A line with an "event" must name its drawing with "id".')
    return identity


def _time(value: Any) -> datetime:
    # A drawing is not given up for the sake of its date.
    try:
        return moment(value)
    except ValueError:
        return UNKNOWN_TIME


def _read(value: Any) -> ReadAs | None:
    if not isinstance(value, dict):
        return None
    digit, probability = value.get("digit"), value.get("probability")
    if not isinstance(digit, int) or not 0 <= digit <= 9:
        return None
    if not isinstance(probability, (int, float)) or not 0 <= probability <= 1:
        return None
    network = value.get("network")
    name = network[:_MOST_NAME] if is_text(network) else ""
    return ReadAs(int(digit), float(probability), name)
