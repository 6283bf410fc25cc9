"""Files of networks: weights, with the recipe they were trained by."""

import json
import zipfile
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np

from mnist_gui import __version__
from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.errors import ModelFileError, RecipeError
from mnist_gui.engine.io.archive import (
    MOST_NUMBER,
    NewerError,
    UnusableError,
    check_finite,
    is_text,
    member_of,
    open_archive,
    parse_json,
    read_array,
    read_member,
    write_archive,
)
from mnist_gui.engine.io.files import explain, open_regular, replacing
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import Snapshot

_TYPES = {field.name: field.type for field in fields(Recipe)}
_LONGEST_NAME = 200
_NEEDS = {field.name for field in fields(Recipe) if field.default is MISSING}


FORMAT = 1
_KEYS = {"format", "program", "created", "architecture", "step", "recipe"}
_HEADER = "network.json"
_MOST_HEADER_BYTES = 64 << 10


def parse_recipe(values: Any) -> Recipe:
    """Return the recipe that `dataclasses.asdict` gave; raises UnusableError or NewerError."""
    if not isinstance(values, dict):
        raise UnusableError("its recipe is not an object")
    if set(values) - set(_TYPES):
        raise NewerError
    # Fields that came later have defaults, so that older files stay readable.
    missing = _NEEDS - set(values)
    if missing:
        raise UnusableError(f"its recipe lacks {', '.join(sorted(missing))}")
    if is_text(values["network"]) and values["network"] not in ARCHITECTURES:
        raise NewerError
    typed = {name: _typed(name, value) for name, value in values.items()}
    try:
        return Recipe(**typed)
    except RecipeError as error:
        sentence = str(error).rstrip(".")
        raise UnusableError(sentence[:1].lower() + sentence[1:]) from error


def _typed(name: str, value: Any) -> Any:
    wanted = _TYPES[name]
    if wanted is str and is_text(value) and len(value) <= _LONGEST_NAME:
        return value
    # Python's huge integers do not fit into the floats that they are compared with.
    if type(value) in (int, float) and abs(value) <= MOST_NUMBER:
        if wanted is float:
            return float(value)
        if wanted is int and type(value) is int:
            return value
    raise UnusableError(f"its recipe's {name.replace('_', ' ')} has a value that cannot be right")


def format_header(snapshot: Snapshot) -> bytes:
    """Return the JSON that `parse_header` reads."""
    header = {
        "format": FORMAT,
        "program": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "architecture": snapshot.recipe.architecture.name,
        "step": snapshot.step,
        "recipe": asdict(snapshot.recipe),
    }
    return json.dumps(header, indent=2).encode()


def parse_header(content: bytes) -> tuple[Recipe, int]:
    """Return the recipe and the step; raises UnusableError or NewerError."""
    header = parse_json("network.json", content)
    if not isinstance(header, dict) or type(header.get("format")) is not int:
        raise UnusableError("its network.json does not say in which format it is")
    if header["format"] > FORMAT:
        raise NewerError
    if header["format"] < 1 or set(header) != _KEYS:
        keys = ", ".join(sorted(_KEYS))
        raise UnusableError(f"its network.json must have exactly the keys {keys}")
    _check_origin(header["program"], header["created"])
    recipe = parse_recipe(header["recipe"])
    if header["architecture"] != recipe.network:
        raise UnusableError("its recipe is for another network than the one it holds")
    step = header["step"]
    if type(step) is not int or not 0 <= step <= MOST_NUMBER:
        raise UnusableError("its step is not a whole number from 0 up")
    return recipe, step


def _check_origin(program: Any, created: Any) -> None:
    if not is_text(program):
        raise UnusableError("its program version is not text")
    try:
        datetime.fromisoformat(created)
    except (TypeError, ValueError) as error:
        raise UnusableError("the time at which it was created is not a date") from error


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
