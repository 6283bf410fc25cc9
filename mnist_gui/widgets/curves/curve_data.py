"""From a run's history to the points of its curves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.history import Curve, History

Values = NDArray[np.float64]
# From values, and the number of images that each tells of, to places on an upright axis.
Placing = Callable[[Values, float], Values]

_POINTS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """A run's curves of one quantity, of at most about 1,000 points each.

    `batch` as measured, `training` the same smoothed, `validation` on the validation images;
    the values of the first two tell of `batch_images` and `training_images` images each.
    """

    batch: Curve
    training: Curve
    validation: Curve
    batch_images: float = 1.0
    training_images: float = 1.0

    def placed(self, place: Placing) -> "RunCurves":
        """Return the same curves with their values put in their places on an axis."""
        return replace(
            self,
            batch=Curve(self.batch.steps, place(self.batch.values, self.batch_images)),
            training=Curve(self.training.steps, place(self.training.values, self.training_images)),
            validation=Curve(self.validation.steps, place(self.validation.values, np.inf)),
        )

    def main_values(self) -> Values:
        """Return the values that must be in view: all but the batches' extremes."""
        batches = self.batch.values
        extremes = np.quantile(batches, (0.02, 0.98)) if len(batches) else batches
        return np.concatenate((self.training.values, self.validation.values, extremes))

    @property
    def last_step(self) -> float:
        """The furthest step of any curve; 0 without points."""
        return max((float(c.steps[-1]) for c in (self.batch, self.validation) if len(c)), default=0)


NO_CURVE = Curve(np.empty(0), np.empty(0))
NO_CURVES = RunCurves(NO_CURVE, NO_CURVE, NO_CURVE)


def accuracy_curves(history: History | None) -> RunCurves:
    """Return the accuracy curves, values 0..1."""
    if history is None:
        return NO_CURVES
    measured, validation = history.train_accuracy, history.validation_accuracy
    return _run_curves(history, measured, validation, smoothed_share=1 / 20)


def loss_curves(history: History | None) -> RunCurves:
    """Return the curves of the loss, cross-entropy in nats."""
    if history is None:
        return NO_CURVES
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
    # A million steps are not smoothed one by one in every redraw.
    fine = measured.thinned(8 * _POINTS)
    window = max(1, round(len(fine) * smoothed_share))
    smoothed = fine.smoothed(window) if len(fine) else fine
    batch = fine.thinned(_POINTS)
    # Of no batch yet, as of one: the places of its values must be somewhere.
    images = history.recipe.data_batch * max(len(measured), 1)
    return RunCurves(
        batch,
        smoothed.thinned(_POINTS),
        validation.thinned(_POINTS),
        batch_images=images / max(len(batch), 1),
        training_images=images * window / max(len(fine), 1),
    )
