"""Archives of arrays with JSON facts, checked before they are read; JSON by types.

Every size that a file declares is compared with what is wanted before anything of that size is
read, and nothing in it is evaluated, unpickled or written to disk.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from math import prod
from typing import IO, Annotated, Any, Literal, TypeAlias, TypeGuard, TypeVar

import msgspec
import numpy as np
from msgspec import Meta
from numpy.lib import format as npy
from numpy.typing import NDArray

FLOAT32 = "<f4"
_FLOATS = ("<f2", FLOAT32, "<f8")
_MOST_NPY_HEADER_BYTES = 256
_LONGEST_NAME = 200
# As NumPy writes it: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_DECLARATION = re.compile(
    r"\{'descr': '(?P<dtype>[<>|=\w]*)', 'fortran_order': (?P<fortran>True|False), "
    r"'shape': \((?P<shape>[-0-9, ]*)\), \} *\n",
    re.ASCII,
)
# The zip's directory is read whole before any of it can be judged.
_MOST_MEMBERS = 128
_MOST_DIRECTORY_BYTES = 64 << 10
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
# What zipfile raises of a damaged file; of anything but a call of it, these would be our mistakes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)


# Above this, Python's whole numbers need not fit into the floats that they are compared with.
MOST_NUMBER = 10**12
# https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/localtime-localtime32-localtime64
_YEARS = range(1970, 3000)
_T = TypeVar("_T")

Count: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_NUMBER)]
Positive: TypeAlias = Annotated[int, Meta(ge=1, le=MOST_NUMBER)]
Number: TypeAlias = Annotated[float, Meta(ge=0, le=MOST_NUMBER)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class UnusableError(Exception):
    """What is wrong with a file, as a clause to be put into a sentence that names it."""


def packed(arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, bytes]) -> memoryview:
    """Return the content of an archive; see `write_archive`."""
    buffer = BytesIO()
    write_archive(buffer, arrays, texts)
    return buffer.getbuffer()


def write_archive(
    file: IO[bytes], arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, bytes]
) -> None:
    """Write texts by their members' names, and arrays by their own; both as they are."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for member, content in texts.items():
            archive.writestr(member, content)
        for name, array in arrays.items():
            whole = np.asarray(array, order="C")
            with archive.open(member_of(name), "w") as stream:
                npy.write_array_header_1_0(stream, npy.header_data_from_array_1_0(whole))
                # All at once: the checksum is then taken without holding Python's lock.
                stream.write(whole.reshape(-1).view(np.uint8).data)


@contextmanager
def open_archive(file: BufferedReader, kind: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive to read; `kind` is what it should be: "checkpoint".

    Raises OSError and UnusableError.
    """
    _check_directory(file, kind)
    with _telling_damage():
        archive = zipfile.ZipFile(file)
    with archive:
        members = archive.infolist()
        if len({member.filename for member in members}) < len(members):
            raise UnusableError("it has two parts of one name")
        yield archive


def read_member(archive: zipfile.ZipFile, member: str, most_bytes: int) -> bytes:
    """Return the content of a part that may be so large; raises UnusableError, OSError."""
    with _open_member(archive, member, most_bytes) as stream:
        return _read(stream, most_bytes)


def read_array(
    archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], dtype: str = FLOAT32
) -> NDArray[Any]:
    """Return a read-only array, which must have this shape and this type in NumPy's words.

    Raises UnusableError, also of numbers that are not finite, and OSError.
    """
    data_bytes = prod(shape) * np.dtype(dtype).itemsize
    with _open_member(archive, member_of(name), data_bytes + 1_024) as stream:
        _check_declaration(stream, name, shape, dtype)
        data = _rest(stream, name, data_bytes)
    array = np.frombuffer(data, dtype).reshape(shape)
    check_finite(name, array)
    return array


def read_floats(archive: zipfile.ZipFile, name: str, most_bytes: int) -> NDArray[np.float32]:
    """Return an array of floats of any shape and precision, at most so large, as float32.

    Raises UnusableError, also of numbers that are not finite, and OSError.
    """
    with _open_member(archive, member_of(name), most_bytes) as stream:
        dtype, is_fortran, shape = _declaration(stream, name)
        if dtype not in _FLOATS or not all(0 <= size <= most_bytes for size in shape):
            raise UnusableError(f"its array {name} is declared as {dtype[:20]} {shape}, not floats")
        data_bytes = prod(shape) * np.dtype(dtype).itemsize
        if data_bytes > most_bytes:
            raise UnusableError(f"its array {name} declares {data_bytes} bytes, far too many")
        data = _rest(stream, name, data_bytes)
    order: Literal["F", "C"] = "F" if is_fortran else "C"
    values = np.frombuffer(data, dtype).reshape(shape, order=order)
    return as_float32(name, values)


def as_float32(name: str, values: NDArray[Any]) -> NDArray[np.float32]:
    """Return the floats with single precision; raises UnusableError where they are not finite."""
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(values, np.float32)
    check_finite(name, array)
    return array


def check_finite(name: str, array: NDArray[Any]) -> None:
    """Raise UnusableError if the array of this name has infinities or what is not a number."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise UnusableError(f"its array {name} has values that are not finite")


def check_name(name: str) -> None:
    """Raise UnusableError for an array's name that could not stand in a sentence."""
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise UnusableError("it has an array without a proper name")


def member_of(name: str) -> str:
    """Return the name of the part that holds the array of this name."""
    return f"{name}.npy"


def _check_directory(file: BufferedReader, kind: str) -> None:
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
        raise UnusableError(f"it is no {kind}, or it is truncated")
    is_zip64 = tail[: -_END_OF_DIRECTORY.size].startswith(b"PK\6\7")
    if is_zip64 or members > _MOST_MEMBERS or directory_bytes > _MOST_DIRECTORY_BYTES:
        raise UnusableError(f"it has far more parts than a {kind}")


def _check_declaration(
    stream: IO[bytes], name: str, wanted_shape: tuple[int, ...], wanted_dtype: str
) -> None:
    dtype, is_fortran, shape = _declaration(stream, name)
    if shape != wanted_shape or dtype != wanted_dtype or is_fortran:
        raise UnusableError(
            f"its array {name} is declared as {dtype} {shape} "
            f"instead of {wanted_dtype} {wanted_shape}"
        )


def _declaration(stream: IO[bytes], name: str) -> tuple[str, bool, tuple[int, ...]]:
    """Read an array's header; its own small grammar, so that nothing in it is evaluated."""
    start = _read(stream, len(_NPY_MAGIC) + 2)
    header_bytes = int.from_bytes(start[len(_NPY_MAGIC) :], "little")
    if not start.startswith(_NPY_MAGIC) or header_bytes > _MOST_NPY_HEADER_BYTES:
        raise UnusableError(f"its array {name} is in an unknown format")
    match = _NPY_DECLARATION.fullmatch(_read(stream, header_bytes).decode("latin-1"))
    if not match:
        raise UnusableError(f"its array {name} is in an unknown format")
    shape = tuple(map(int, re.findall(r"-?\d+", match["shape"])))
    return match["dtype"], match["fortran"] == "True", shape


def _rest(stream: IO[bytes], name: str, data_bytes: int) -> bytes:
    data = _read(stream, data_bytes)
    # Reading on to the end has the checksum compared.
    if len(data) != data_bytes or _read(stream, 1):
        raise UnusableError(f"its array {name} has another size than it declares")
    return data


def _open_member(archive: zipfile.ZipFile, member: str, most_bytes: int) -> IO[bytes]:
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise UnusableError(f"it lacks {member}") from error
    if info.file_size > most_bytes:
        raise UnusableError(f"its {member} declares {info.file_size} bytes, far too many")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnusableError(f"its {member} is compressed in an unknown way")
    with _telling_damage():
        return archive.open(info)


def _read(stream: IO[bytes], most_bytes: int) -> bytes:
    with _telling_damage():
        return stream.read(most_bytes)


@contextmanager
def _telling_damage() -> Iterator[None]:
    """Turn what zipfile raises of a damaged file into UnusableError."""
    try:
        yield
    except _DAMAGE as error:
        raise UnusableError("it is damaged or truncated") from error


class NewerError(Exception):
    """A file has something that only a later version of the program knows."""


def decode(content: bytes, kind: type[_T], part: str) -> _T:
    """Return the value of a JSON text by its type, a dataclass as a rule.

    Of a key that stands twice the last value counts. Raises UnusableError with a clause that names
    the file's `part`.
    """
    with _naming(part):
        return msgspec.json.decode(content, type=kind)


def convert(values: Any, kind: type[_T], part: str) -> _T:
    """Return what `decode` would, of values that are read already."""
    with _naming(part):
        return msgspec.convert(values, kind)


def encode(facts: Any, form: int) -> bytes:
    """Return a JSON text of a dataclass, or of a dictionary, that names its format first."""
    named = {"format": form, **msgspec.to_builtins(facts)}
    return msgspec.json.format(msgspec.json.encode(named), indent=2)


def check_format(content: bytes, newest: int, part: str) -> None:
    """Raise NewerError for a format that came later, UnusableError for none."""
    if decode(content, _Format, part).format > newest:
        raise NewerError


class _Format(msgspec.Struct):
    format: Positive


@contextmanager
def _naming(part: str) -> Iterator[None]:
    try:
        yield
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        words = str(error).replace(" - at `$.", " in `")
        # What the file itself holds may be part of the words.
        words = "".join(filter(str.isprintable, words))[:_LONGEST_NAME].rstrip(".")
        raise UnusableError(f"its {part} is wrong: {words}") from error


def moment(text: Any) -> datetime:
    """Return the moment, in UTC, that a text in the form of ISO 8601 names; raises ValueError.

    Refused are years that some system could not show in the user's own time.
    """
    try:
        found = datetime.fromisoformat(text)
    except TypeError as error:
        raise ValueError(f"{text!r:.40} is no moment") from error
    if not is_of_this_time(found):
        raise ValueError(f"the year {found.year} is not of this time")
    return found.astimezone(UTC)


def is_of_this_time(time: datetime) -> bool:
    """Whether every system could show the moment in the user's own time."""
    try:
        return time.astimezone(UTC).year in _YEARS
    except (OverflowError, OSError):
        return False


def is_text(value: Any) -> TypeGuard[str]:
    """Whether the value is a text in one line."""
    return isinstance(value, str) and value.isprintable()
