"""Find and read single test images: any, the next mistake, the next of a digit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot

# Takes some 30 ms, so that a caller can stop in time.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class TestImage:
    """The test image (28, 28) uint8 at a place, from 0, with its label and a network's reading."""

    index: int
    image: NDArray[np.uint8]
    label: int
    prediction: Prediction

    @property
    def is_right(self) -> bool:
        """Whether it is read as what it is."""
        return self.prediction.digit == self.label


def predict_image(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, index: int
) -> TestImage:
    """Read the image at this place, from 0."""
    image = images.images[index]
    prediction = classifier.predict_known(snapshot, image)
    return TestImage(index, image, int(images.labels[index]), prediction)


def next_of_digit(images: LabelledImages, digit: int, after: int) -> int | None:
    """Return the place of the digit's next image behind a place, round the end; None for none."""
    places = np.flatnonzero(images.labels == digit)
    if not len(places):
        return None
    return int(places[np.searchsorted(places, after, side="right") % len(places)])


def find_next_mistake(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, after: int
) -> Iterator[TestImage | None]:
    """Look behind a place, round the end, for the next image that is read wrong.

    Yields None after each part of the images that is all right, and the image once it is found.
    """
    order = np.roll(np.arange(len(images)), -(after + 1))
    for at in range(0, len(order), _AT_ONCE):
        part = order[at : at + _AT_ONCE]
        wrong = _wrong(classifier, snapshot, images, part)
        if len(wrong):
            yield predict_image(classifier, snapshot, images, int(wrong[0]))
            return
        yield None


def _wrong(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, part: NDArray[np.int64]
) -> NDArray[np.int64]:
    read = classifier.probabilities(snapshot, images.images[part]).argmax(axis=1)
    wrong: NDArray[np.int64] = part[read != images.labels[part]]
    return wrong
