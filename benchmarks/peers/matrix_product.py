"""How fast the processor multiplies large matrices in TensorFlow: what any training can reach."""

from collections.abc import Callable

import tensorflow as tf

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.recipe import Recipe

_SIDE = 4096
FLOP = 2 * _SIDE**3


def train(_dataset: Dataset, _recipe: Recipe, note: Callable[[int], bool]) -> None:
    """Multiply, telling `note` of each product, until it returns False."""
    left, right = tf.random.normal((_SIDE, _SIDE)), tf.random.normal((_SIDE, _SIDE))
    while note(1):
        tf.linalg.matmul(left, right).numpy()
