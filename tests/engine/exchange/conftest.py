"""What the tests of the exchange share: networks of all architectures, and foreign files."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.recipe import usual_recipe
from mnist_gui.engine.snapshot import Snapshot

Arrays = dict[str, np.ndarray[Any, Any]]


def random_snapshot(network: str) -> Snapshot:
    """Return a network with random weights, its variances above zero as a training leaves them."""
    random = np.random.default_rng(3)
    weights = {
        name: (abs(random.normal(0, 0.1, shape)) + ("variance" in name)).astype(np.float32)
        for name, shape in ARCHITECTURES[network].weight_shapes.items()
    }
    return Snapshot(usual_recipe(network), 5, weights)


def write_hdf5(path: Path, arrays: Arrays) -> None:
    """Write arrays by their paths in the file."""
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array


def keras_names(snapshot: Snapshot) -> Arrays:
    """Return the weights as Keras 3 names them in a file: by their layer and their number."""
    arrays: Arrays = {}
    for name, array in snapshot.weights.items():
        kind, _, number = name.split("/")[0].partition("_")
        later = f"_{int(number) - 1}" if number not in ("", "1") else ""
        layer = f"layers/{kind}{later}/vars"
        arrays[f"{layer}/{sum(key.startswith(f'{layer}/') for key in arrays)}"] = array
    return arrays


@pytest.fixture
def softmax() -> Snapshot:
    """A softmax regression with random weights."""
    return random_snapshot("softmax")
