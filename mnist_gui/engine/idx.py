"""Read IDX, the file format of MNIST; every declared size is checked before it is used."""

import gzip
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedIOBase
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.io.files import open_regular_file

_UNSIGNED_BYTES = 0x08
_GZIP_MAGIC = b"\x1f\x8b"
# The most that deflate can shrink (zlib's technical notes): bounds what a small file may declare.
_MOST_COMPRESSION = 1_032
_MOST_ITEMS = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class IdxFile:
    """The array in an IDX file, and the SHA-256 of the decompressed file."""

    array: NDArray[np.uint8]
    sha256: str


def read_idx(path: Path, item_shape: tuple[int, ...]) -> IdxFile:
    """Read unsigned bytes (n, *item_shape), n >= 1, gzipped or not.

    Format: http://yann.lecun.com/exdb/mnist, "The IDX file format". Raises DatasetError.
    """
    try:
        with open_regular_file(path) as raw:
            most_bytes = path.stat().st_size
            if not raw.peek(2).startswith(_GZIP_MAGIC):
                return _read_stream(raw, path, item_shape, most_bytes)
            stream = gzip.GzipFile(fileobj=raw, mode="rb")
            return _read_stream(stream, path, item_shape, most_bytes * _MOST_COMPRESSION)
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path, "gzip-corrupt", reason=str(error)) from error
    except EOFError as error:
        raise _damaged(path, "gzip-truncated") from error
    except OSError as error:
        raise DatasetError("data-file-unreadable", path=path, reason=error) from error


def _read_stream(
    stream: BufferedIOBase, path: Path, item_shape: tuple[int, ...], most_bytes: int
) -> IdxFile:
    header = stream.read(4 + 4 * (1 + len(item_shape)))
    shape = _declared_shape(header, path, item_shape)
    if len(header) + prod(shape) > most_bytes:
        raise _damaged(path, "fewer-items", count=shape[0])
    array = np.empty(shape, np.uint8)
    digest = sha256(header)
    view = array.reshape(-1).data
    filled = 0
    while filled < len(view):
        read = stream.readinto(view[filled : filled + _CHUNK])
        if not read:
            raise _damaged(path, "fewer-bytes", found=filled, wanted=len(view))
        digest.update(view[filled : filled + read])
        filled += read
    if stream.read(1):
        raise _damaged(path, "more-items", count=shape[0])
    array.setflags(write=False)
    return IdxFile(array, digest.hexdigest())


def _declared_shape(header: bytes, path: Path, item_shape: tuple[int, ...]) -> tuple[int, ...]:
    dimensions = 1 + len(item_shape)
    magic = bytes((0, 0, _UNSIGNED_BYTES, dimensions))
    if header[:4] != magic[: len(header)]:
        raise _damaged(path, "another-magic", found=header[:4].hex(" "), wanted=magic.hex(" "))
    if len(header) < 4 + 4 * dimensions:
        raise _damaged(path, "header-truncated")
    count, *rest = (int(size) for size in np.frombuffer(header, ">u4", dimensions, 4))
    if tuple(rest) != item_shape:
        declared, wanted = ("x".join(map(str, sizes)) for sizes in (rest, item_shape))
        raise _damaged(path, "image-size", found=declared, wanted=wanted)
    if not count:
        raise _damaged(path, "no-items")
    if count > _MOST_ITEMS:
        raise _damaged(path, "too-many-items", count=count, most=_MOST_ITEMS)
    return (count, *rest)


def _damaged(path: Path, problem: str, **facts: object) -> DatasetError:
    return DatasetError("data-file-damaged", path=path, reason=DatasetError(problem, **facts))
