"""The file of a network: a zip of JSON and arrays that can do nothing but be read."""

import zipfile
from pathlib import Path
from typing import IO

import numpy as np

from mnist_gui.engine.errors import ModelFileError
from mnist_gui.engine.files.array_archive import (
    UnusableError,
    check_finite,
    member_of,
    open_archive,
    read_array,
    read_member,
    write_archive,
)
from mnist_gui.engine.files.atomic_file import replacing
from mnist_gui.engine.files.regular_file import explain, open_regular
from mnist_gui.engine.files.strict_json import NewerError
from mnist_gui.engine.model_header import format_header, parse_header
from mnist_gui.engine.snapshot import Snapshot

_HEADER = "network.json"
_MOST_HEADER_BYTES = 64 << 10


def save_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write the network to `path`; raises ModelFileError, which leaves the old file as it was."""
    try:
        with replacing(path) as file:
            write_snapshot(file, snapshot)
    except UnusableError as error:
        raise ModelFileError(f"The network cannot be saved to {path}: {error}.") from error
    except OSError as error:
        raise ModelFileError(f"The network cannot be saved to {path}: {explain(error)}.") from error


def write_snapshot(file: IO[bytes], snapshot: Snapshot) -> None:
    """Write what `load_snapshot` reads; raises OSError, and UnusableError before it writes."""
    _check_weights(snapshot)
    header = format_header(snapshot)
    parse_header(header)  # What could not be opened again is not saved.
    shapes = snapshot.recipe.architecture.weight_shapes
    write_archive(file, {name: snapshot.weights[name] for name in shapes}, {_HEADER: header})


def load_snapshot(path: Path) -> Snapshot:
    """Read a network that `save_snapshot` wrote; its arrays are read-only.

    Every size the file declares is checked before anything of that size is read. Raises
    ModelFileError.
    """
    try:
        with open_regular(path) as file, open_archive(file, "network file") as archive:
            return _unpacked(archive)
    except OSError as error:
        raise ModelFileError(
            f"The network file {path} cannot be read: {explain(error)}."
        ) from error
    except NewerError as error:
        raise ModelFileError(
            f"The network file {path} was saved by a newer version of the program; "
            "update the program to open it."
        ) from error
    except UnusableError as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, problem: str) -> ModelFileError:
    return ModelFileError(
        f"The network file {path} cannot be used: {problem}; "
        "choose an intact file that this program saved."
    )


def _check_weights(snapshot: Snapshot) -> None:
    shapes = snapshot.recipe.architecture.weight_shapes
    if set(snapshot.weights) != set(shapes):
        raise UnusableError(f"its arrays are not those of the network {snapshot.recipe.network}")
    for name, shape in shapes.items():
        array = snapshot.weights[name]
        if array.shape != shape or array.dtype != np.float32:
            raise UnusableError(f"its array {name} is not float32 of the shape {shape}")
        check_finite(name, array)


def _unpacked(archive: zipfile.ZipFile) -> Snapshot:
    if _HEADER not in archive.namelist():
        raise UnusableError(f"it is no network file: it has no {_HEADER}")
    recipe, step = parse_header(read_member(archive, _HEADER, _MOST_HEADER_BYTES))
    shapes = recipe.architecture.weight_shapes
    _check_members(archive, list(shapes))
    weights = {name: read_array(archive, name, shape) for name, shape in shapes.items()}
    return Snapshot(recipe, step, weights)


def _check_members(archive: zipfile.ZipFile, names: list[str]) -> None:
    wanted = {_HEADER, *map(member_of, names)}
    found = set(archive.namelist())
    if wanted - found:
        raise UnusableError(f"it lacks {', '.join(sorted(wanted - found))}")
    if found - wanted:
        extra = min(found - wanted)
        raise UnusableError(f"it has a part that its network does not have, {extra[:80]!r}")
