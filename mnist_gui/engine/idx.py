"""Read IDX, the file format of MNIST; every declared size is checked before it is used."""

import gzip
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedIOBase, BufferedReader
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.errors import DatasetError

# How a file says of which type its numbers are.
_BYTE, _INTEGER = np.dtype(np.uint8), np.dtype(">i4")
_TYPE_CODES = {_BYTE: 0x08, _INTEGER: 0x0C}
GZIP_MAGIC = b"\x1f\x8b"
# The most that deflate can shrink (zlib's technical notes): bounds what a small file may declare.
MOST_COMPRESSION = 1_032
_MOST_ITEMS = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Items:
    """What an IDX file has many of: numbers of a type in a shape."""

    shape: tuple[int, ...] = ()
    dtype: np.dtype[Any] = _BYTE


LABELS, IMAGES = Items(), Items((IMAGE_SIDE, IMAGE_SIDE))
LABEL_COLUMNS = Items((8,), _INTEGER)
"""A label and seven numbers more, as QMNIST has them."""


@dataclass(frozen=True, slots=True, eq=False)
class IdxFile:
    """The array in an IDX file, and the SHA-256 of the decompressed file."""

    array: NDArray[Any]
    sha256: str


def read_idx(stream: BufferedReader, place: str, most_bytes: int, items: Items) -> IdxFile:
    """Read an array (n, *items.shape), n >= 1, gzipped or not, which can be changed.

    `place` is what messages call the file, which has at most `most_bytes`.
    Format: http://yann.lecun.com/exdb/mnist, "The IDX file format". Raises DatasetError.
    """
    try:
        if not stream.peek(2).startswith(GZIP_MAGIC):
            return _read_stream(stream, place, items, most_bytes)
        unpacked = gzip.GzipFile(fileobj=stream, mode="rb")
        return _read_stream(unpacked, place, items, most_bytes * MOST_COMPRESSION)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(place, "gzip-corrupt", reason=str(error)) from error
    except EOFError as error:
        raise _damaged(place, "gzip-truncated") from error
    except OSError as error:
        raise DatasetError("data-file-unreadable", path=place, reason=error) from error


def _read_stream(stream: BufferedIOBase, place: str, items: Items, most_bytes: int) -> IdxFile:
    header = stream.read(4 + 4 * (1 + len(items.shape)))
    shape = _declared_shape(header, place, items)
    if len(header) + prod(shape) * items.dtype.itemsize > most_bytes:
        raise _damaged(place, "fewer-items", count=shape[0])
    array = np.empty(shape, items.dtype)
    digest = sha256(header)
    view = array.reshape(-1).view(np.uint8).data
    filled = 0
    while filled < len(view):
        read = stream.readinto(view[filled : filled + _CHUNK])
        if not read:
            raise _damaged(place, "fewer-bytes", found=filled, wanted=len(view))
        digest.update(view[filled : filled + read])
        filled += read
    if stream.read(1):
        raise _damaged(place, "more-items", count=shape[0])
    return IdxFile(array, digest.hexdigest())


def _declared_shape(header: bytes, place: str, items: Items) -> tuple[int, ...]:
    dimensions = 1 + len(items.shape)
    magic = bytes((0, 0, _TYPE_CODES[items.dtype], dimensions))
    if header[:4] != magic[: len(header)]:
        raise _damaged(place, "another-magic", found=header[:4].hex(" "), wanted=magic.hex(" "))
    if len(header) < 4 + 4 * dimensions:
        raise _damaged(place, "header-truncated")
    count, *rest = (int(size) for size in np.frombuffer(header, ">u4", dimensions, 4))
    if tuple(rest) != items.shape:
        declared, wanted = ("x".join(map(str, sizes)) for sizes in (rest, items.shape))
        raise _damaged(place, "image-size", found=declared, wanted=wanted)
    if not count:
        raise _damaged(place, "no-items")
    if count > _MOST_ITEMS:
        raise _damaged(place, "too-many-items", count=count, most=_MOST_ITEMS)
    return (count, *rest)


def _damaged(place: str, problem: str, **facts: object) -> DatasetError:
    return DatasetError("data-file-damaged", path=place, reason=DatasetError(problem, **facts))


def idx_sha256(array: NDArray[np.uint8]) -> str:
    """Return the SHA-256 of the IDX file that has an array."""
    magic = bytes((0, 0, _TYPE_CODES[array.dtype], array.ndim))
    digest = sha256(magic + np.array(array.shape, ">u4").tobytes())
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
