"""Finds images of a set: the next one of a digit, the next one that a network reads wrong."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.classifier import Classifier
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.shown_image import ShownImage
from mnist_gui.engine.snapshot import Snapshot

# Takes some 30 ms, so that a caller can stop in time.
_AT_ONCE = 64


def read_image(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, index: int
) -> ShownImage:
    """Read the image at this place, from 0."""
    image = images.images[index]
    prediction = classifier.predict_known(snapshot, image)
    return ShownImage(index, image, int(images.labels[index]), prediction)


def next_of_digit(images: LabelledImages, digit: int, after: int) -> int | None:
    """Return the place of the digit's next image behind a place, round the end; None for none."""
    places = np.flatnonzero(images.labels == digit)
    if not len(places):
        return None
    return int(places[np.searchsorted(places, after, side="right") % len(places)])


def search_mistake(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, after: int
) -> Iterator[ShownImage | None]:
    """Look behind a place, round the end, for the next image that is read wrong.

    Yields None after each part of the images that is all right, and the image once it is found.
    """
    order = np.roll(np.arange(len(images)), -(after + 1))
    for at in range(0, len(order), _AT_ONCE):
        part = order[at : at + _AT_ONCE]
        wrong = _wrong(classifier, snapshot, images, part)
        if len(wrong):
            yield read_image(classifier, snapshot, images, int(wrong[0]))
            return
        yield None


def _wrong(
    classifier: Classifier, snapshot: Snapshot, images: LabelledImages, part: NDArray[np.int64]
) -> NDArray[np.int64]:
    read = classifier.probabilities(snapshot, images.images[part]).argmax(axis=1)
    wrong: NDArray[np.int64] = part[read != images.labels[part]]
    return wrong
