"""NumPy's .npz files: one with all arrays, as Keras' mnist.npz, or one for each, as KMNIST's."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from math import prod
from pathlib import PurePosixPath
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.idx_files import check_counts
from mnist_gui.engine.data.kinds import (
    IMAGE_WORDS,
    LABEL_WORDS,
    TRAIN,
    half_of,
    words_of,
)
from mnist_gui.engine.data.parts import MOST_IMAGES, Labels, Part, Reading
from mnist_gui.engine.data.pixels import PixelReader
from mnist_gui.engine.data.source import FolderSource, Source, telling
from mnist_gui.engine.errors import DatasetError, FileFormatError
from mnist_gui.engine.io.npy import read_npy_header
from mnist_gui.engine.io.temporary import temporary_copy

_MOST_MEMBERS = 100
_CHUNK_BYTES = 4 << 20
_MOST_ITEM_BYTES = 128 << 20
_IMAGES, _LABELS = "images", "labels"


@dataclass(frozen=True, slots=True)
class _Array:
    """An array in an .npz file, of which the header has been read."""

    place: str
    words: str
    archive: zipfile.ZipFile
    member: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool

    @property
    def kind(self) -> str:
        """Whether it is images or labels, by its name, else by its shape."""
        for word in reversed(words_of(self.member.removesuffix(".npy"))):
            if word in IMAGE_WORDS | LABEL_WORDS:
                return _IMAGES if word in IMAGE_WORDS else _LABELS
        return _LABELS if len(self.shape) == 1 or self.shape[1:] in ((1,), (10,)) else _IMAGES


def read_arrays(source: Source, names: list[str], labels: Labels, *, resizes: bool) -> Reading:
    """Return the parts of the one set that is in these files."""
    reading = Reading()
    with ExitStack() as stack:
        halves: dict[str, dict[str, _Array]] = {}
        for array in (each for name in names for each in _arrays(source, name, stack)):
            half = halves.setdefault(half_of(array.words) or TRAIN, {})
            if array.kind in half:
                both = [half[array.kind].place, array.place]
                raise DatasetError("data-several-sets", path=source.path, names=both)
            half[array.kind] = array
        for name, half in halves.items():
            if len(half) == 2:
                reading.parts[name] = _read_part(half, labels, resizes=resizes)
            elif _IMAGES in half:
                reading.notes.append(DatasetError("data-no-labels", path=half[_IMAGES].place))
    return reading


def _arrays(source: Source, name: str, stack: ExitStack) -> Iterator[_Array]:
    """Yield the arrays of a file, which stays open until the stack is closed."""
    place = source.place(name)
    file: IO[bytes] = stack.enter_context(source.opened(name))
    with telling(place):
        if not isinstance(source, FolderSource):
            # It is to be read from any place.
            file = stack.enter_context(temporary_copy(file))
        archive = stack.enter_context(zipfile.ZipFile(file))
    members = archive.namelist()
    if len(members) > _MOST_MEMBERS:
        raise DatasetError("data-too-many-arrays", path=place, most=_MOST_MEMBERS)
    for member in members:
        key = member.removesuffix(".npy")
        words = f"{PurePosixPath(name).stem} {key}"
        with telling(f"{place}: {key}"), archive.open(member) as stream:
            shape, is_fortran, dtype = _header(stream, f"{place}: {key}")
        yield _Array(f"{place}: {key}", words, archive, member, shape, dtype, is_fortran)


def _header(stream: IO[bytes], place: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read shape, order and type of an array."""
    try:
        dtype, is_fortran, shape = read_npy_header(stream, place)
        return shape, is_fortran, np.dtype(dtype)
    except (FileFormatError, TypeError) as error:
        raise DatasetError("data-array-format", path=place) from error


def _read_part(half: dict[str, _Array], labels: Labels, *, resizes: bool) -> Part:
    images, digits = half[_IMAGES], half[_LABELS]
    codes = _read_labels(digits, labels)
    pixels = PixelReader(images.place, resizes=resizes)
    _check(images, "uifb")
    pixels.check_shape(images.shape[1:])
    check_counts(images.place, images.shape[0], digits.place, len(codes))
    result = np.empty((len(codes), 28, 28), np.uint8)
    start = 0
    for chunk in _chunks(images):
        result[start : start + len(chunk)] = pixels.read(chunk)
        start += len(chunk)
    return Part(images.place, result, codes)


def _read_labels(array: _Array, labels: Labels) -> NDArray[np.uint16]:
    _check(array, "uifbUS")
    values = np.concatenate(list(_chunks(array)))
    if values.ndim == 2 and values.shape[1] > 1:
        if not ((values != 0).sum(axis=1) == 1).all():
            raise DatasetError("data-labels-shape", path=array.place)
        values = values.argmax(axis=1)
    values = values.reshape(len(values), -1)[:, 0]
    if values.dtype.kind in "US":
        texts = np.char.decode(values, "latin-1") if values.dtype.kind == "S" else values
        return np.array([labels.code(text) for text in texts.tolist()], np.uint16)
    if values.dtype.kind == "f":
        if not (np.isfinite(values).all() and (values == np.rint(values)).all()):
            raise DatasetError("data-labels-shape", path=array.place)
        values = values.astype(np.int64)
    return labels.codes(values.astype(np.int64))


def _check(array: _Array, kinds: str) -> None:
    """Refuse arrays of other types, among them Python objects, and absurd shapes."""
    if array.dtype.kind not in kinds:
        raise DatasetError("data-array-type", path=array.place, dtype=str(array.dtype)[:40])
    shape = array.shape
    if not shape or len(shape) > 4 or min(shape) < 1:
        raise DatasetError(
            "data-no-images-shape", path=array.place, shape="x".join(map(str, shape))
        )
    if shape[0] > MOST_IMAGES:
        raise DatasetError("data-too-many-images", path=array.place, most=MOST_IMAGES)
    if prod(shape[1:]) * array.dtype.itemsize > _MOST_ITEM_BYTES:
        raise DatasetError("data-item-too-large", path=array.place)


def _chunks(array: _Array) -> Iterator[NDArray[Any]]:
    """Yield an array a few items at a time."""
    item = prod(array.shape[1:]) * array.dtype.itemsize
    count = array.shape[0]
    if array.is_fortran and len(array.shape) > 1:
        raise DatasetError("data-array-order", path=array.place)
    at_once = max(1, _CHUNK_BYTES // max(item, 1))
    with telling(array.place), array.archive.open(array.member) as stream:
        _header(stream, array.place)
        for start in range(0, count, at_once):
            wanted = min(at_once, count - start)
            content = _read_exactly(stream, wanted * item, array)
            yield np.frombuffer(content, array.dtype).reshape(wanted, *array.shape[1:])
        if stream.read(1):
            raise DatasetError("data-array-size", path=array.place)


def _read_exactly(stream: IO[bytes], size: int, array: _Array) -> bytes:
    content = stream.read(size)
    while len(content) < size and (more := stream.read(size - len(content))):
        content += more
    if len(content) < size:
        raise DatasetError("data-array-size", path=array.place)
    return content
