import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.forward import features_and_logits, layer_outputs, softmax
from mnist_gui.engine.inside.gradient import loss_and_gradients
from mnist_gui.engine.models.network_copies import NetworkCopies
from tests.engine.inside.test_forward import OTHERS, random_images, random_network

COPIES = NetworkCopies()
LABELS = np.array([3, 7, 3, 0])


def images_with_paper() -> np.ndarray:
    """Return images of which much is empty, so that many outputs are equal to their neighbours."""
    images = random_images(4)
    images[:, :, 15:] = 0
    images[3] = 0
    return images


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_every_gradient_is_the_one_that_tensorflow_finds(architecture: str) -> None:
    snapshot, images = random_network(architecture), images_with_paper()
    loss, gradients = loss_and_gradients(snapshot, layer_outputs(snapshot, images), LABELS)
    copy = COPIES.of(snapshot)
    expected = copy.named_gradients(images, LABELS)
    assert loss == pytest.approx(copy.gradients(images, LABELS)[2], rel=1e-4)
    assert tuple(gradients) == tuple(expected)
    for name, gradient in gradients.items():
        size = float(np.abs(expected[name]).max())
        assert gradient.shape == expected[name].shape
        assert np.allclose(gradient, expected[name], rtol=1e-3, atol=1e-3 * size), name


def test_a_gradient_is_the_slope_of_the_loss() -> None:
    snapshot, images = random_network("softmax"), random_images(4)
    _, gradients = loss_and_gradients(snapshot, layer_outputs(snapshot, images), LABELS)
    losses = []
    for nudge in (-1e-3, 1e-3):
        bias = snapshot.weights["output/bias"] + np.float32(nudge) * (np.arange(10) == 3)
        _, logits = features_and_logits(snapshot, images)
        shares = softmax(logits - snapshot.weights["output/bias"] + bias)
        losses.append(-np.log(shares[np.arange(4), LABELS]).mean())
    slope = (losses[1] - losses[0]) / 2e-3
    assert gradients["output/bias"][3] == pytest.approx(slope, rel=1e-3)
