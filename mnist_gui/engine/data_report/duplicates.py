"""Images that are in a data set more than once, to the pixel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mnist_gui.engine.dataset import Dataset

_PIXELS = 28 * 28
# Images that are hashed or compared at once: they fit into a processor's cache.
_CHUNK = 2_048
_SHIFT = np.uint64(29)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many images a data set has more than once.

    `in_training` and `in_test` are images that are equal to an earlier one of their part, of which
    training and validation images are one; `in_both` are test images that are there too.
    `contradicting` are images that are equal to another one with another label.
    """

    in_training: int
    in_test: int
    in_both: int
    contradicting: int


def find_duplicates(dataset: "Dataset") -> Duplicates:
    """Count the images that are there more than once; takes two seconds for a million."""
    parts = (dataset.train, dataset.validation, dataset.test)
    ids = first_equals([part.images for part in parts])
    training, test = np.split(ids, [len(dataset.train) + len(dataset.validation)])
    labels = np.concatenate([part.labels for part in parts])
    return Duplicates(
        in_training=len(training) - len(np.unique(training)),
        in_test=len(test) - len(np.unique(test)),
        in_both=int(np.isin(test, training).sum()),
        contradicting=_contradicting(ids, labels),
    )


def first_equals(parts: Sequence[NDArray[np.uint8]]) -> NDArray[np.int64]:
    """Return for each image (28, 28) of all parts the number of the first one that equals it.

    Images of the same hash are compared, so the answer is exact.
    """
    hashes = np.concatenate([_hashes(images) for images in parts])
    order = np.argsort(hashes, kind="stable")
    begins = np.ones(len(order), np.bool_)
    begins[1:] = hashes[order][1:] != hashes[order][:-1]
    firsts = np.empty(len(order), np.int64)
    firsts[order] = order[begins][np.cumsum(begins) - 1]
    seen: dict[bytes, int] = {}
    # Of the same hash, but of other pixels: hardly ever one.
    for number in _unlike(parts, np.flatnonzero(firsts != np.arange(len(firsts))), firsts):
        firsts[number] = seen.setdefault(_pixels(parts, np.array([number])).tobytes(), number)
    return firsts


def _hashes(images: NDArray[np.uint8]) -> NDArray[np.uint64]:
    factors = np.random.default_rng(1).integers(0, 1 << 63, _PIXELS // 8, np.uint64) * 2 + 1
    hashes = np.empty(len(images), np.uint64)
    for start in range(0, len(images), _CHUNK):
        chunk = np.ascontiguousarray(images[start : start + _CHUNK])
        words = chunk.reshape(len(chunk), -1).view(np.uint64)
        # Otherwise the last pixels of each eight would only reach the highest bits.
        mixed = words ^ (words >> _SHIFT)
        hashes[start : start + _CHUNK] = (mixed * factors).sum(axis=1, dtype=np.uint64)
    return hashes


def _unlike(
    parts: Sequence[NDArray[np.uint8]], numbers: NDArray[np.intp], firsts: NDArray[np.int64]
) -> list[int]:
    """Return which of the images do not equal what is taken for their first."""
    found: list[int] = []
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        differ = (_pixels(parts, chunk) != _pixels(parts, firsts[chunk])).any(axis=1)
        found += chunk[differ].tolist()
    return found


def _pixels(parts: Sequence[NDArray[np.uint8]], numbers: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Return the pixels (n, 784) of the images of these numbers, counted through all parts."""
    pixels = np.empty((len(numbers), _PIXELS), np.uint8)
    before = 0
    for images in parts:
        here = (numbers >= before) & (numbers < before + len(images))
        pixels[here] = images[numbers[here] - before].reshape(-1, _PIXELS)
        before += len(images)
    return pixels


def _contradicting(ids: NDArray[np.int64], labels: NDArray[np.uint8]) -> int:
    """Return how many images are equal to another one that has another label."""
    differs = labels != labels[ids]
    groups = np.unique(ids[differs])
    return int(np.isin(ids, groups).sum())
