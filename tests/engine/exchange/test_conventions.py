"""A network that wants other images than ours is changed so that it reads ours as it read those."""

import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.exchange.conventions import applied, without
from mnist_gui.engine.exchange.images import CONVENTIONS, OURS, Convention, Numbers
from mnist_gui.engine.inside.forward import apply_layer, softmax
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import random_images, random_network

# Ink up to the edge, so that the border shows.
IMAGES = random_images(3)


def logits(snapshot: Snapshot, numbers: np.ndarray) -> np.ndarray:
    """Return the logits of images (n, 28, 28) that are numbers of any kind."""
    outputs = numbers[..., np.newaxis]
    for layer in network_layers(snapshot.recipe.network)[1:]:
        outputs = apply_layer(layer, snapshot.weights, outputs)
    return outputs


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_computes_from_our_images_what_it_did_from_its_own(
    architecture: str, convention: Convention
) -> None:
    snapshot = random_network(architecture)
    wanted = logits(snapshot, applied(convention, IMAGES))
    found = logits(without(convention, snapshot), applied(OURS, IMAGES))
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())
    assert not convention.is_transposed or not np.allclose(
        softmax(logits(snapshot, applied(OURS, IMAGES))), softmax(found), atol=1e-6
    )


def test_padding_is_of_the_networks_own_paper() -> None:
    """Zeros round an inverted image are ink to the network, so that its border is a frame."""
    inverted = Convention(Numbers.INVERTED)
    cnn = random_network("cnn")
    changed = without(inverted, cnn)
    assert changed.recipe.network == "cnn-normalized"
    assert list(changed.weights) == list(ARCHITECTURES["cnn-normalized"].weight_shapes)
    again = without(inverted, changed)
    assert again.recipe.network == "cnn-normalized"
    np.testing.assert_allclose(
        logits(again, applied(OURS, IMAGES)), logits(cnn, applied(OURS, IMAGES)), rtol=1e-4
    )


def test_a_scale_alone_needs_no_other_network() -> None:
    assert without(Convention(Numbers.BYTES), random_network("cnn")).recipe.network == "cnn"
