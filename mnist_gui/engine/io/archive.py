"""Archives: files of named arrays and JSON, checked before they are read; and JSON by types.

An archive is in the format of safetensors (https://github.com/huggingface/safetensors): the
length of a header, the header in JSON, the arrays' bytes. The header's metadata has the archive's
own JSON, under the name of its kind, and a checksum of that and the arrays. Nothing is evaluated;
arrays are read only after the header and the file's size were found to be as expected.
"""

import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from math import prod
from typing import IO, Annotated, Any, TypeAlias, TypeGuard, TypeVar

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from mnist_gui.engine.errors import FileFormatError, MnistGuiError, NewerVersionError

FLOAT32 = "<f4"
# The names of NumPy's types in safetensors.
_DTYPES = {FLOAT32: "F32", "<f2": "F16", "<i8": "I64", "|u1": "U8"}
_METADATA = "__metadata__"
_CHECKSUM = "crc32"
_ALIGNMENT = 8
_LENGTH_BYTES = 8
_MOST_HEADER_BYTES = 256 << 10
_ZIP = b"PK\3\4"
_LONGEST_WORDS = 200

# Larger integers might not fit into the floats that they are compared with.
MOST_NUMBER = 10**12
# https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/localtime-localtime32-localtime64
_YEARS = range(1970, 3000)
_T = TypeVar("_T")
_Header: TypeAlias = dict[str, dict[str, str | list[int]]]

Count: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_NUMBER)]
Positive: TypeAlias = Annotated[int, Meta(ge=1, le=MOST_NUMBER)]
Number: TypeAlias = Annotated[float, Meta(ge=0, le=MOST_NUMBER)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class ArrayType:
    """The shape and the NumPy type of an array."""

    shape: tuple[int, ...]
    dtype: str = FLOAT32

    @property
    def nbytes(self) -> int:
        """The size in bytes."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


def write_archive(
    file: IO[bytes], kind: str, facts: bytes, arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write an archive of this kind: `facts`, which are JSON, and the arrays by name."""
    types = {name: ArrayType(array.shape, array.dtype.str) for name, array in arrays.items()}
    layout = _layout(types)
    ordered = [np.asarray(arrays[name], order="C") for name in layout]
    checksum = zlib.crc32(facts)
    for array in ordered:
        checksum = zlib.crc32(array.data, checksum)
    metadata = {kind: facts.decode(), _CHECKSUM: f"{checksum:08x}"}
    header = msgspec.json.encode({_METADATA: metadata, **layout})
    header += b" " * (-len(header) % _ALIGNMENT)
    file.write(len(header).to_bytes(_LENGTH_BYTES, "little") + header)
    for array in ordered:
        # In one call, during which Python's lock is not held.
        file.write(array.data)


class ArchiveReader:
    """Reads a file that `write_archive` wrote: first its `facts`, then its `arrays`.

    `kind` is the expected kind, such as "checkpoint". Raises OSError and FileFormatError.
    """

    def __init__(self, file: BufferedReader, kind: str) -> None:
        self._file = file
        start = file.read(_LENGTH_BYTES)
        if start.startswith(_ZIP):
            raise FileFormatError("archive-early")
        length = int.from_bytes(start, "little")
        size = os.fstat(file.fileno()).st_size - len(start) - length
        if len(start) < _LENGTH_BYTES or length > _MOST_HEADER_BYTES or size < 0:
            raise FileFormatError("archive-foreign-or-truncated", kind=kind)
        self._data_bytes = size
        try:
            self._entries = decode(file.read(length), _Header, "header")
        except FileFormatError as error:
            raise FileFormatError("archive-foreign-or-wrong", kind=kind, reason=error) from error
        metadata = self._entries.pop(_METADATA, {})
        facts = metadata.get(kind)
        if not isinstance(facts, str):
            if _CHECKSUM not in metadata:
                raise FileFormatError("archive-of-others", kind=kind)
            raise FileFormatError("archive-foreign", kind=kind)
        self.facts = facts.encode()
        self._checksum = metadata.get(_CHECKSUM)

    def arrays(self, types: Mapping[str, ArrayType]) -> dict[str, NDArray[Any]]:
        """Return the arrays, read-only; they must have exactly these types and be finite."""
        layout = _layout(types)
        self._check_header(layout)
        if self._data_bytes != sum(kind.nbytes for kind in types.values()):
            raise FileFormatError("archive-size")
        data = {name: self._file.read(types[name].nbytes) for name in layout}
        checksum = zlib.crc32(self.facts)
        for part in data.values():
            checksum = zlib.crc32(part, checksum)
        if self._checksum != f"{checksum:08x}":
            raise FileFormatError("archive-checksum")
        arrays = {}
        for name, kind in types.items():
            arrays[name] = np.frombuffer(data[name], kind.dtype).reshape(kind.shape)
            check_finite(name, arrays[name])
        return arrays

    def _check_header(self, layout: _Header) -> None:
        lacking, extra = layout.keys() - self._entries.keys(), self._entries.keys() - layout.keys()
        if lacking:
            raise FileFormatError("array-missing", name=min(lacking))
        if extra:
            raise FileFormatError("array-extra", name=repr(min(extra)[:80]))
        for name, wanted in layout.items():
            found = self._entries[name]
            if found != wanted:
                raise FileFormatError(
                    "array-declared-otherwise",
                    name=name,
                    found=f"{found!r:.150}",
                    wanted=str(wanted),
                )


def _layout(types: Mapping[str, ArrayType]) -> _Header:
    """Return the header's entry of each array, in the order of their bytes.

    As in safetensors, larger types come first, so that all arrays are aligned.
    """
    layout: _Header = {}
    end = 0
    for name in sorted(types, key=lambda name: (-np.dtype(types[name].dtype).itemsize, name)):
        kind = types[name]
        start, end = end, end + kind.nbytes
        layout[name] = {
            "dtype": _DTYPES[kind.dtype],
            "shape": list(kind.shape),
            "data_offsets": [start, end],
        }
    return layout


def check_finite(name: str, array: NDArray[Any]) -> None:
    """Raise FileFormatError if the array has infinities or NaN."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise FileFormatError("array-not-finite", name=name)


def decode(content: bytes, kind: type[_T], part: str) -> _T:
    """Return the value of a JSON text as this type, usually a dataclass.

    Of a repeated key the last value counts. Raises FileFormatError, which names the file's `part`.
    """
    with _naming(part):
        return msgspec.json.decode(content, type=kind)


def convert(values: Any, kind: type[_T], part: str) -> _T:
    """Return values that were read already as this type; raises like `decode`."""
    with _naming(part):
        return msgspec.convert(values, kind)


def encode(facts: Any, form: int, *, in_lines: bool = False) -> bytes:
    """Return the JSON of a dataclass or a dictionary, with its format number first."""
    content = msgspec.json.encode({"format": form, **msgspec.to_builtins(facts)})
    return msgspec.json.format(content, indent=2) if in_lines else content


def check_format(content: bytes, newest: int, part: str) -> None:
    """Raise NewerVersionError for a later format number, FileFormatError for none."""
    if decode(content, _Format, part).format > newest:
        raise NewerVersionError("newer-version")


class _Format(msgspec.Struct):
    format: Positive


@contextmanager
def _naming(part: str) -> Iterator[None]:
    try:
        yield
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileFormatError("part-wrong", part=part, reason=_reason(error)) from error


def _reason(error: Exception) -> MnistGuiError | str:
    """Return the problem that one of our types found in its values, or what msgspec says."""
    if isinstance(error.__cause__, MnistGuiError):
        return error.__cause__
    words = str(error).replace(" - at `$.", " in `")
    # The message may quote the file.
    return "".join(filter(str.isprintable, words))[:_LONGEST_WORDS].rstrip(".")


def moment(text: Any) -> datetime:
    """Return the time, in UTC, of a text in ISO 8601; raises ValueError.

    Years that some system could not show in local time are refused.
    """
    try:
        found = datetime.fromisoformat(text)
    except TypeError as error:
        raise ValueError(f"{text!r:.40} is no moment") from error
    if not is_of_this_time(found):
        raise ValueError(f"the year {found.year} is not of this time")
    return found.astimezone(UTC)


def is_of_this_time(time: datetime) -> bool:
    """Return whether every system can show the time in local time."""
    try:
        return time.astimezone(UTC).year in _YEARS
    except (OverflowError, OSError):
        return False


def is_text(value: Any) -> TypeGuard[str]:
    """Return whether the value is a text of one line."""
    return isinstance(value, str) and value.isprintable()
