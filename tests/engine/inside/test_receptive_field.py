import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.receptive_field import Field, receptive_field
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import OTHERS, random_network
from tests.engine.inside.test_unit import some_units

# Tanh and sigmoid hide what is bright beside what is brighter, and so does max pooling where it
# meets zeros of the padding.
RISING = (OTHERS[1].replace("-pool3by2", "-avgpool3by2"), "conv4x6-stride2-pool conv3x6 dense9")


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *RISING])
def test_it_is_just_the_pixels_that_change_a_number(architecture: str) -> None:
    snapshot = random_network(architecture)
    # All weights add, so that each pixel that can be seen makes a number larger.
    weights = {name: np.abs(array) + np.float32(0.01) for name, array in snapshot.weights.items()}
    for name, array in weights.items():
        if name.endswith("/moving_mean"):
            array[:] = 0
    network = Snapshot(snapshot.recipe, 1, weights)
    layers = network_layers(architecture)
    # Paper, then each row bright, then each column.
    images = np.zeros((1 + 2 * 28, 28, 28), np.uint8)
    for at in range(28):
        images[1 + at, at] = images[29 + at, :, at] = 255
    outputs = layer_outputs(network, images)
    for place, layer in enumerate(layers):
        for unit in some_units(layer.shape):
            numbers = np.array([each[unit] for each in outputs[place]])
            rows, columns = (np.flatnonzero(half > numbers[0]) for half in np.split(numbers[1:], 2))
            field = receptive_field(layers, place, unit)
            assert rows.tolist() == list(range(field.top, field.bottom))
            assert columns.tolist() == list(range(field.left, field.right))


def test_it_grows_from_layer_to_layer_and_ends_at_the_edge() -> None:
    layers = network_layers("cnn")
    assert receptive_field(layers, 0, (3, 4, 0)) == Field(3, 4, 4, 5)
    assert receptive_field(layers, 1, (10, 10, 0)) == Field(8, 8, 13, 13)
    assert receptive_field(layers, 1, (0, 27, 0)) == Field(0, 25, 3, 28)
    assert receptive_field(layers, 2, (5, 5, 0)) == Field(8, 8, 14, 14)
    assert receptive_field(layers, 10, (3,)) == Field(0, 0, 28, 28)
