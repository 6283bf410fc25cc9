"""Optimizers as fused TensorFlow operations, and learning-rate schedules."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import SLOTS

_MOMENTUM = 0.9
_BETA_1 = 0.9
_EPSILON = 1e-8

# The one-cycle schedule: fractions of the steps and of the learning rate.
_WARM_UP = 0.25
_START = 0.1
_END = 0.01
_EXTENDED = 0.1


class Optimizer:
    """Update variables by the recipe's optimizer.

    `learning_rate` returns the rate of a step, a scalar tensor, from the number of steps done
    before. `slots` are the optimizer's own variables: lists of one tf.Variable for each variable.
    """

    def __init__(
        self, recipe: Recipe, variables: Sequence[Any], learning_rate: Callable[[Any], Any]
    ) -> None:
        import tensorflow as tf

        self._recipe = recipe
        self._variables = variables
        self._learning_rate = learning_rate
        slots = range(SLOTS[recipe.optimizer])
        self.slots = [[tf.Variable(tf.zeros_like(v)) for v in variables] for _ in slots]

    def apply(self, gradients: Sequence[Any], step: Any) -> None:
        """Update the variables by their gradients; `step` counts the steps done before."""
        import tensorflow as tf

        rate = self._learning_rate(step)
        for variable, gradient, *slots in zip(self._variables, gradients, *self.slots, strict=True):
            match [each.handle for each in (variable, *slots)]:
                case [var]:
                    tf.raw_ops.ResourceApplyGradientDescent(var=var, alpha=rate, delta=gradient)
                case [var, velocity]:
                    tf.raw_ops.ResourceApplyMomentum(
                        var=var,
                        accum=velocity,
                        lr=rate,
                        grad=gradient,
                        momentum=_MOMENTUM,
                        use_nesterov=True,
                    )
                case [var, first_moment, second_moment]:
                    # D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015,
                    # sec. 2.
                    power = tf.cast(step + 1, tf.float32)
                    tf.raw_ops.ResourceApplyAdam(
                        var=var,
                        m=first_moment,
                        v=second_moment,
                        beta1_power=tf.pow(_BETA_1, power),
                        beta2_power=tf.pow(self._recipe.beta_2, power),
                        lr=rate,
                        beta1=_BETA_1,
                        beta2=self._recipe.beta_2,
                        epsilon=_EPSILON,
                        grad=gradient,
                    )


def learning_rate_factor(schedule: str, step: Any, steps: int) -> Any:
    """Return the factor of the recipe's learning rate in this step (int64 tensor).

    "one-cycle" rises from 0.1 to 1 in the first quarter of the run, then falls linearly to 0.01;
    added steps have 0.1. Source: L. N. Smith and N. Topin, Super-convergence, 2018.
    """
    import tensorflow as tf

    if schedule == "constant":
        return tf.constant(1.0)
    return _one_cycle(tf.cast(step, tf.float32) / steps, tf)


def learning_rate_factors(
    schedule: str, steps_done: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Return the same for many steps at once (n,), without TensorFlow."""
    if schedule == "constant":
        return np.ones_like(steps_done)
    factors: NDArray[np.float64] = _one_cycle(steps_done / steps, np)
    return factors


def _one_cycle(share: Any, maths: Any) -> Any:
    """Return the factor after this share of the steps; `maths` is TensorFlow or NumPy."""
    rising = _START + (1 - _START) * share / _WARM_UP
    falling = 1 - (1 - _END) * (share - _WARM_UP) / (1 - _WARM_UP)
    return maths.where(share < 1, maths.minimum(rising, falling), _EXTENDED)
