"""The mean of a network's weights over the last part of a run."""

from collections.abc import Sequence
from typing import Any


class WeightAverage:
    """Averages variables over the steps from `first_step` on.

    The mean lies nearer the middle of the valley that the steps jump about in (P. Izmailov et
    al., Averaging weights leads to wider optima and better generalization, 2018).
    """

    def __init__(self, variables: Sequence[Any], first_step: int) -> None:
        import tensorflow as tf

        self._variables = variables
        self._first_step = first_step
        self.means = [tf.Variable(tf.zeros_like(variable)) for variable in variables]

    def include(self, step: Any) -> None:
        """Take the variables after this step (int64 tensor) into the mean; in a graph only."""
        import tensorflow as tf

        count = tf.cast(step - self._first_step + 1, tf.float32)
        share = tf.where(count >= 1, 1 / tf.maximum(count, 1), 0.0)
        for mean, variable in zip(self.means, self._variables, strict=True):
            mean.assign_add((variable - mean) * share)

    def apply(self) -> None:
        """Give the variables their means."""
        for mean, variable in zip(self.means, self._variables, strict=True):
            variable.assign(mean)
