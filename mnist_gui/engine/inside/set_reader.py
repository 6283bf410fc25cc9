"""Whole sets of images, read by networks; the last readings are remembered."""

from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.snapshot import Snapshot

# Takes 20 to 40 ms with the largest network, so that a view is soon cancelled.
_BATCH = 50
_MOST_REMEMBERED = 4


@dataclass(frozen=True, slots=True, eq=False)
class SetReading:
    """What a network makes of n images: the features (n, m) before its last layer, float16, and
    its logits (n, 10) float32, without temperature.
    """

    features: NDArray[np.float16]
    logits: NDArray[np.float32]

    def probabilities(self, temperature: float) -> NDArray[np.float64]:
        """Return the probabilities (n, 10) at this temperature."""
        return softmax(self.logits / np.float32(temperature))


class SetReader:
    """Reads sets of images with networks, and remembers the last few; for one thread only."""

    def __init__(self) -> None:
        self._readings: OrderedDict[tuple[int, int], tuple[object, object, SetReading]]
        self._readings = OrderedDict()

    def read(
        self, snapshot: Snapshot, images: NDArray[np.uint8]
    ) -> Generator[ViewProgress, None, SetReading]:
        """Read images (n, 28, 28) uint8; yields its progress and returns the reading."""
        key = (id(snapshot), id(images))
        if key not in self._readings:
            reading = yield from read_set(snapshot, images)
            # With what it is of, so that nothing else can get the same ids meanwhile.
            self._readings[key] = (snapshot, images, reading)
            while len(self._readings) > _MOST_REMEMBERED:
                self._readings.popitem(last=False)
        self._readings.move_to_end(key)
        return self._readings[key][2]


def bounded(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return numbers that a float16 can hold: what is too large is as large as it can be.

    What is no number at all, as a network with absurd weights gives it, is 0.
    """
    largest = float(np.finfo(np.float16).max)
    known: NDArray[np.float32] = np.nan_to_num(numbers, nan=0.0, posinf=largest, neginf=-largest)
    return known.clip(-largest, largest)


def read_set(
    snapshot: Snapshot, images: NDArray[np.uint8]
) -> Generator[ViewProgress, None, SetReading]:
    """Read images (n, 28, 28) uint8 in batches, as `SetReader.read` does."""
    features: NDArray[np.float16] = np.empty((len(images), 0), np.float16)
    logits = np.empty((len(images), 10), np.float32)
    for start in range(0, len(images), _BATCH):
        batch = slice(start, start + _BATCH)
        seen, logits[batch] = features_and_logits(snapshot, images[batch])
        if not start:
            features = np.empty((len(images), seen.shape[1]), np.float16)
        features[batch] = bounded(seen)
        yield ViewProgress(min(start + _BATCH, len(images)), len(images))
    return SetReading(features, logits)
