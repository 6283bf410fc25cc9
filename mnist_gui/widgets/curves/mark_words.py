"""What befell a run, in the few words that fit beside its curves."""

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
    """Return steps and words of the latest marks; a pause and its end are one."""
    shown = [mark for mark in marks if not isinstance(mark, Resumed) or mark.from_checkpoint]
    return [(float(mark.step), _words(mark)) for mark in shown[-_MOST_MARKS:]]


def _words(mark: Mark) -> str:
    match mark:
        case LearningRateChanged():
            text = QCoreApplication.translate("marks", "rate {rate}")
            return text.format(rate=f"{mark.learning_rate:.3g}")
        case StepsAdded():
            text = QCoreApplication.translate("marks", "to {steps} steps")
            return text.format(steps=count(mark.steps))
        case BestRestored():
            text = QCoreApplication.translate("marks", "best at {step}")
            return text.format(step=count(mark.best_step))
        case Paused():
            return QCoreApplication.translate("marks", "paused")
        case Resumed():
            return QCoreApplication.translate("marks", "gone on with")
