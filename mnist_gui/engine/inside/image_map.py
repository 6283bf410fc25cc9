"""Test images as points in the plane, where a network sees them."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.forward import features_and_logits, to_input
from mnist_gui.engine.inside.map_store import MapStore
from mnist_gui.engine.inside.neighbours import NeighbourFinder, spread_indices
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.projection import PrincipalAxes, principal_axes
from mnist_gui.engine.inside.set_reader import SetReader, bounded
from mnist_gui.engine.inside.tsne import FEWEST_IMAGES, MapError, spread_out
from mnist_gui.engine.snapshot import Snapshot

MOST_IMAGES = 10_000
NEAREST = 10
"""So many test images say where a digit lies that is none of them."""
# Another one makes the maps that are kept those of an earlier program.
_FORM = 1


class Numbers(Enum):
    """By which numbers of an image it is put on the map."""

    PIXELS = "pixels"
    HIDDEN = "hidden"
    SCORES = "scores"


class Method(Enum):
    """How many numbers become two."""

    PCA = "pca"
    TSNE = "tsne"


@dataclass(frozen=True, slots=True, eq=False)
class ImageMap:
    """n test images as points (n, 2) float32, with their labels and what they are read as, (n,).

    `indices` (n,) are their places among the `total` test images. `share` is how much of the
    variance of their `size` numbers the plane holds, None for t-SNE. Of a `is_draft` the points
    still move.
    """

    points: NDArray[np.float32]
    indices: NDArray[np.intp]
    labels: NDArray[np.uint8]
    predicted: NDArray[np.intp]
    total: int
    size: int
    share: float | None
    is_draft: bool = False

    @property
    def mistakes(self) -> NDArray[np.intp]:
        """The places in the map of the images that are misread."""
        return np.flatnonzero(self.predicted != self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDigit:
    """Where a digit lies on a map, (2,), and the places in the map of the images nearest to it."""

    point: NDArray[np.float32]
    nearest: NDArray[np.intp]


@dataclass(slots=True, eq=False)
class _Ground:
    """What all maps of a network, a data set and some numbers begin with."""

    snapshot: Snapshot
    dataset: Dataset
    numbers: Numbers
    axes: PrincipalAxes
    pca: ImageMap
    coordinates: NDArray[np.float32]
    finder: NeighbourFinder
    tsne: ImageMap | None = None


class MapMaker:
    """Makes maps and puts digits on them; for one thread only. It remembers the last one."""

    def __init__(self, reader: SetReader, store: MapStore) -> None:
        self._reader, self._store = reader, store
        self._ground: _Ground | None = None
        self._chosen: tuple[Dataset, NDArray[np.intp], NDArray[np.uint8]] | None = None

    def make(
        self, snapshot: Snapshot, dataset: Dataset, numbers: Numbers, method: Method
    ) -> Generator[ViewProgress | ImageMap, None, ImageMap]:
        """Make a map of a data set's test images; yields its progress, and drafts of the map.

        Of more than 10,000 test images there are 10,000, evenly spread. Raises MapError.
        """
        ground = self._ground
        asked = (snapshot, dataset, numbers)
        if ground is None or (ground.snapshot, ground.dataset, ground.numbers) != asked:
            ground = self._ground = yield from self._begin(*asked)
        if method is Method.PCA:
            return ground.pca
        if ground.tsne is None:
            points = yield from self._spread_out(ground)
            ground.tsne = _moved(ground.pca, points)
        return ground.tsne

    def place(
        self, image: NDArray[np.uint8], method: Method
    ) -> Generator[ViewProgress, None, PlacedDigit]:
        """Put an image (28, 28) uint8 on the map that was made last.

        By PCA it lies exactly where its numbers are. With t-SNE, which knows no others than its
        own images, it lies amid the ten nearest of them, the nearer to one the nearer that is.
        """
        ground = self._ground
        assert ground is not None
        numbers = _of_image(ground.snapshot, image, ground.numbers)
        along = ground.axes.coordinates(numbers)[0]
        found = yield from ground.finder.nearest(along, NEAREST)
        if method is Method.PCA or ground.tsne is None:
            return PlacedDigit(along[:2], found.indices)
        closeness = 1 / (np.square(found.distances) + np.finfo(np.float32).eps)
        weights = closeness / closeness.sum()
        point = (weights @ ground.tsne.points[found.indices]).astype(np.float32)
        return PlacedDigit(point, found.indices)

    def _begin(
        self, snapshot: Snapshot, dataset: Dataset, numbers: Numbers
    ) -> Generator[ViewProgress, None, _Ground]:
        indices, images = self._images(dataset)
        labels = dataset.test.labels[indices]
        reading = yield from self._reader.read(snapshot, images)
        features: Mapping[Numbers, NDArray[np.floating]] = {
            Numbers.HIDDEN: reading.features,
            Numbers.SCORES: bounded(reading.logits),
        }
        values = _pixels(images) if numbers is Numbers.PIXELS else features[numbers]
        axes = yield from principal_axes(values, labels)
        coordinates = axes.coordinates(values)
        image_map = ImageMap(
            points=coordinates[:, :2],
            indices=indices,
            labels=labels,
            predicted=reading.logits.argmax(axis=1),
            total=len(dataset.test),
            size=values.shape[1],
            share=float(axes.shares[:2].sum()),
        )
        finder = NeighbourFinder(coordinates)
        return _Ground(snapshot, dataset, numbers, axes, image_map, coordinates, finder)

    def _images(self, dataset: Dataset) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Return the places of a data set's images on the map, and these images."""
        if self._chosen is None or self._chosen[0] is not dataset:
            images = dataset.test.images
            indices = spread_indices(len(images), MOST_IMAGES)
            # The reader remembers images by their array.
            if len(indices) < len(images):
                images = images[indices]
            self._chosen = (dataset, indices, images)
        return self._chosen[1:]

    def _spread_out(
        self, ground: _Ground
    ) -> Generator[ViewProgress | ImageMap, None, NDArray[np.float32]]:
        count = len(ground.coordinates)
        if count < FEWEST_IMAGES:
            raise MapError("map-too-few-images", count=count, fewest=FEWEST_IMAGES)
        key = _key(ground.snapshot, ground.dataset, ground.numbers)
        kept = self._store.read(key, count)
        if kept is not None:
            return kept
        points = yield from spread_out(
            ground.coordinates, partial(_moved, ground.pca, is_draft=True)
        )
        self._store.keep(key, points)
        return points


def _moved(pca: ImageMap, points: NDArray[np.float32], *, is_draft: bool = False) -> ImageMap:
    """Return a map by t-SNE of the same images."""
    read = (pca.indices, pca.labels, pca.predicted)
    return ImageMap(points, *read, pca.total, pca.size, share=None, is_draft=is_draft)


def _pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return to_input(images).reshape(len(images), -1)


def _of_image(
    snapshot: Snapshot, image: NDArray[np.uint8], numbers: Numbers
) -> NDArray[np.floating]:
    """Return the numbers (1, m) of one image, rounded as those of the test images are."""
    if numbers is Numbers.PIXELS:
        return _pixels(image[np.newaxis])
    features, logits = features_and_logits(snapshot, image[np.newaxis])
    if numbers is Numbers.SCORES:
        return bounded(logits)
    return bounded(features).astype(np.float16)


def _key(snapshot: Snapshot, dataset: Dataset, numbers: Numbers) -> str:
    """Return a text that is another one for another map."""
    parts = [str(_FORM), dataset.fingerprint, numbers.value]
    if numbers is not Numbers.PIXELS:
        digest = sha256(snapshot.recipe.network.encode())
        for name, array in sorted(snapshot.weights.items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        parts.append(digest.hexdigest())
    return " ".join(parts)
