"""A run as JSON, for other programs."""

import json
from dataclasses import asdict
from typing import Any

from mnist_gui.engine.runs.facts import Score
from mnist_gui.engine.runs.facts_json import format_facts
from mnist_gui.engine.runs.record import RunRecord


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """Return all that a run's record has, as plain values."""
    facts: dict[str, Any] = json.loads(format_facts(run.facts))
    del facts["format"]
    facts["status"] = run.status.value
    for name in ("validation", "best_validation", "test"):
        score = getattr(run.facts, name)
        if score is not None:
            facts[name] = score_as_json(score)
    return {
        "run": run.identity,
        **asdict(run.labels),
        **facts,
        "can_go_on": run.can_go_on,
        "continuation": run.continuation.value if run.continuation else None,
        "has_weights": run.has_weights,
    }


def score_as_json(score: Score) -> dict[str, Any]:
    """Return a score with its accuracy and the 95 % interval, shares 0..1."""
    return {**asdict(score), "accuracy": score.accuracy, "interval": score.interval}
