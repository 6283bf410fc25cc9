"""What the curves show: points, smoothed and thinned, of one run or several, on which axes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.events import LearningRateChanged
from mnist_gui.engine.history import Curve, History
from mnist_gui.gui.common.labels import number
from mnist_gui.gui.common.values import annotation_texts

Tick = tuple[float, str]
Values = NDArray[np.float64]
# Maps values, each measured on so many images, to positions on the y axis.
Placing = Callable[[Values, float], Values]

# Wide lines take longer to paint, and no plot is wider than so many pairs of pixels.
_POINTS = 240
_SMOOTH_POINTS = 160
_FINE_POINTS = 4_000
# An average of fewer points is as unsteady as they are.
_LEAST_AVERAGED = 8
NO_CURVE = Curve(np.empty(0), np.empty(0))
_END_WITHOUT_RUN = 1_000
LEAST_ERROR = 0.01
_LEAST_LOSS = 1e-5
_COARSE = (1, 2, 5)
_FINE = (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
_SPARSE = (1, 3)
_ENDS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


class XAxis(Enum):
    """What the curves are drawn over."""

    STEP = "step"
    EPOCH = "epoch"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Look:
    """How curves are shown: over what, which of them, and which part of the x axis, or all."""

    error_rate: bool = False
    with_rate: bool = False
    axis: XAxis = XAxis.STEP
    hidden: frozenset[str] = frozenset()
    zoom: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """A run's curves of one quantity, of at most about 240 points each.

    `batch` of each batch, `training` their average, `validation` on the validation images, `test`
    a point; each value of the first two is of `batch_images` and `training_images` images.
    """

    batch: Curve = NO_CURVE
    training: Curve = NO_CURVE
    validation: Curve = NO_CURVE
    test: Curve = NO_CURVE
    batch_images: float = 1.0
    training_images: float = 1.0

    def placed(self, place: Placing) -> "RunCurves":
        """Return the same curves with their values mapped to positions on the y axis."""
        return replace(
            self,
            batch=Curve(self.batch.steps, place(self.batch.values, self.batch_images)),
            training=Curve(self.training.steps, place(self.training.values, self.training_images)),
            validation=Curve(self.validation.steps, place(self.validation.values, np.inf)),
            test=Curve(self.test.steps, place(self.test.values, np.inf)),
        )

    def over(self, place: Callable[[Values], Values]) -> "RunCurves":
        """Return the same curves with their steps mapped to positions on the x axis."""
        return replace(
            self,
            batch=Curve(place(self.batch.steps), self.batch.values),
            training=Curve(place(self.training.steps), self.training.values),
            validation=Curve(place(self.validation.steps), self.validation.values),
            test=Curve(place(self.test.steps), self.test.values),
        )

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max((float(c.steps[-1]) for c in (self.batch, self.validation) if len(c)), default=0)


NO_CURVES = RunCurves()


def by_line(now: RunCurves, earlier: RunCurves) -> dict[str, Curve]:
    """Return the curves of a run and of the previous one, each under the name of its line."""
    return {
        "earlier_training": earlier.training,
        "earlier_validation": earlier.validation,
        "batch": now.batch,
        "training": now.training,
        "validation": now.validation,
        "test": now.test,
    }


def values_to_see(curves: Mapping[str, Curve], start: float, end: float) -> Values:
    """Return the values from start to end that must be visible: not the batches' extremes."""
    seen = []
    for name, curve in curves.items():
        # The lines to the neighbours on both sides are seen too.
        first, last = np.searchsorted(curve.steps, (start, end))
        values = curve.values[max(first - 1, 0) : last + 1]
        seen.append(_without_extremes(values) if name == "batch" else values)
    return np.concatenate(seen) if seen else NO_CURVE.values


def _without_extremes(values: Values) -> Values:
    """Return the values without the lowest and the highest fiftieth."""
    few = len(values) // 50
    return np.sort(values)[few : len(values) - few]


def accuracy_curves(history: History) -> RunCurves:
    """Return the accuracy curves, values 0..1."""
    measured, validation = history.train_accuracy, history.validation_accuracy
    curves = _run_curves(history, measured, validation, smoothed_share=1 / 20)
    if (tested := history.tested) is None:
        return curves
    test = Curve(np.array([float(tested.step)]), np.array([tested.evaluation.accuracy]))
    return replace(curves, test=test)


def loss_curves(history: History) -> RunCurves:
    """Return the curves of the loss, cross-entropy in nats."""
    return _run_curves(history, history.loss, history.validation_loss, smoothed_share=1 / 50)


def rate_curve(history: History) -> Curve:
    """Return the learning rate of the steps that were trained."""
    from mnist_gui.engine.schedule import learning_rate_factors

    if not history.step:
        return NO_CURVE
    recipe = history.recipe
    changes = [(0, recipe.learning_rate)] + [
        (each.step, each.learning_rate)
        for each in history.annotations
        if isinstance(each, LearningRateChanged)
    ]
    # A jump is upright: the last step before it is drawn too.
    corners = {step + side for step, _ in changes[1:] for side in (-1, 0)}
    corners |= {history.scheduled_steps - 1, history.scheduled_steps}
    even = np.linspace(0, history.step - 1, min(history.step, _SMOOTH_POINTS)).round()
    inside = [corner for corner in corners if 0 <= corner < history.step]
    steps = np.union1d(even, np.array(inside, dtype=np.float64))
    starts, rates = np.array(changes).T
    in_use = rates[np.searchsorted(starts, steps, side="right") - 1]
    factors = learning_rate_factors(recipe.schedule, steps, history.scheduled_steps)
    return Curve(steps, in_use * factors)


def value_at(curve: Curve, place: float, *, logarithmic: bool = False) -> float | None:
    """Return the curve's value on its line at this place; None where there is no line.

    On a logarithmic axis a straight line is one between the values' logarithms.
    """
    if not len(curve) or not curve.steps[0] <= place <= curve.steps[-1]:
        return None
    right = max(int(np.searchsorted(curve.steps, place)), 1) if len(curve) > 1 else 0
    left = max(right - 1, 0)
    (start, end), (low, high) = curve.steps[[left, right]], curve.values[[left, right]]
    share = (place - start) / (end - start) if end > start else 1.0
    if logarithmic and 0 < share < 1 and min(low, high) > 0:
        return float(low ** (1 - share) * high**share)
    return float(low + (high - low) * share)


def _run_curves(
    history: History, measured: Curve, validation: Curve, *, smoothed_share: float
) -> RunCurves:
    # Smoothing a million steps in every redraw would take too long.
    fine = measured.thinned(_FINE_POINTS)
    window = max(1, round(len(fine) * smoothed_share), min(len(fine) // 4, _LEAST_AVERAGED))
    smoothed = fine.smoothed(window) if window > 1 else fine
    batch = fine.thinned(_POINTS)
    # Before the first batch, as of one: its values need positions.
    images = history.recipe.dataset_per_batch * max(len(measured), 1)
    return RunCurves(
        batch,
        _sampled(smoothed, _SMOOTH_POINTS),
        validation.thinned(_SMOOTH_POINTS),
        batch_images=images / max(len(batch), 1),
        training_images=images * window / max(len(fine), 1),
    )


def _sampled(curve: Curve, points: int) -> Curve:
    """Return at most so many points, among them the first and the last, each at its own step."""
    if len(curve) <= points:
        return curve
    places = np.linspace(0, len(curve) - 1, points).round().astype(np.int64)
    return Curve(curve.steps[places], curve.values[places])


@dataclass(frozen=True, slots=True, eq=False)
class PlottedRun:
    """A run's curves of all quantities; `annotations` are places and texts.

    `seconds` is the time that training took up to a step.
    """

    accuracy: RunCurves = NO_CURVES
    loss: RunCurves = NO_CURVES
    rate: RunCurves = NO_CURVES
    annotations: tuple[tuple[float, str], ...] = ()
    planned_steps: float = 0
    epochs_per_step: float = 0.0
    seconds: Curve = NO_CURVE

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max(self.accuracy.last_step, self.loss.last_step)

    def place(self, axis: XAxis, steps: Values) -> Values:
        """Map steps to places on the x axis: to themselves, to epochs or to seconds."""
        if axis is XAxis.EPOCH:
            return steps * self.epochs_per_step
        if axis is XAxis.TIME:
            return np.interp(steps, *self._known_times())
        return steps

    def step_at(self, axis: XAxis, place: float) -> float:
        """Return the step at a place on the x axis; 0 where no time has passed."""
        if axis is XAxis.EPOCH:
            return place / self.epochs_per_step if self.epochs_per_step else 0.0
        if axis is XAxis.TIME:
            steps, seconds = self._known_times()
            return float(np.interp(place, seconds, steps))
        return place

    def over(self, axis: XAxis) -> "PlottedRun":
        """Return the run with all its steps mapped to places on the x axis."""
        if axis is XAxis.STEP:
            return self
        place = partial(self.place, axis)
        steps = np.array([step for step, _ in self.annotations])
        texts = [text for _, text in self.annotations]
        last = float(place(np.array([self.last_step]))[0])
        return replace(
            self,
            accuracy=self.accuracy.over(place),
            loss=self.loss.over(place),
            rate=self.rate.over(place),
            annotations=tuple(zip(place(steps).tolist(), texts, strict=True)),
            planned_steps=last * self.planned_steps / max(self.last_step, 1),
        )

    def _known_times(self) -> tuple[Values, Values]:
        known = self.seconds
        return np.append(0.0, known.steps), np.append(0.0, known.values)


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
            return _END_WITHOUT_RUN
        return min(axis_end(last), max(self.now.planned_steps, last))

    def over(self, axis: XAxis) -> "ShownRuns":
        """Return the runs with all their steps mapped to places on the x axis."""
        return ShownRuns(self.now.over(axis), self.earlier.over(axis))


def plotted_run(history: History | None, *, with_rate: bool = False) -> PlottedRun:
    """Return what is drawn of a run."""
    if history is None:
        return NO_RUN
    return PlottedRun(
        accuracy_curves(history),
        loss_curves(history),
        RunCurves(training=rate_curve(history)) if with_rate else NO_CURVES,
        tuple(annotation_texts(history.annotations)),
        history.recipe.steps,
        history.epoch / history.step if history.step else 0.0,
        history.seconds,
    )


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
    """Return the range of percentages, to 100 and a little more; steady, in steps of ten or one."""
    if not len(values):
        return 0.0, 104.0
    spacing = 10.0 if values.min() < 90 else 1.0
    low = min(spacing * float(np.floor(values.min() / spacing)), 99.0)
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


def linear_ticks(low: float, high: float, most: int = 9, least: float = 1.0) -> list[Tick]:
    """Return ticks at multiples of 1, 2, 5, 10 ... from low to high, at least so far apart.

    Ticks less than 1 apart are at 0.5, 0.2, 0.1 ...
    """
    widest = max((high - low) / max(most - 1, 1), least)
    power = 10.0 ** floor(log10(widest))
    spacing = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= widest * 0.999)
    decimals = max(0, -floor(log10(spacing) + 1e-9))
    places = range(ceil(low / spacing), floor(high / spacing) + 1)
    return [(float(place * spacing), number(place * spacing, decimals)) for place in places]


def axis_end(step: float) -> float:
    """Return a round number not below `step`: an axis that ends there seldom moves."""
    if step <= 0:
        return 1.0
    power = 10.0 ** floor(log10(step))
    return min(end * power for end in _ENDS if end * power >= step)


def _ticks(low: float, high: float, factors: tuple[float, ...]) -> list[Tick]:
    powers = range(floor(low), ceil(high) + 1)
    values = (factor * 10.0**power for power in powers for factor in factors)
    return [(log10(value), f"{value:.6g}") for value in values if low <= log10(value) <= high]
