"""Reads the digits that were found in a picture."""

import numpy as np

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.pictures.reading import FoundDigit, PictureReading
from mnist_gui.engine.snapshot import Snapshot


def read_digits(
    digits: tuple[FoundDigit, ...], snapshot: Snapshot, classifier: Classifier
) -> PictureReading:
    """Return what the network reads the digits as, at least one, all at once."""
    images = np.stack([digit.image for digit in digits])
    return PictureReading(digits, tuple(classifier.predictions(snapshot, images)))
