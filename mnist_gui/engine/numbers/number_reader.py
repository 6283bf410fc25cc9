"""Reads drawings: finds out which strokes make up which digit, and reads each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.digit_detector import DigitDetector
from mnist_gui.engine.numbers.number_reading import DigitReading, NumberReading
from mnist_gui.engine.numbers.stroke_groups import split
from mnist_gui.engine.preprocessing import images_of
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.strokes import Drawing


class NumberReader:
    """Reads the digits of drawings with a classifier; to be used by one thread only."""

    def __init__(self, classifier: Classifier, detector: DigitDetector | None = None) -> None:
        self._classifier = classifier
        self._detector = detector or DigitDetector()

    def read(self, snapshot: Snapshot, drawing: Drawing) -> NumberReading:
        """Read a drawing that is not empty; a single digit is read as `Classifier.predict` does."""
        drawings = self.split(drawing)
        images = _images(drawings)
        # One by one: a batch of a size not seen before makes TensorFlow prepare for that size.
        predictions = [self._classifier.predict(snapshot, image) for image in images]
        return NumberReading(tuple(map(DigitReading, drawings, images, predictions)))

    def split(self, drawing: Drawing) -> list[Drawing]:
        """Return the drawing's digits from left to right."""
        return split(drawing, self._likenesses)

    def _likenesses(self, drawings: Sequence[Drawing]) -> NDArray[np.float32]:
        return self._detector.likenesses(_images(drawings))


def _images(drawings: Sequence[Drawing]) -> NDArray[np.uint8]:
    return images_of(drawings)
