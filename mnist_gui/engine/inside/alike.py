"""The training images that are most like a digit: in pixels, and to a network."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.forward import features_and_logits
from mnist_gui.engine.inside.layers import has_hidden_layer
from mnist_gui.engine.inside.neighbours import NeighbourFinder, Neighbours, spread_indices
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReader, SetReading, bounded
from mnist_gui.engine.snapshot import Snapshot

MOST_IMAGES = 60_000
"""Of a larger training set, as many images are compared."""
NEAREST = 9


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """The images of a training set that are nearest to a digit, by their indices there.

    `pixels` compares pixels, each 0..1; `seen` what the last hidden layer makes of them, or the
    ten scores where there is none. It is None while the training set is still being read.
    `compared` of the `total` training images were compared.
    """

    pixels: Neighbours
    seen: Neighbours | None
    compared: int
    total: int


class _Compared:
    """The images of a data set that are compared, with their places in the training set."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.images = dataset.train.images
        self.indices = spread_indices(len(self.images), MOST_IMAGES)
        # The reader remembers images by their array.
        if len(self.indices) < len(self.images):
            self.images = self.images[self.indices]
        self.by_pixels = NeighbourFinder(self.images.reshape(len(self.images), -1))
        self.read: tuple[Snapshot, Iterator[ViewProgress | SetReading]] | None = None
        self.by_network: tuple[Snapshot, NeighbourFinder] | None = None

    def places(self, found: Neighbours, scale: float = 1.0) -> Neighbours:
        """Return what was found by its places in the training set, its distances scaled."""
        return Neighbours(self.indices[found.indices], found.distances * scale)


class AlikeFinder:
    """Finds what is alike; for one thread only. It goes on reading a set where it was stopped."""

    def __init__(self, reader: SetReader) -> None:
        self._reader = reader
        self._compared: _Compared | None = None

    def find(
        self, snapshot: Snapshot, dataset: Dataset, image: NDArray[np.uint8]
    ) -> Iterator[ViewProgress | Alike]:
        """Find the nine nearest training images of a digit (28, 28) uint8.

        Yields what is known at once, then, when the network has read all training images, all.
        """
        compared = self._compared
        if compared is None or compared.dataset is not dataset:
            compared = self._compared = _Compared(dataset)
        wanted = image.reshape(-1).astype(np.float32)
        found = yield from compared.by_pixels.nearest(wanted, NEAREST)
        pixels = compared.places(found, 1 / 255)
        facts = (len(compared.indices), len(dataset.train))
        if compared.by_network is None or compared.by_network[0] is not snapshot:
            yield Alike(pixels, None, *facts)
            yield from self._prepare(compared, snapshot)
        assert compared.by_network is not None
        numbers = _of_network(snapshot, image)
        seen = yield from compared.by_network[1].nearest(numbers, NEAREST)
        yield Alike(pixels, compared.places(seen), *facts)

    def _prepare(self, compared: _Compared, snapshot: Snapshot) -> Iterator[ViewProgress]:
        """Let the network read all training images, or the rest of them."""
        if compared.read is None or compared.read[0] is not snapshot:
            compared.read = (snapshot, self._reading(snapshot, compared.images))
        # It stays as it is where this one is stopped, but not where it fails.
        reading, compared.read = compared.read[1], None
        try:
            for event in reading:
                if isinstance(event, ViewProgress):
                    yield event
                else:
                    compared.by_network = (snapshot, _finder(snapshot, event))
        except GeneratorExit:
            compared.read = (snapshot, reading)
            raise

    def _reading(
        self, snapshot: Snapshot, images: NDArray[np.uint8]
    ) -> Iterator[ViewProgress | SetReading]:
        yield (yield from self._reader.read(snapshot, images))


def _finder(snapshot: Snapshot, reading: SetReading) -> NeighbourFinder:
    is_deep = has_hidden_layer(snapshot.recipe.network)
    return NeighbourFinder(reading.features if is_deep else bounded(reading.logits))


def _of_network(snapshot: Snapshot, image: NDArray[np.uint8]) -> NDArray[np.floating]:
    """Return the numbers (m,) by which a network compares, rounded as they are remembered."""
    features, logits = features_and_logits(snapshot, image[np.newaxis])
    is_deep = has_hidden_layer(snapshot.recipe.network)
    numbers = bounded(features).astype(np.float16) if is_deep else bounded(logits)
    return numbers.reshape(-1)
