"""What the tests of the page share: how an image passes small real networks."""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.passage import Passage, pass_image
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import random_network


def image() -> NDArray[np.uint8]:
    """Return an upright stroke."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[5:23, 13:16] = 255
    pixels[5:23, 12] = 100
    return pixels


def network(architecture: str, temperature: float = 0.5) -> Snapshot:
    """Return a network of random weights with a temperature."""
    snapshot = random_network(architecture)
    return Snapshot(snapshot.recipe, 1, snapshot.weights, temperature)


def passage(architecture: str, temperature: float = 0.5) -> Passage:
    """Return how the stroke passes a random network."""
    return pass_image(network(architecture, temperature), image())
