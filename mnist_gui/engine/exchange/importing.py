"""Opens networks of our own and of others; of what others made, only arrays are read."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import ExchangeError
from mnist_gui.engine.exchange.hdf5_file import read_hdf5
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES, MOST_FILE_BYTES
from mnist_gui.engine.exchange.matching import match
from mnist_gui.engine.files.array_archive import (
    UnusableError,
    check_name,
    open_archive,
    read_floats,
    read_member,
)
from mnist_gui.engine.files.regular_file import explain, open_regular, read_bounded
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.recipe import IMPORTED, RECIPES
from mnist_gui.engine.snapshot import Snapshot

_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_KERAS_WEIGHTS = "model.weights.h5"
_ARRAY = ".npy"
_RECIPES = {
    "softmax": "softmax-tutorial",
    "cnn": "cnn-tutorial",
    "cnn-lean": "cnn-fast",
    "cnn-deep": "cnn-best",
}


def import_network(path: Path) -> Snapshot:
    """Read a network: our own file, plain weights (`.npz`), or Keras' `.keras` or `.h5`.

    What it is is told by its content. Of a foreign file only the arrays are read, within bounds
    and in no case by executing anything, and taken only if they fit an architecture of ours; its
    recipe is then the usual one of that architecture, after 0 steps. Raises ModelFileError for
    our own files and ExchangeError for others.
    """
    try:
        arrays = _foreign_arrays(path)
        if arrays is None:
            return load_snapshot(path)
        architecture, weights = match(arrays)
    except OSError as error:
        raise ExchangeError(f"The network file {path} cannot be read: {explain(error)}.") from error
    except UnusableError as error:
        raise _unusable(path, str(error)) from error
    recipe = replace(RECIPES[_RECIPES[architecture.name]], name=IMPORTED)
    return Snapshot(recipe, 0, weights)


def _foreign_arrays(path: Path) -> Mapping[str, NDArray[np.float32]] | None:
    """Return the arrays of a file that is not ours; None if it is, or not known here."""
    with open_regular(path) as file:
        start = file.read(len(_HDF5_MAGIC))
        if start == _HDF5_MAGIC:
            return read_hdf5(read_bounded(path, MOST_FILE_BYTES))
        if not start.startswith(b"PK"):
            return None
        with open_archive(file, "network file") as archive:
            names = archive.namelist()
            if _KERAS_WEIGHTS in names:
                return read_hdf5(read_member(archive, _KERAS_WEIGHTS, MOST_FILE_BYTES))
            if names and all(name.endswith(_ARRAY) for name in names):
                return _plain_arrays(archive)
    return None


def _plain_arrays(archive: zipfile.ZipFile) -> dict[str, NDArray[np.float32]]:
    arrays, left = {}, MOST_ARRAY_BYTES
    for member in archive.namelist():
        name = member.removesuffix(_ARRAY)
        check_name(name)
        arrays[name] = read_floats(archive, name, left)
        left -= arrays[name].nbytes
    return arrays


def _unusable(path: Path, problem: str) -> ExchangeError:
    return ExchangeError(
        f"The network file {path} cannot be used: {problem}; choose a network of this program, "
        "or the weights of one with the same layers."
    )
