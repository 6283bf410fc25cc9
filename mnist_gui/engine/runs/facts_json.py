"""The `run.json` of a run's folder."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from enum import Enum
from typing import Any

from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import JsonObject, parse_json
from mnist_gui.engine.recipe_json import parse_recipe
from mnist_gui.engine.runs.facts import RunData, RunFacts, RunVersions, Score
from mnist_gui.engine.runs.status import RunStatus

MOST_BYTES = 64 << 10
_FORMAT = 1
_PART = "run.json"
_WRITTEN = tuple(status.value for status in RunStatus if status is not RunStatus.INTERRUPTED)


def format_facts(facts: RunFacts) -> bytes:
    """Return the JSON that `parse_facts` reads."""
    return json.dumps({"format": _FORMAT, **asdict(facts)}, indent=2, default=_plain).encode()


def parse_facts(content: bytes) -> RunFacts:
    """Read what is known of a run; raises UnusableError and NewerError."""
    found = JsonObject(_PART, parse_json(_PART, content))
    found.check_format(_FORMAT)
    return RunFacts(
        recipe=parse_recipe(found.value("recipe")),
        data=_data(found.part("data")),
        versions=_versions(found.part("versions")),
        started=found.time("started"),
        ended=found.time("ended") if "ended" in found else None,
        status=_status(found.text("status")),
        reason=found.text("reason"),
        device=found.text("device"),
        precision=found.text("precision"),
        step=found.whole("step"),
        steps=found.whole("steps", least=1),
        seconds=found.number("seconds"),
        validation=_score(found, "validation"),
        best_validation=_score(found, "best_validation"),
        test=_score(found, "test"),
        test_reads=found.whole("test_reads"),
    )


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case Enum():
            return value.value
    raise TypeError(value)


def _data(found: JsonObject) -> RunData:
    sizes = (found.whole(key, least=1) for key in ("train", "validation", "test"))
    return RunData(found.text("name"), found.text("fingerprint"), *sizes)


def _versions(found: JsonObject) -> RunVersions:
    return RunVersions(*(found.text(field.name) for field in fields(RunVersions)))


def _status(word: str) -> RunStatus:
    if word not in _WRITTEN:
        raise UnusableError(f"its {_PART}'s 'status' is not one of {', '.join(_WRITTEN)}")
    return RunStatus(word)


def _score(found: JsonObject, key: str) -> Score | None:
    if key not in found:
        return None
    part = found.part(key)
    score = Score(part.whole("step"), part.whole("correct"), part.whole("total", least=1))
    if score.correct > score.total:
        raise UnusableError(f"its {_PART}'s {key!r} has more right than there are")
    return score
