"""Import weights from files of other programs, matched to an architecture of this one."""

import json
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from math import prod
from pathlib import Path
from threading import Timer
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import find_architecture
from mnist_gui.engine.errors import ExchangeError, FileFormatError
from mnist_gui.engine.exchange.conventions import rescaled
from mnist_gui.engine.exchange.foreign_arrays import (
    Arrays,
    as_float32,
    check_name,
    match,
    match_one,
    with_maps_last,
    without_normalization,
)
from mnist_gui.engine.exchange.foreign_layers import (
    SIGMOID,
    Description,
    ForeignLayer,
    agreed_weights,
    described,
    last_normalization,
)
from mnist_gui.engine.exchange.hdf5_process import MOST_ARRAY_BYTES, MOST_ARRAYS, MOST_FILE_BYTES
from mnist_gui.engine.exchange.keras_layers import MOST_CONFIG_BYTES, arrays_in_row, keras_layers
from mnist_gui.engine.exchange.onnx_file import read_onnx
from mnist_gui.engine.exchange.torch_file import from_torch, read_safetensors
from mnist_gui.engine.io.archive import FLOAT32, check_finite
from mnist_gui.engine.io.files import open_regular_file, read_file_bounded
from mnist_gui.engine.io.npy import read_npy_header
from mnist_gui.engine.io.process import module_process
from mnist_gui.engine.io.temporary import temporary_file
from mnist_gui.engine.models.file_kinds import START_BYTES, FileKind, file_kind
from mnist_gui.engine.models.finite import check_computes
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import IMPORTED, usual_recipe
from mnist_gui.engine.snapshot import Snapshot

# What the process that reads HDF5 may say is wrong.
_HDF5_PROBLEMS = (
    "array-not-of-floats",
    "arrays-too-large",
    "file-damaged",
    "hdf5-array-elsewhere",
    "hdf5-array-encoded",
    "hdf5-link",
    "hdf5-other-part",
    "hdf5-too-deep",
    "hdf5-too-many-parts",
)
_LONGEST_SECONDS = 60
_MOST_HEADER_BYTES = 256 << 10
_MOST_OUTPUT_BYTES = _MOST_HEADER_BYTES + MOST_ARRAY_BYTES
_KERAS_WEIGHTS = "model.weights.h5"
_KERAS_MODEL = "config.json"
_ARRAY = ".npy"
# The text in a file of plain weights that names their architecture.
_NETWORK = "network"
_MOST_TEXT_BYTES = 8 << 10
_FLOATS = ("<f2", FLOAT32, "<f8")
# The zip's directory is read whole, so it is bounded.
_MOST_MEMBERS = 128
_MOST_DIRECTORY_BYTES = 64 << 10
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
# What zipfile raises for damaged files; caught around its calls only, to hide no mistake of ours.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """What another program's file has: arrays, and layers where it describes them.

    `network` is the name of the architecture where it tells that. `is_channels_first` says that the
    maps came before the rows where they were put into one row.
    """

    arrays: Arrays
    layers: tuple[ForeignLayer, ...] | None = None
    is_channels_first: bool = False
    network: str = ""

    @property
    def names_activations(self) -> bool:
        """Whether it says which activations its layers have."""
        return bool(self.layers) or find_architecture(self.network) is not None

    @property
    def ends_in_sigmoids(self) -> bool:
        """Whether it makes a number from 0 to 1 of each digit alone, in place of softmax."""
        return self.layers[-1].name == SIGMOID if self.layers else False


def read_hdf5(content: bytes) -> tuple[Arrays, str]:
    """Return the arrays by their paths in the file, finite, and the JSON of its model, or "".

    Raises FileFormatError and TemporaryFilesError.
    """
    with temporary_file(content) as given:
        # No plugin may be loaded.
        variables = {"HDF5_PLUGIN_PRELOAD": "::"}
        process = module_process("mnist_gui.engine.exchange.hdf5_process", given, variables)
        with process:
            output = _output(process)
    if process.returncode:
        raise FileFormatError("hdf5-process-died")
    return _parsed(output)


def _output(process: "subprocess.Popen[bytes]") -> bytes:
    """Return the process' output, of bounded size, within bounded time."""
    assert process.stdout
    clock = Timer(_LONGEST_SECONDS, process.kill)
    clock.start()
    try:
        output = process.stdout.read(_MOST_OUTPUT_BYTES + 1)
        if len(output) > _MOST_OUTPUT_BYTES:
            process.kill()
        process.wait()
    finally:
        clock.cancel()
    return output


def _parsed(output: bytes) -> tuple[Arrays, str]:
    """Read the process' output, which a hostile file may have forged."""
    end = output.find(b"\n", 0, _MOST_HEADER_BYTES)
    try:
        header = json.loads(output[:end]) if end >= 0 else None
    except (ValueError, RecursionError) as error:
        raise FileFormatError("hdf5-unreadable") from error
    if not isinstance(header, dict):
        raise FileFormatError("hdf5-unreadable")
    if "problem" in header:
        problem = header["problem"]
        raise FileFormatError(problem if problem in _HDF5_PROBLEMS else "hdf5-unreadable")
    model = header.get("model")
    arrays = _arrays(header.get("arrays"), memoryview(output)[end + 1 :])
    return arrays, model if isinstance(model, str) else ""


def _arrays(listed: Any, values: memoryview) -> Arrays:
    try:
        shapes = {str(name): tuple(map(int, shape)) for name, shape in listed}
    except (TypeError, ValueError, OverflowError) as error:
        raise FileFormatError("hdf5-unreadable") from error
    sizes = [4 * prod(shape) for shape in shapes.values()]
    # Sides too: a negative or far too long one may be next to a 0.
    sides = [side for shape in shapes.values() for side in shape]
    if len(sizes) > MOST_ARRAYS or any(not 0 <= n <= MOST_ARRAY_BYTES for n in (*sizes, *sides)):
        raise FileFormatError("arrays-too-large")
    if sum(sizes) != len(values):
        raise FileFormatError("hdf5-unreadable")
    arrays, start = {}, 0
    for (name, shape), size in zip(shapes.items(), sizes, strict=True):
        check_name(name)
        given = np.frombuffer(values[start : start + size], "<f4").reshape(shape)
        arrays[name] = as_float32(name, given)
        start += size
    return arrays


def import_network(path: Path) -> Snapshot:
    """Read a network as `read_network` does, and return it alone."""
    return read_network(path)[0]


def read_network(path: Path) -> tuple[Snapshot, Foreign | None]:
    """Read a network: our own file, or one of another program; return also what that one has.

    Others are plain weights (`.npz`), Keras' `.keras` or `.h5`, PyTorch's weights in
    `.safetensors`, and ONNX. The content decides the format. Of a foreign file only arrays and the
    names of its layers are read, within bounds and without executing anything; they must fit an
    architecture. Its recipe is the first one of the architecture, after 0 steps. Raises
    ModelFileError for our own files, else ExchangeError.
    """
    try:
        foreign = _foreign(path)
        if foreign is None:
            return load_snapshot(path), None
        snapshot = fitted(foreign)
        check_computes(snapshot.weights)
    except OSError as error:
        raise ExchangeError("network-file-unreadable", path=path, reason=error) from error
    except FileFormatError as error:
        raise ExchangeError("network-file-unfit", path=path, reason=error) from error
    return snapshot, foreign


def fitted(foreign: Foreign) -> Snapshot:
    """Return a network of ours that computes what the file's does; raises FileFormatError."""
    scale, offset = 1.0, 0.0
    if foreign.layers:
        description, weights = _as_described(foreign.arrays, foreign.layers)
        name, scale, offset = description.architecture, description.scale, description.offset
    elif architecture := find_architecture(foreign.network):
        name, weights = architecture.name, match_one(foreign.arrays, architecture)
    else:
        name, weights = match(foreign.arrays)
    if foreign.is_channels_first:
        weights = with_maps_last(name, weights)
    recipe = replace(usual_recipe(name), name=IMPORTED)
    snapshot = rescaled(Snapshot(recipe, 0, weights), scale, offset)
    for each, array in snapshot.weights.items():
        check_finite(each, array)
    return snapshot


def _as_described(arrays: Arrays, layers: tuple[ForeignLayer, ...]) -> tuple[Description, Arrays]:
    """Return the architecture with these layers, and its weights."""
    place = last_normalization(layers)
    kept = layers if place is None else (*layers[:place], *layers[place + 1 :])
    for is_swapping in (True, False):
        description = described(kept, is_swapping=is_swapping)
        architecture = find_architecture(description.architecture)
        assert architecture is not None
        given = arrays_in_row(arrays, layers)
        if place is not None:
            given = without_normalization(given, place, layers[place].epsilon)
        weights = agreed_weights(description, match_one(given, architecture))
        if weights is not None:
            return description, weights
    raise AssertionError("where nothing was swapped the weights agree")


def _foreign(path: Path) -> Foreign | None:
    """Return what is in a foreign file; None for our own and for formats that are not read."""
    with open_regular_file(path) as file:
        match file_kind(file.read(START_BYTES)):
            case FileKind.HDF5:
                arrays, model = read_hdf5(read_file_bounded(path, MOST_FILE_BYTES))
                return Foreign(arrays, keras_layers(model))
            case FileKind.SAFETENSORS:
                found = read_safetensors(file)
                return None if found is None else Foreign(*from_torch(found))
            case FileKind.ONNX:
                onnx = read_onnx(read_file_bounded(path, MOST_FILE_BYTES))
                return Foreign(onnx.arrays, onnx.layers, onnx.is_channels_first)
            case FileKind.ZIP:
                with _open_zip(file) as archive:
                    return _from_zip(archive)
        return None


def _from_zip(archive: zipfile.ZipFile) -> Foreign:
    names = archive.namelist()
    if _KERAS_WEIGHTS in names:
        arrays, _ = read_hdf5(_read_member(archive, _KERAS_WEIGHTS, MOST_FILE_BYTES))
        model = b""
        if _KERAS_MODEL in names:
            model = _read_member(archive, _KERAS_MODEL, MOST_CONFIG_BYTES)
        return Foreign(arrays, keras_layers(model))
    if names and all(name.endswith(_ARRAY) for name in names):
        network = _read_text(archive, _NETWORK) if f"{_NETWORK}{_ARRAY}" in names else ""
        return Foreign(_plain_arrays(archive), network=network)
    raise FileFormatError("zip-no-network")


def _plain_arrays(archive: zipfile.ZipFile) -> Arrays:
    arrays, left = {}, MOST_ARRAY_BYTES
    for member in archive.namelist():
        name = member.removesuffix(_ARRAY)
        check_name(name)
        if name == _NETWORK:
            continue
        arrays[name] = _read_floats(archive, name, left)
        left -= arrays[name].nbytes
    return arrays


@contextmanager
def _open_zip(file: BufferedReader) -> Iterator[zipfile.ZipFile]:
    """Open a zip file to read; raises OSError and FileFormatError."""
    _check_directory(file)
    with _telling_damage():
        archive = zipfile.ZipFile(file)
    with archive:
        members = archive.infolist()
        if len({member.filename for member in members}) < len(members):
            raise FileFormatError("zip-part-twice")
        yield archive


def _read_member(archive: zipfile.ZipFile, member: str, most_bytes: int) -> bytes:
    """Return the content of a part, of bounded size; raises FileFormatError, OSError."""
    with _open_member(archive, member, most_bytes) as stream:
        return _read(stream, most_bytes)


def _read_floats(archive: zipfile.ZipFile, name: str, most_bytes: int) -> NDArray[np.float32]:
    """Return an array of floats, of bounded size, as float32; raises FileFormatError, OSError."""
    with _open_member(archive, f"{name}{_ARRAY}", most_bytes) as stream:
        with _telling_damage():
            dtype, is_fortran, shape = read_npy_header(stream, name)
        if dtype not in _FLOATS or not all(0 <= size <= most_bytes for size in shape):
            raise FileFormatError(
                "array-declared-not-floats", name=name, dtype=dtype[:20], shape=str(shape)
            )
        data_bytes = prod(shape) * np.dtype(dtype).itemsize
        if data_bytes > most_bytes:
            raise FileFormatError("part-too-large", name=name, size=data_bytes)
        data = _rest(stream, name, data_bytes)
    order: Literal["F", "C"] = "F" if is_fortran else "C"
    values = np.frombuffer(data, dtype).reshape(shape, order=order)
    return as_float32(name, values)


def _read_text(archive: zipfile.ZipFile, name: str) -> str:
    """Return a text that NumPy has written as an array of no dimension; raises FileFormatError."""
    with _open_member(archive, f"{name}{_ARRAY}", _MOST_TEXT_BYTES) as stream:
        with _telling_damage():
            dtype, _, shape = read_npy_header(stream, name)
        size = dtype.removeprefix("<U")
        if shape or not size.isdecimal() or int(size) * 4 > _MOST_TEXT_BYTES:
            raise FileFormatError(
                "array-declared-not-floats", name=name, dtype=dtype[:20], shape=str(shape)
            )
        data = _rest(stream, name, int(size) * 4)
    with _telling_damage():
        return data.decode("utf-32-le").rstrip("\0")


def _check_directory(file: BufferedReader) -> None:
    """Refuse a file that does not end like a zip file of few parts."""
    size = file.seek(0, 2)
    start = size - _END_OF_DIRECTORY.size
    if start < 0:
        raise FileFormatError("zip-too-short")
    file.seek(max(0, start - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    record = tail[-_END_OF_DIRECTORY.size :]
    signature, _, _, _, members, directory_bytes, _, _ = _END_OF_DIRECTORY.unpack(record)
    if signature != b"PK\5\6":
        raise FileFormatError("archive-foreign-or-truncated", kind="network")
    is_zip64 = tail[: -_END_OF_DIRECTORY.size].startswith(b"PK\6\7")
    if is_zip64 or members > _MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
        raise FileFormatError("zip-too-many-parts")


def _rest(stream: IO[bytes], name: str, data_bytes: int) -> bytes:
    data = _read(stream, data_bytes)
    # zipfile compares the checksum only at the end.
    if len(data) != data_bytes or _read(stream, 1):
        raise FileFormatError("array-size", name=name)
    return data


def _open_member(archive: zipfile.ZipFile, member: str, most_bytes: int) -> IO[bytes]:
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise FileFormatError("zip-part-missing", name=member) from error
    if info.file_size > most_bytes:
        raise FileFormatError("part-too-large", name=member, size=info.file_size)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileFormatError("zip-part-compressed", name=member)
    with _telling_damage():
        return archive.open(info)


def _read(stream: IO[bytes], most_bytes: int) -> bytes:
    with _telling_damage():
        return stream.read(most_bytes)


@contextmanager
def _telling_damage() -> Iterator[None]:
    """Turn zipfile's errors of a damaged file into FileFormatError."""
    try:
        yield
    except _DAMAGE as error:
        raise FileFormatError("file-damaged") from error
