"""The networks that ship with the program."""

from dataclasses import dataclass
from pathlib import Path

from mnist_gui.paths import SHIPPED_NETWORK, resource


@dataclass(frozen=True, slots=True)
class ShippedNetwork:
    """A network file that ships: the recipe it was trained by, and its accuracy on MNIST's test."""

    recipe: str
    path: Path
    accuracy: float


SHIPPED_NETWORKS = (
    ShippedNetwork("cnn-best", SHIPPED_NETWORK, 0.9960),
    ShippedNetwork("softmax-best", resource("models/softmax-best.mnistgui"), 0.9257),
)
"""The first one is used until another one is chosen."""
