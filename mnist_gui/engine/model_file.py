"""The file of a network: a zip of JSON and arrays that can do nothing but be read."""

import re
import struct
import zipfile
import zlib
from io import BufferedReader, BytesIO
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from mnist_gui.engine.atomic_file import replace_file
from mnist_gui.engine.errors import ModelFileError
from mnist_gui.engine.model_header import NewerError, UnusableError, format_header, parse_header
from mnist_gui.engine.regular_file import explain, open_regular
from mnist_gui.engine.snapshot import Snapshot

EXTENSION = ".mnistgui"
_HEADER = "network.json"
_FLOAT32 = np.dtype("<f4")
_MOST_HEADER_BYTES = 64 << 10
_MOST_NPY_HEADER_BYTES = 256
# As NumPy writes it: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_DECLARATION = re.compile(
    r"\{'descr': '(?P<dtype>[^']*)', 'fortran_order': (?P<fortran>True|False), "
    r"'shape': \((?P<shape>[-0-9, ]*)\), \} *\n"
)
# The zip's directory is read whole before any of it can be judged.
_MOST_MEMBERS = 64
_MOST_DIRECTORY_BYTES = 64 << 10
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,
)


def save_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write the network to `path`; raises ModelFileError, which leaves the old file as it was."""
    try:
        _check_weights(snapshot)
        replace_file(path, _packed(snapshot))
    except UnusableError as error:
        raise ModelFileError(f"The network cannot be saved to {path}: {error}.") from error
    except OSError as error:
        raise ModelFileError(f"The network cannot be saved to {path}: {explain(error)}.") from error


def load_snapshot(path: Path) -> Snapshot:
    """Read a network that `save_snapshot` wrote; its arrays are read-only.

    Every size the file declares is checked before anything of that size is read. Raises
    ModelFileError.
    """
    try:
        with open_regular(path) as file:
            _check_directory(file)
            with zipfile.ZipFile(file) as archive:
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
    except _DAMAGE as error:
        raise _unusable(path, "it is damaged or truncated") from error


def _unusable(path: Path, problem: str) -> ModelFileError:
    return ModelFileError(
        f"The network file {path} cannot be used: {problem}; "
        "choose an intact file that this program saved."
    )


def _packed(snapshot: Snapshot) -> memoryview:
    header = format_header(snapshot)
    parse_header(header)  # What could not be opened again is not saved.
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_HEADER, header)
        for name in snapshot.recipe.architecture.weight_shapes:
            array = np.ascontiguousarray(snapshot.weights[name], _FLOAT32)
            with archive.open(_member(name), "w") as stream:
                npy.write_array(stream, array, version=(1, 0), allow_pickle=False)
    return buffer.getbuffer()


def _check_weights(snapshot: Snapshot) -> None:
    shapes = snapshot.recipe.architecture.weight_shapes
    if set(snapshot.weights) != set(shapes):
        raise UnusableError(f"its arrays are not those of the network {snapshot.recipe.network}")
    for name, shape in shapes.items():
        array = snapshot.weights[name]
        if array.shape != shape or array.dtype != np.float32:
            raise UnusableError(f"its array {name} is not float32 of the shape {shape}")
        if not np.isfinite(array).all():
            raise UnusableError(f"its array {name} has values that are not finite")


def _check_directory(file: BufferedReader) -> None:
    """Refuse what does not end as the zip files that `save_snapshot` writes."""
    size = file.seek(0, 2)
    start = size - _END_OF_DIRECTORY.size
    if start < 0:
        raise UnusableError("it is too short to be one")
    file.seek(max(0, start - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    record = tail[-_END_OF_DIRECTORY.size :]
    signature, _, _, _, members, directory_bytes, _, _ = _END_OF_DIRECTORY.unpack(record)
    if signature != b"PK\5\6":
        raise UnusableError("it is no network file, or it is truncated")
    is_zip64 = tail[: -_END_OF_DIRECTORY.size].startswith(b"PK\6\7")
    if is_zip64 or members > _MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
        raise UnusableError("it has far more parts than a network")


def _unpacked(archive: zipfile.ZipFile) -> Snapshot:
    members = archive.infolist()
    if len({member.filename for member in members}) < len(members):
        raise UnusableError("it has two parts of one name")
    if _HEADER not in archive.namelist():
        raise UnusableError(f"it is no network file: it has no {_HEADER}")
    recipe, step = parse_header(_read_header(archive))
    shapes = recipe.architecture.weight_shapes
    _check_members(archive, list(shapes))
    weights = {name: _read_array(archive, name, shape) for name, shape in shapes.items()}
    return Snapshot(recipe, step, weights)


def _check_members(archive: zipfile.ZipFile, names: list[str]) -> None:
    wanted = {_HEADER, *map(_member, names)}
    found = set(archive.namelist())
    if wanted - found:
        raise UnusableError(f"it lacks {', '.join(sorted(wanted - found))}")
    if found - wanted:
        extra = min(found - wanted)
        raise UnusableError(f"it has a part that its network does not have, {extra[:80]!r}")


def _read_header(archive: zipfile.ZipFile) -> bytes:
    with _open_member(archive, _HEADER, _MOST_HEADER_BYTES) as stream:
        return stream.read(_MOST_HEADER_BYTES)


def _read_array(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    data_bytes = prod(shape) * _FLOAT32.itemsize
    with _open_member(archive, _member(name), data_bytes + 1_024) as stream:
        _check_declaration(stream, name, shape)
        data = stream.read(data_bytes)
        # Reading on to the end has the checksum compared.
        if len(data) != data_bytes or stream.read(1):
            raise UnusableError(f"its array {name} has another size than it declares")
    array = np.frombuffer(data, _FLOAT32).reshape(shape)
    if not np.isfinite(array).all():
        raise UnusableError(f"its array {name} has values that are not finite")
    return array


def _check_declaration(stream: IO[bytes], name: str, shape: tuple[int, ...]) -> None:
    """Read an array's header; its own small grammar, so that nothing in it is evaluated."""
    start = stream.read(len(_NPY_MAGIC) + 2)
    header_bytes = int.from_bytes(start[len(_NPY_MAGIC) :], "little")
    if not start.startswith(_NPY_MAGIC) or header_bytes > _MOST_NPY_HEADER_BYTES:
        raise UnusableError(f"its array {name} is in an unknown format")
    match = _NPY_DECLARATION.fullmatch(stream.read(header_bytes).decode("latin-1"))
    if not match:
        raise UnusableError(f"its array {name} is in an unknown format")
    declared = tuple(map(int, re.findall(r"-?\d+", match["shape"])))
    if declared != shape or match["dtype"] != _FLOAT32.str or match["fortran"] != "False":
        raise UnusableError(
            f"its array {name} is declared as {match['dtype']} {declared} "
            f"instead of {_FLOAT32.str} {shape}"
        )


def _open_member(archive: zipfile.ZipFile, member: str, most_bytes: int) -> IO[bytes]:
    info = archive.getinfo(member)
    if info.file_size > most_bytes:
        raise UnusableError(f"its {member} declares {info.file_size} bytes, far too many")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnusableError(f"its {member} is compressed in an unknown way")
    return archive.open(info)


def _member(name: str) -> str:
    return f"{name}.npy"
