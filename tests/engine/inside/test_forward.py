import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.forward import layer_outputs, softmax
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReader
from mnist_gui.engine.recipe import usual_recipe
from mnist_gui.engine.snapshot import Snapshot

OTHERS = (
    "conv5x6-same-tanh-avgpool3by2 conv5x8-stride2-pool-linear "
    "dense20-sigmoid dense14-linear dense12-norm-gelu dense10-relu-norm "
    "dense11-softplus dense9-selu",
    "norm conv3x8-relu-norm conv4x6-stride2-same-pool3by2-leaky0.3 "
    "conv3x7-elu-avgpool4 conv1x6-silu conv1x9-relu6",
)
"""Architectures that have all kinds of layers there are, beside those of the recipes."""


def random_network(architecture: str, seed: int = 3) -> Snapshot:
    """Return a network whose weights, biases and statistics all are numbers of their own."""
    random = np.random.default_rng(seed)
    weights = {
        name: random.normal(0.1 if len(shape) == 1 else 0, 0.1, shape).astype(np.float32)
        for name, shape in usual_recipe(architecture).architecture.weight_shapes.items()
    }
    for name, array in weights.items():
        if name.endswith("/moving_variance"):
            np.abs(array, out=array)
    return Snapshot(usual_recipe(architecture), 1, weights)


def random_images(count: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(4).integers(0, 256, (count, 28, 28), dtype=np.uint8)


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_each_layer_gives_what_keras_gives(architecture: str) -> None:
    from mnist_gui.engine.models.networks import (
        build_network,
        set_network_weights,
        to_network_input,
    )

    snapshot, images = random_network(architecture), random_images(3)
    outputs = layer_outputs(snapshot, images)
    network = build_network(architecture)
    set_network_weights(network, snapshot.weights)
    expected = np.asarray(to_network_input(images))
    assert np.allclose(outputs[0], expected)
    # Keras has one more, which only turns the logits into float32.
    for layer, of_keras, output in zip(
        network_layers(architecture)[1:], network.layers[:-1], outputs[1:], strict=True
    ):
        expected = np.asarray(of_keras(expected, training=False))
        assert output.dtype == np.float32
        assert output.shape == (3, *layer.shape)
        assert np.allclose(output, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def test_softmax_gives_shares_of_one_however_large_the_logits_are() -> None:
    shares = softmax(np.array([[0.0, np.log(3)], [1e4, -1e4]]))
    assert np.allclose(shares, [[0.25, 0.75], [1.0, 0.0]])


def test_a_set_is_read_in_batches_and_remembered() -> None:
    snapshot, images, reader = random_network("cnn-lean"), random_images(120), SetReader()
    events = reader.read(snapshot, images)
    assert [next(events) for _ in range(3)] == [
        ViewProgress(50, 120),
        ViewProgress(100, 120),
        ViewProgress(120, 120),
    ]
    with pytest.raises(StopIteration) as end:
        next(events)
    reading = end.value.value
    outputs = layer_outputs(snapshot, images)
    assert np.allclose(reading.logits, outputs[-1], atol=1e-3)
    assert np.allclose(reading.features, outputs[-2], rtol=1e-3, atol=1e-3)
    with pytest.raises(StopIteration) as again:
        next(reader.read(snapshot, images))
    assert again.value.value is reading


def test_a_set_of_no_images_is_read_at_once() -> None:
    with pytest.raises(StopIteration) as end:
        next(SetReader().read(random_network("softmax"), random_images(0)))
    assert end.value.value.logits.shape == (0, 10)
