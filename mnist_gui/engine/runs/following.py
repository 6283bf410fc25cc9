"""What events change in what is known of a run."""

from dataclasses import replace

from mnist_gui.engine.events import (
    BestRestored,
    Event,
    Resumed,
    RunPrepared,
    StepsAdded,
    StepsEnded,
    Tested,
    Validated,
)
from mnist_gui.engine.runs.facts import RunFacts, Score

_MOST_LETTERS = 500


def follow(facts: RunFacts, event: Event) -> RunFacts:
    """Return what is known of the run after the event."""
    match event:
        case RunPrepared():
            facts = replace(facts, device=one_line(event.device), precision=event.precision)
        case StepsEnded():
            facts = replace(facts, step=event.step, seconds=facts.seconds + event.seconds)
        case StepsAdded():
            facts = replace(facts, steps=event.steps)
        case Resumed(from_checkpoint=True):
            facts = replace(facts, step=event.step)
        case Validated():
            facts = _validated(facts, event)
        case BestRestored():
            score = _score(facts, event.best_step, event.best_accuracy)
            facts = replace(facts, validation=score, reason=ending(event))
        case Tested():
            evaluation = event.evaluation
            score = Score(event.step, evaluation.correct, len(evaluation.labels))
            facts = replace(facts, test=score, test_reads=facts.test_reads + 1)
    return facts


def ending(event: BestRestored) -> str:
    """Say how a run ended that went back to its best weights."""
    if event.is_early:
        return (
            f"Stopped at step {event.step:,}: validation had not improved for "
            f"{event.validations:,} validations; best at step {event.best_step:,}."
        )
    return f"Its weights are those of step {event.best_step:,}, which validated best."


def one_line(text: str) -> str:
    """Return a text as one printable line that is not too long to be kept."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 1]}…"


def _validated(facts: RunFacts, event: Validated) -> RunFacts:
    score = _score(facts, event.step, event.accuracy)
    best = facts.best_validation
    if best is None or score.correct > best.correct:
        best = score
    return replace(facts, validation=score, best_validation=best)


def _score(facts: RunFacts, step: int, accuracy: float) -> Score:
    total = facts.data.validation
    return Score(step, round(accuracy * total), total)
