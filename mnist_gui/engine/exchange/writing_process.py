"""What runs in a process of its own to write a network: its noise and its stops reach nobody.

The converter of TensorFlow Lite holds Python's lock for a second or more, and talks.
"""

import sys
from pathlib import Path

import numpy as np

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.exchange.writers import write_network
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.own_digits.drawings_file import read_drawings
from mnist_gui.engine.preprocessing import image_of
from mnist_gui.engine.tensorflow_loader import load_tensorflow


def main(network: str, target: str, drawings: str, answers: str) -> None:
    """Write the network to `target`, and to `answers` what the engine reads of the drawings."""
    load_tensorflow()
    snapshot = load_snapshot(Path(network))
    write_network(Path(target), snapshot)
    images = np.stack([image_of(labelled.drawing) for labelled in read_drawings(Path(drawings))])
    np.save(answers, Classifier().probabilities(snapshot, images))


if __name__ == "__main__":
    main(*sys.argv[1:])
