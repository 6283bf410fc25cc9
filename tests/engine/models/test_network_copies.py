import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.models.network_copies import NetworkCopies
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import random_images, random_network

COPIES = NetworkCopies()
LABELS = np.array([3, 7, 3])
# Small enough for the slope, large enough beside the rounding of float32.
NUDGE = 2e-3


def in_float64(snapshot: Snapshot, name: str, direction: np.ndarray, by: float) -> Snapshot:
    """Return the network with one array moved, all its numbers in float64."""
    weights = {key: array.astype(np.float64) for key, array in snapshot.weights.items()}
    weights[name] = weights[name] + by * direction
    return Snapshot(snapshot.recipe, snapshot.step, weights)  # type: ignore[arg-type]


def cross_entropy(snapshot: Snapshot, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy, computed forwards with NumPy."""
    _, logits = features_and_logits(snapshot, images)
    return float(-np.log(softmax(logits)[np.arange(len(labels)), labels]).mean())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_gradients_are_the_slopes_that_finite_differences_find(architecture: str) -> None:
    snapshot, images = random_network(architecture), random_images(3)
    gradients = COPIES.of(snapshot).named_gradients(images, LABELS)
    assert tuple(gradients) == ARCHITECTURES[architecture].trained_names
    for name, gradient in gradients.items():
        # Along the gradient itself the loss rises by the gradient's length.
        length = float(np.linalg.norm(gradient))
        direction = gradient.astype(np.float64) / length
        step = NUDGE * min(1.0, 0.02 / length)
        up, down = (
            cross_entropy(in_float64(snapshot, name, direction, sign * step), images, LABELS)
            for sign in (1, -1)
        )
        assert (up - down) / (2 * step) == pytest.approx(length, rel=0.02), name


def test_logits_and_loss_are_those_of_the_forward_pass() -> None:
    snapshot, images = random_network("cnn-lean"), random_images(3)
    _, logits, loss = COPIES.of(snapshot).gradients(images, LABELS)
    assert np.allclose(logits, features_and_logits(snapshot, images)[1], atol=1e-4)
    assert loss == pytest.approx(cross_entropy(snapshot, images, LABELS), rel=1e-4)


def test_a_copy_has_the_weights_of_the_network_it_is_asked_for_last() -> None:
    first, second = random_network("softmax", 1), random_network("softmax", 2)
    copy = COPIES.of(first)
    copy.variables[0].assign(np.zeros((784, 10), np.float32))
    assert not copy.trained_weights()["output/kernel"].any()
    assert first.weights["output/kernel"].any()
    for snapshot in (second, first):
        weights = COPIES.of(snapshot).trained_weights()
        assert np.array_equal(weights["output/kernel"], snapshot.weights["output/kernel"])
