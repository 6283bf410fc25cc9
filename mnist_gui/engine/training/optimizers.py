"""Optimizers as fused TensorFlow operations, and learning-rate schedules."""

from collections.abc import Callable, Sequence
from typing import Any

from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.schedule import one_cycle
from mnist_gui.engine.snapshot import SLOTS

_MOMENTUM = 0.9
_BETA_1 = 0.9
_EPSILON = 1e-8


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
    """Return the factor of the recipe's learning rate in this step (int64 tensor)."""
    import tensorflow as tf

    if schedule == "constant":
        return tf.constant(1.0)
    return one_cycle(tf.cast(step, tf.float32) / steps, tf)
