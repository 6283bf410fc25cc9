"""The runs whose curves are shown: the newest, and the one before it."""

from dataclasses import dataclass

from mnist_gui.engine.history import History
from mnist_gui.widgets.curves.axis_ticks import axis_end
from mnist_gui.widgets.curves.curve_data import (
    NO_CURVES,
    RunCurves,
    accuracy_curves,
    loss_curves,
)
from mnist_gui.widgets.curves.mark_words import mark_texts

_STEPS_WITHOUT_RUN = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRun:
    """A run's curves of both quantities; `marks` are steps and words of what was done to it."""

    accuracy: RunCurves = NO_CURVES
    loss: RunCurves = NO_CURVES
    marks: tuple[tuple[float, str], ...] = ()
    planned_steps: int = 0

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max(self.accuracy.last_step, self.loss.last_step)


NO_RUN = DrawnRun()


@dataclass(frozen=True, slots=True, eq=False)
class ShownRuns:
    """A run, and behind it the previous one."""

    now: DrawnRun = NO_RUN
    earlier: DrawnRun = NO_RUN

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max(self.now.last_step, self.earlier.last_step)

    @property
    def axis_end(self) -> float:
        """The step at which the axes end: a round one, or where the run will end."""
        last = self.last_step
        if not last:
            return _STEPS_WITHOUT_RUN
        return min(axis_end(last), max(self.now.planned_steps, last))


def drawn_run(history: History | None) -> DrawnRun:
    """Return what is drawn of a run."""
    if history is None:
        return NO_RUN
    return DrawnRun(
        accuracy_curves(history),
        loss_curves(history),
        tuple(mark_texts(history.marks)),
        history.recipe.steps,
    )
