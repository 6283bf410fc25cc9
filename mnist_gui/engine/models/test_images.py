"""Find and predict single test images: any, the next error, the next of a digit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot

# Images predicted in one call of about 30 ms, so that a search can be stopped.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class TestImage:
    """The test image (28, 28) uint8 at an index, with its label and a network's prediction."""

    index: int
    image: NDArray[np.uint8]
    label: int
    prediction: Prediction

    @property
    def is_right(self) -> bool:
        """Whether the prediction is the label."""
        return self.prediction.digit == self.label


def predict_image(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, index: int
) -> TestImage:
    """Predict the image at this index."""
    image = images.images[index]
    prediction = classifier.predict_known(snapshot, image)
    return TestImage(index, image, int(images.labels[index]), prediction)


def next_index_of_digit(images: LabelledImages, digit: int, after: int) -> int | None:
    """Return the index of the digit's next image after `after`, from the start again at the end.

    None if the digit has no image.
    """
    indices = np.flatnonzero(images.labels == digit)
    if not len(indices):
        return None
    return int(indices[np.searchsorted(indices, after, side="right") % len(indices)])


def find_next_mistake(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, after: int
) -> Iterator[TestImage | None]:
    """Search the next image after an index, around the end, whose prediction is wrong.

    Yields None after each part of the images without one, and the image once it is found.
    """
    order = np.roll(np.arange(len(images)), -(after + 1))
    for at in range(0, len(order), _AT_ONCE):
        part = order[at : at + _AT_ONCE]
        predicted = classifier.probabilities(snapshot, images.images[part]).argmax(axis=1)
        wrong = part[predicted != images.labels[part]]
        if len(wrong):
            yield predict_image(classifier, snapshot, images, int(wrong[0]))
            return
        yield None
