from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.activation import activate, activation_slope
from mnist_gui.engine.inside.forward import apply_layer
from mnist_gui.engine.inside.gradient import image_gradients
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import OTHERS, random_images, random_network


def logits(snapshot: Snapshot, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logits of images (n, 28, 28) of ink 0..1, in double precision."""
    numbers: Any = inputs[..., np.newaxis]
    for layer in network_layers(snapshot.recipe.network)[1:]:
        numbers = apply_layer(layer, snapshot.weights, numbers)
    logits: NDArray[np.float64] = numbers
    return logits


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_the_gradient_is_that_of_finite_differences(architecture: str) -> None:
    random = np.random.default_rng(9)
    network, image = random_network(architecture), random_images(1)[0]
    doubles: Any = {name: array.astype(np.float64) for name, array in network.weights.items()}
    wide = Snapshot(network.recipe, 1, doubles)
    wanted = random.normal(size=(2, 10))
    gradients = image_gradients(network, image, wanted)
    assert gradients.shape == (2, 28, 28)
    rows, columns = random.integers(0, 28, (2, 12))
    step = 1e-5
    moved = np.repeat(image[np.newaxis] / 255, 24, axis=0)
    each = np.arange(12)
    moved[each, rows, columns] += step
    moved[12 + each, rows, columns] -= step
    sums = logits(wide, moved) @ wanted.T
    slopes = (sums[:12] - sums[12:]).T / (2 * step)
    found = gradients[:, rows, columns]
    assert np.allclose(found, slopes, rtol=1e-3, atol=1e-3 * np.abs(slopes).max())


def test_relu6_ends_at_6() -> None:
    layer = Layer(LayerKind.RELU6, (4,))
    inputs = np.array([-1, 2, 5.9, 7], np.float32)
    outputs = activate(layer, inputs)
    assert outputs.tolist() == pytest.approx([0, 2, 5.9, 6])
    assert activation_slope(layer, inputs, outputs).tolist() == [0, 1, 1, 0]


def test_the_gradient_of_softmax_regression_is_its_weights() -> None:
    network = random_network("softmax")
    wanted = np.zeros((1, 10))
    wanted[0, [3, 5]] = 1, -1
    gradient = image_gradients(network, random_images(1)[0], wanted)[0]
    kernel = network.weights["output/kernel"]
    assert np.allclose(gradient.ravel(), kernel[:, 3] - kernel[:, 5])
