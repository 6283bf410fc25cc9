"""What the curves show: points, smoothed and thinned, of one run or several, on which axes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import annotation_texts

Tick = tuple[float, str]
Values = NDArray[np.float64]
# Maps values, each measured on so many images, to positions on the y axis.
Placing = Callable[[Values, float], Values]

_POINTS = 1_000
NO_CURVE = Curve(np.empty(0), np.empty(0))
_STEPS_WITHOUT_RUN = 1_000
LEAST_ERROR = 0.01
_LEAST_LOSS = 1e-5
_COARSE = (1, 2, 5)
_FINE = (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
_SPARSE = (1, 3)
_ENDS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """A run's curves of one quantity, of at most about 1,000 points each.

    `batch` as measured, `training` the same smoothed, `validation` on the validation images;
    each value of the first two is of `batch_images` and `training_images` images.
    """

    batch: Curve
    training: Curve
    validation: Curve
    batch_images: float = 1.0
    training_images: float = 1.0

    def placed(self, place: Placing) -> "RunCurves":
        """Return the same curves with their values mapped to positions on the y axis."""
        return replace(
            self,
            batch=Curve(self.batch.steps, place(self.batch.values, self.batch_images)),
            training=Curve(self.training.steps, place(self.training.values, self.training_images)),
            validation=Curve(self.validation.steps, place(self.validation.values, np.inf)),
        )

    def main_values(self) -> Values:
        """Return the values that must be visible: all but the batches' extremes."""
        batches = self.batch.values
        extremes = np.quantile(batches, (0.02, 0.98)) if len(batches) else batches
        return np.concatenate((self.training.values, self.validation.values, extremes))

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max((float(c.steps[-1]) for c in (self.batch, self.validation) if len(c)), default=0)


NO_CURVES = RunCurves(NO_CURVE, NO_CURVE, NO_CURVE)


def by_line(now: RunCurves, earlier: RunCurves) -> dict[str, Curve]:
    """Return the curves of a run and of the previous one, each under the name of its line."""
    return {
        "earlier_training": earlier.training,
        "earlier_validation": earlier.validation,
        "batch": now.batch,
        "training": now.training,
        "validation": now.validation,
    }


def accuracy_curves(history: History) -> RunCurves:
    """Return the accuracy curves, values 0..1."""
    measured, validation = history.train_accuracy, history.validation_accuracy
    return _run_curves(history, measured, validation, smoothed_share=1 / 20)


def loss_curves(history: History) -> RunCurves:
    """Return the curves of the loss, cross-entropy in nats."""
    return _run_curves(history, history.loss, history.validation_loss, smoothed_share=1 / 50)


def value_at(curve: Curve, step: float) -> float | None:
    """Return the curve's value at its point nearest to the step; None without points."""
    if not len(curve):
        return None
    right = int(np.searchsorted(curve.steps, step))
    left = max(right - 1, 0)
    right = min(right, len(curve) - 1)
    nearer = left if step - curve.steps[left] <= curve.steps[right] - step else right
    return float(curve.values[nearer])


def _run_curves(
    history: History, measured: Curve, validation: Curve, *, smoothed_share: float
) -> RunCurves:
    # Smoothing a million steps in every redraw would take too long.
    fine = measured.thinned(8 * _POINTS)
    window = max(1, round(len(fine) * smoothed_share))
    smoothed = fine.smoothed(window) if len(fine) else fine
    batch = fine.thinned(_POINTS)
    # Before the first batch, as of one: its values need positions.
    images = history.recipe.dataset_per_batch * max(len(measured), 1)
    return RunCurves(
        batch,
        smoothed.thinned(_POINTS),
        validation.thinned(_POINTS),
        batch_images=images / max(len(batch), 1),
        training_images=images * window / max(len(fine), 1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class PlottedRun:
    """A run's curves of both quantities; `annotations` are steps and texts."""

    accuracy: RunCurves = NO_CURVES
    loss: RunCurves = NO_CURVES
    annotations: tuple[tuple[float, str], ...] = ()
    planned_steps: int = 0

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max(self.accuracy.last_step, self.loss.last_step)


NO_RUN = PlottedRun()


@dataclass(frozen=True, slots=True, eq=False)
class ShownRuns:
    """A run, and behind it the previous one."""

    now: PlottedRun = NO_RUN
    earlier: PlottedRun = NO_RUN

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max(self.now.last_step, self.earlier.last_step)

    @property
    def axis_end(self) -> float:
        """The step at which the x axis ends: a round one, or the last of the run."""
        last = self.last_step
        if not last:
            return _STEPS_WITHOUT_RUN
        return min(axis_end(last), max(self.now.planned_steps, last))


def plotted_run(history: History | None) -> PlottedRun:
    """Return what is drawn of a run."""
    if history is None:
        return NO_RUN
    annotations = tuple(annotation_texts(history.annotations))
    accuracy, loss = accuracy_curves(history), loss_curves(history)
    return PlottedRun(accuracy, loss, annotations, history.recipe.steps)


def in_percent(values: Values, _images: float) -> Values:
    """Map accuracies 0..1 to percent."""
    return 100 * values


def log_error(values: Values, images: float) -> Values:
    """Map to error rates in powers of ten; no error counts as half an image."""
    return np.log10(np.maximum(100 * (1 - values), max(50 / images, LEAST_ERROR)))


def log_loss(values: Values, _images: float) -> Values:
    """Map losses to powers of ten."""
    return np.log10(np.maximum(values, _LEAST_LOSS))


def percent_range(values: Values) -> tuple[float, float]:
    """Return the range of percentages, to 100 and a little more; steady, in steps of ten."""
    low = 10 * float(np.floor(values.min() / 10)) if len(values) else 0.0
    return low, 100 + 0.04 * (100 - low)


def error_range(values: Values) -> tuple[float, float]:
    """Return the range of error rates as powers of ten, without those of no error at all."""
    return log_range(values[values > log10(LEAST_ERROR)], 0.0, 2.0)


def log_range(values: Values, low: float, high: float) -> tuple[float, float]:
    """Return the range of values in steady steps of a tenth, or low and high without values."""
    if not len(values):
        return low, high
    return floor(10 * values.min() - 0.5) / 10, ceil(10 * values.max() + 0.5) / 10


def log_ticks(low: float, high: float, most: int = 7) -> list[Tick]:
    """Return ticks from 10**low to 10**high: positions (powers of ten) and texts such as "0.5"."""
    for factors in (_FINE, _COARSE, _SPARSE, (1,)):
        ticks = _ticks(low, high, factors)
        if len(ticks) <= most:
            return ticks
    stride = ceil(len(ticks) / most)
    return ticks[::stride]


def linear_ticks(low: float, high: float, most: int = 9) -> list[Tick]:
    """Return ticks at whole multiples of 1, 2, 5, 10, 20 ... from low to high."""
    widest = max((high - low) / max(most - 1, 1), 1)
    power = 10 ** floor(log10(widest))
    spacing = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= widest)
    places = range(ceil(low / spacing), floor(high / spacing) + 1)
    return [(float(place * spacing), count(place * spacing)) for place in places]


def axis_end(step: float) -> float:
    """Return a round number of steps not below `step`: an axis that ends there seldom moves."""
    if step <= 1:
        return 1.0
    power = 10.0 ** floor(log10(step))
    return min(end * power for end in _ENDS if end * power >= step)


def _ticks(low: float, high: float, factors: tuple[float, ...]) -> list[Tick]:
    powers = range(floor(low), ceil(high) + 1)
    values = (factor * 10.0**power for power in powers for factor in factors)
    return [(log10(value), f"{value:.6g}") for value in values if low <= log10(value) <= high]
