from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.training.optimizers import Optimizer

START = np.array([1.0, -2.0, 0.5], np.float32)
GRADIENTS = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)


def ours(name: str, learning_rate: float) -> NDArray[np.float32]:
    recipe = replace(find_recipe("softmax-tutorial"), optimizer=name)
    variable = tf.Variable(START)
    optimizer = Optimizer(recipe, [variable], lambda _step: learning_rate)
    for step, gradient in enumerate(GRADIENTS):
        optimizer.apply([tf.constant(gradient)], tf.constant(step))
    result: NDArray[np.float32] = variable.numpy()
    return result


@pytest.mark.parametrize(
    ("name", "peer"),
    [
        ("gradient-descent", keras.optimizers.SGD(0.1)),
        ("momentum", keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
        ("adam", keras.optimizers.Adam(0.1, epsilon=1e-8)),
    ],
)
def test_the_fused_kernel_moves_weights_as_keras_optimizer_does(
    name: str, peer: keras.Optimizer
) -> None:
    variable = keras.Variable(START)
    for gradient in GRADIENTS:
        peer.apply([tf.constant(gradient)], [variable])
    assert ours(name, 0.1) == pytest.approx(variable.numpy(), rel=2e-4)
