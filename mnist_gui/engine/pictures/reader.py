"""Reads the digits that were found in a picture."""

from collections.abc import Sequence

import numpy as np

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.pictures.reading import FoundDigit, PictureReading
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot


def read_digits(
    digits: Sequence[FoundDigit], snapshot: Snapshot, classifier: Classifier
) -> PictureReading:
    """Return what the network reads the digits as, at least one, all at once."""
    images = np.stack([digit.image for digit in digits])
    probabilities = classifier.probabilities(snapshot, images)
    return PictureReading(tuple(digits), tuple(Prediction(shares) for shares in probabilities))
