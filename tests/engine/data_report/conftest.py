"""What the tests of the report share: MNIST, sets made of it, and the network that reads them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    return load_dataset()


@pytest.fixture(scope="session")
def reader() -> Snapshot:
    return load_snapshot(SHIPPED_NETWORK)


def dataset_of(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = lambda images: images,
) -> Dataset:
    """Return a data set of these images: a tenth for validation, a fifth for the test."""
    cuts = [len(labels) // 10, len(labels) // 10 * 3]
    changed = np.ascontiguousarray(change(images))
    validation, test, train = (
        LabelledImages(*halves)
        for halves in zip(np.split(changed, cuts), np.split(labels, cuts), strict=True)
    )
    return Dataset("some", train, validation, test, "0" * 64)
