"""Files of networks: weights and the recipe they were trained with."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from mnist_gui import __version__
from mnist_gui.engine.architectures import find_architecture
from mnist_gui.engine.calibration import Temperature
from mnist_gui.engine.errors import FileFormatError, ModelFileError, NewerVersionError
from mnist_gui.engine.io import archive
from mnist_gui.engine.io.files import open_regular_file, replacing
from mnist_gui.engine.models.file_kinds import START_BYTES, FileKind, file_kind
from mnist_gui.engine.models.finite import check_computes
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import Snapshot

FORMAT = 1
_LONGEST_NAME = 200
_KIND = "network"
_PART = "description"


def parse_recipe(values: dict[str, Any]) -> Recipe:
    """Return the recipe with these values; raises FileFormatError or NewerVersionError.

    Fields that were added later have defaults, so that older files stay readable.
    """
    network = values.get("network")
    is_newer = archive.is_text(network) and find_architecture(network) is None
    if is_newer or values.keys() - {field.name for field in fields(Recipe)}:
        raise NewerVersionError("newer-version")
    recipe = archive.convert(values, Recipe, "recipe")
    if not archive.is_text(recipe.name) or len(recipe.name) > _LONGEST_NAME:
        raise FileFormatError("recipe-name")
    return recipe


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    format: archive.Positive
    program: str
    created: datetime
    architecture: str
    step: archive.Count
    recipe: dict[str, Any]
    temperature: Temperature = 1.0


def format_header(snapshot: Snapshot) -> bytes:
    """Return the JSON that `parse_header` reads."""
    facts = {
        "program": __version__,
        "created": datetime.now(UTC).replace(microsecond=0),
        "architecture": snapshot.recipe.architecture.name,
        "step": snapshot.step,
        "recipe": snapshot.recipe,
        "temperature": snapshot.temperature,
    }
    return archive.encode(facts, FORMAT)


def parse_header(content: bytes) -> tuple[Recipe, int, float]:
    """Return recipe, step and temperature; raises FileFormatError or NewerVersionError."""
    archive.check_format(content, FORMAT, _PART)
    header = archive.decode(content, _Header, _PART)
    recipe = parse_recipe(header.recipe)
    if header.architecture != recipe.network:
        raise FileFormatError("recipe-of-another-network")
    return recipe, header.step, header.temperature


def save_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write the network to `path`; raises ModelFileError, which leaves the old file as it was."""
    try:
        with replacing(path) as file:
            write_snapshot(file, snapshot)
    except (OSError, FileFormatError) as error:
        raise ModelFileError("network-not-saved", path=path, reason=error) from error


def write_snapshot(file: IO[bytes], snapshot: Snapshot) -> None:
    """Write what `load_snapshot` reads; raises OSError, and FileFormatError before it writes."""
    _check_weights(snapshot)
    header = format_header(snapshot)
    parse_header(header)  # Do not save what cannot be opened again.
    shapes = snapshot.recipe.architecture.weight_shapes
    archive.write_archive(file, _KIND, header, {name: snapshot.weights[name] for name in shapes})


def load_snapshot(path: Path) -> Snapshot:
    """Read a network that `save_snapshot` wrote; its arrays are read-only.

    Every declared size is checked before it is read. Raises ModelFileError.
    """
    try:
        with open_regular_file(path) as file:
            _check_kind(path, file_kind(file.read(START_BYTES)))
            file.seek(0)
            reader = archive.ArchiveReader(file, _KIND)
            recipe, step, temperature = parse_header(reader.facts)
            shapes = recipe.architecture.weight_shapes
            types = {name: archive.ArrayType(shape) for name, shape in shapes.items()}
            weights = reader.arrays(types)
            check_computes(weights)
            return Snapshot(recipe, step, weights, temperature)
    except (OSError, NewerVersionError) as error:
        raise ModelFileError("network-file-unreadable", path=path, reason=error) from error
    except FileFormatError as error:
        if error.problem == "archive-of-others":
            raise ModelFileError("network-file-of-others", path=path) from error
        raise ModelFileError("network-file-damaged", path=path, reason=error) from error


def _check_kind(path: Path, kind: FileKind) -> None:
    """Raise ModelFileError for a network of another program, which says how to use it here."""
    match kind:
        case FileKind.HDF5 | FileKind.ONNX | FileKind.ZIP:
            raise ModelFileError("network-file-of-others", path=path)
        case FileKind.PICKLE:
            raise ModelFileError("network-file-pickle", path=path)
        case FileKind.TFLITE:
            raise ModelFileError("network-file-tflite", path=path)
        case FileKind.TORCH:
            raise ModelFileError("network-file-torch", path=path)


def _check_weights(snapshot: Snapshot) -> None:
    shapes = snapshot.recipe.architecture.weight_shapes
    if set(snapshot.weights) != set(shapes):
        raise FileFormatError("arrays-of-another-network", network=snapshot.recipe.network)
    for name, shape in shapes.items():
        array = snapshot.weights[name]
        if array.shape != shape or array.dtype != np.float32:
            raise FileFormatError("array-not-float32", name=name, shape=str(shape))
        archive.check_finite(name, array)
