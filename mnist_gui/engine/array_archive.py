"""Zip files of one JSON text and named arrays; what is read is judged before it is believed.

Every size that a file declares is compared with what is wanted before anything of that size is
read, and nothing in it is evaluated, unpickled or written to disk.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from mnist_gui.engine.regular_file import open_regular

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
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,
)


class UnusableError(Exception):
    """What is wrong with a file, as a clause to be put into a sentence that names it."""


class NewerError(Exception):
    """The file has something that only a later version of the program knows."""


@dataclass(frozen=True, slots=True)
class ArrayType:
    """An array's shape and its type in NumPy's words, byte order included: "<f4"."""

    shape: tuple[int, ...]
    dtype: str = "<f4"

    @property
    def data_bytes(self) -> int:
        """How much room the numbers take."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


def write_archive(
    file: IO[bytes], header: tuple[str, bytes], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write a header, given as its name and its content, and the arrays as they are."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(*header)
        for name, array in arrays.items():
            whole = np.asarray(array, order="C")
            with archive.open(_member(name), "w") as stream:
                description = npy.header_data_from_array_1_0(whole)
                npy.write_array_header_1_0(stream, description)
                # All at once: the checksum is then taken without holding Python's lock.
                stream.write(whole.reshape(-1).view(np.uint8).data)


class ArchiveReader:
    """Reads one archive, which may come from anyone. Raises UnusableError and those of DAMAGE."""

    def __init__(self, archive: zipfile.ZipFile, header: str) -> None:
        """`header` is the name of its JSON text."""
        self._archive = archive
        self._header = header
        members = archive.infolist()
        if len({member.filename for member in members}) < len(members):
            raise UnusableError("it has two parts of one name")

    def read_header(self) -> bytes:
        """Return the JSON text, not parsed."""
        if self._header not in self._archive.namelist():
            raise UnusableError(f"it is of another kind: it has no {self._header}")
        with self._open(self._header, _MOST_HEADER_BYTES) as stream:
            return stream.read(_MOST_HEADER_BYTES)

    def read_arrays(self, types: Mapping[str, ArrayType]) -> dict[str, NDArray[Any]]:
        """Return the arrays of these names, read-only; there must be these and no other."""
        self._check_members(types)
        return {name: self._read_array(name, wanted) for name, wanted in types.items()}

    def _check_members(self, types: Mapping[str, ArrayType]) -> None:
        wanted = {self._header, *map(_member, types)}
        found = set(self._archive.namelist())
        if wanted - found:
            raise UnusableError(f"it lacks {', '.join(sorted(wanted - found))}")
        if found - wanted:
            extra = min(found - wanted)
            raise UnusableError(f"it has a part that its network does not have, {extra[:80]!r}")

    def _read_array(self, name: str, wanted: ArrayType) -> NDArray[Any]:
        with self._open(_member(name), wanted.data_bytes + 1_024) as stream:
            _check_declaration(stream, name, wanted)
            data = stream.read(wanted.data_bytes)
            # Reading on to the end has the checksum compared.
            if len(data) != wanted.data_bytes or stream.read(1):
                raise UnusableError(f"its array {name} has another size than it declares")
        array = np.frombuffer(data, wanted.dtype).reshape(wanted.shape)
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise UnusableError(f"its array {name} has values that are not finite")
        return array

    def _open(self, member: str, most_bytes: int) -> IO[bytes]:
        info = self._archive.getinfo(member)
        if info.file_size > most_bytes:
            raise UnusableError(f"its {member} declares {info.file_size} bytes, far too many")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnusableError(f"its {member} is compressed in an unknown way")
        return self._archive.open(info)


@contextmanager
def open_archive(path: Path, header: str) -> Iterator[ArchiveReader]:
    """Open an archive to read. Raises OSError, UnusableError and those of DAMAGE."""
    with open_regular(path) as file:
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            yield ArchiveReader(archive, header)


def _check_directory(file: BufferedReader) -> None:
    """Refuse what does not end as the zip files that `write_archive` writes."""
    size = file.seek(0, 2)
    start = size - _END_OF_DIRECTORY.size
    if start < 0:
        raise UnusableError("it is too short to be one")
    file.seek(max(0, start - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    record = tail[-_END_OF_DIRECTORY.size :]
    signature, _, _, _, members, directory_bytes, _, _ = _END_OF_DIRECTORY.unpack(record)
    if signature != b"PK\5\6":
        raise UnusableError("it is of another kind, or it is truncated")
    is_zip64 = tail[: -_END_OF_DIRECTORY.size].startswith(b"PK\6\7")
    if is_zip64 or members > _MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
        raise UnusableError("it has far more parts than a network")


def _check_declaration(stream: IO[bytes], name: str, wanted: ArrayType) -> None:
    """Read an array's header; its own small grammar, so that nothing in it is evaluated."""
    start = stream.read(len(_NPY_MAGIC) + 2)
    header_bytes = int.from_bytes(start[len(_NPY_MAGIC) :], "little")
    if not start.startswith(_NPY_MAGIC) or header_bytes > _MOST_NPY_HEADER_BYTES:
        raise UnusableError(f"its array {name} is in an unknown format")
    match = _NPY_DECLARATION.fullmatch(stream.read(header_bytes).decode("latin-1"))
    if not match:
        raise UnusableError(f"its array {name} is in an unknown format")
    shape = tuple(map(int, re.findall(r"-?\d+", match["shape"])))
    if shape != wanted.shape or match["dtype"] != wanted.dtype or match["fortran"] != "False":
        raise UnusableError(
            f"its array {name} is declared as {match['dtype']} {shape} "
            f"instead of {wanted.dtype} {wanted.shape}"
        )


def _member(name: str) -> str:
    return f"{name}.npy"
