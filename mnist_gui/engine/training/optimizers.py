"""Optimizers as fused TensorFlow operations, and learning-rate schedules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mnist_gui.engine.recipe import Recipe

# Takes the gradients, in the order of the variables, and the number of steps done before.
Move = Callable[[Sequence[Any], Any], None]

# Takes the number of steps done before, and returns the learning rate of the next one.
LearningRate = Callable[[Any], Any]

_MOMENTUM = 0.9
_BETA_1 = 0.9
_EPSILON = 1e-8


_WARM_UP = 0.25
_START = 0.1
_END = 0.01
_EXTENDED = 0.1


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How the variables are moved, and what it remembers: lists of one tf.Variable for each."""

    move: Move
    slots: Sequence[Sequence[Any]] = ()


def build_optimizer(
    recipe: Recipe, variables: Sequence[Any], learning_rate: LearningRate
) -> Optimizer:
    """Return what moves `variables` (tf.Variable) against their gradients.

    `learning_rate` gives the step's rate, a scalar tensor.
    """
    builders = {
        "gradient-descent": _gradient_descent,
        "momentum": _nesterov_momentum,
        "adam": _adam,
    }
    return builders[recipe.optimizer](variables, learning_rate, recipe)


def _gradient_descent(
    variables: Sequence[Any], learning_rate: LearningRate, _recipe: Recipe
) -> Optimizer:
    import tensorflow as tf

    def apply(gradients: Sequence[Any], step: Any) -> None:
        rate = learning_rate(step)
        for variable, gradient in zip(variables, gradients, strict=True):
            tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=gradient)

    return Optimizer(apply)


def _nesterov_momentum(
    variables: Sequence[Any], learning_rate: LearningRate, _recipe: Recipe
) -> Optimizer:
    import tensorflow as tf

    velocities = _zeros_like(variables)

    def apply(gradients: Sequence[Any], step: Any) -> None:
        rate = learning_rate(step)
        for variable, velocity, gradient in zip(variables, velocities, gradients, strict=True):
            tf.raw_ops.ResourceApplyMomentum(
                var=variable.handle,
                accum=velocity.handle,
                lr=rate,
                grad=gradient,
                momentum=_MOMENTUM,
                use_nesterov=True,
            )

    return Optimizer(apply, (velocities,))


def _adam(variables: Sequence[Any], learning_rate: LearningRate, recipe: Recipe) -> Optimizer:
    """D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, section 2."""
    import tensorflow as tf

    first_moments = _zeros_like(variables)
    second_moments = _zeros_like(variables)

    def apply(gradients: Sequence[Any], step: Any) -> None:
        power = tf.cast(step + 1, tf.float32)
        moments = zip(first_moments, second_moments, strict=True)
        for variable, (first, second), gradient in zip(variables, moments, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=first.handle,
                v=second.handle,
                beta1_power=tf.pow(_BETA_1, power),
                beta2_power=tf.pow(recipe.beta_2, power),
                lr=learning_rate(step),
                beta1=_BETA_1,
                beta2=recipe.beta_2,
                epsilon=_EPSILON,
                grad=gradient,
            )

    return Optimizer(apply, (first_moments, second_moments))


def _zeros_like(variables: Sequence[Any]) -> list[Any]:
    import tensorflow as tf

    return [tf.Variable(tf.zeros_like(variable)) for variable in variables]


def learning_rate_factor(schedule: str, step: Any, steps: int) -> Any:
    """Return by what the recipe's learning rate is multiplied in this step (int64 tensor).

    "one-cycle" climbs from a tenth to the whole in the first quarter of the run, then falls
    evenly to a hundredth (L. N. Smith and N. Topin, Super-convergence, 2018); a run that is
    extended goes on at a tenth.
    """
    import tensorflow as tf

    if schedule == "constant":
        return tf.constant(1.0)
    share = tf.cast(step, tf.float32) / steps
    rising = _START + (1 - _START) * share / _WARM_UP
    falling = 1 - (1 - _END) * (share - _WARM_UP) / (1 - _WARM_UP)
    return tf.where(share < 1, tf.minimum(rising, falling), _EXTENDED)
