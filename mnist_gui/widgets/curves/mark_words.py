"""What befell a run, in the few words that fit beside its curves, and how it ended in more."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.events import (
    BestRestored,
    LearningRateChanged,
    Mark,
    Paused,
    Resumed,
    StepsAdded,
)
from mnist_gui.widgets.number_text import count

# More of them would hide the curves.
_MOST_MARKS = 20


def mark_texts(marks: Sequence[Mark]) -> list[tuple[float, str]]:
    """Return steps and words of the latest marks; a pause and its end are one.

    What befell a run at one step stands in one line, for the lines would cover each other. That
    it was resumed goes without saying where it was given more steps.
    """
    extended = {mark.step for mark in marks if isinstance(mark, StepsAdded)}
    shown = [
        mark
        for mark in marks
        if not isinstance(mark, Resumed) or (mark.from_checkpoint and mark.step not in extended)
    ]
    words: dict[int, list[str]] = {}
    for mark in shown[-_MOST_MARKS:]:
        words.setdefault(mark.step, []).append(_words(mark))
    return [(float(step), " \u00b7 ".join(dict.fromkeys(each))) for step, each in words.items()]


def ending_text(restored: BestRestored) -> str:
    """Say how a run ended that went back to the weights of its best validation."""
    if not restored.is_early:
        text = QCoreApplication.translate(
            "marks", "Its weights are those of step {best}, which validated best."
        )
        return text.format(best=count(restored.best_step))
    text = QCoreApplication.translate(
        "marks",
        "Stopped at step {step}: validation had not improved for {validations} validations; "
        "best at step {best}.",
    )
    return text.format(
        step=count(restored.step),
        validations=count(restored.validations),
        best=count(restored.best_step),
    )


def _words(mark: Mark) -> str:
    match mark:
        case LearningRateChanged():
            text = QCoreApplication.translate("marks", "rate {rate}")
            return text.format(rate=f"{mark.learning_rate:.3g}")
        case StepsAdded():
            text = QCoreApplication.translate("marks", "to {steps} steps")
            return text.format(steps=count(mark.steps))
        case BestRestored():
            return _ending(mark).format(step=count(mark.best_step))
        case Paused():
            return QCoreApplication.translate("marks", "paused")
        case Resumed():
            return QCoreApplication.translate("marks", "resumed")


def _ending(mark: BestRestored) -> str:
    if mark.is_early:
        return QCoreApplication.translate("marks", "stopped, best at {step}")
    return QCoreApplication.translate("marks", "best at {step}")
