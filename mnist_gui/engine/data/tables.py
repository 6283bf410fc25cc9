"""CSV files: an image a line, its label and 784 pixels, with a line of names or without."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from math import isfinite, isqrt
from pathlib import PurePosixPath
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.idx_files import turn_upright
from mnist_gui.engine.data.kinds import LABEL_WORDS, ROW_NUMBER_WORDS, TRAIN, half_of
from mnist_gui.engine.data.parts import GrowingPart, Labels, Part, Reading
from mnist_gui.engine.data.pixels import PixelReader
from mnist_gui.engine.data.source import Source, telling
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import GZIP_MAGIC

_BLOCK_BYTES = 4 << 20
_LONGEST_LINE = 256 << 10
_MOST_COLUMNS = 20_000
_MARK = b"\xef\xbb\xbf"
_SEPARATORS = ",;\t"
_PIXELS = 28 * 28
_DIGITS = frozenset("0123456789")
_Images: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint16]]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a table has what: the numbers of its columns, and what parts them."""

    separator: str
    columns: int
    label: int | None
    pixels: slice | NDArray[np.int64]
    has_names: bool


def read_tables(source: Source, names: list[str], labels: Labels, *, resizes: bool) -> Reading:
    """Return the parts that are in tables; one that is no image a line is left out beside others.

    What has no labels, as Kaggle's test.csv, is left out too.
    """
    reading, turned = Reading(), list[str]()
    layouts = {name: _layout(source, name) for name in names}
    if len(names) > 1:
        # Such as a table that shows how answers are to be handed in.
        layouts = {name: each for name, each in layouts.items() if each.columns > _PIXELS // 2}
    for name, layout in layouts.items():
        place = source.place(name)
        half = half_of(PurePosixPath(name).name) or TRAIN
        if layout.label is None:
            reading.notes.append(DatasetError("data-no-labels", path=place))
            continue
        if half in reading.parts:
            both = [reading.parts[half].path, place]
            raise DatasetError("data-several-sets", path=source.path, names=both)
        reading.parts[half] = _read_table(source, name, layout, labels, resizes)
        if turn_upright(reading.parts[half], PurePosixPath(name).name):
            turned.append(half)
    reading.notes += [DatasetError("data-turned")] if turned else []
    return reading


def _layout(source: Source, name: str) -> _Layout:
    """Read the first line of a table, and tell by it where the labels are."""
    place = source.place(name)
    with source.opened(name) as file, telling(place):
        stream = _unpacked(file)
        first = stream.readline(_LONGEST_LINE).removeprefix(_MARK)
    if b"\0" in first or (len(first) >= _LONGEST_LINE and not first.endswith(b"\n")):
        raise DatasetError("data-no-table", path=place)
    line = first.decode("latin-1").strip("\r\n")
    separator = max(_SEPARATORS, key=line.count)
    fields = [field.strip().strip('"').lower() for field in line.split(separator)]
    if len(fields) > _MOST_COLUMNS:
        raise DatasetError("data-no-table", path=place)
    has_names = sum(not _is_number(field) for field in fields) > 1
    if not has_names and len(fields) != _PIXELS and _ends_with_label(source, name, separator):
        return _Layout(separator, len(fields), len(fields) - 1, slice(0, -1), has_names)
    return _placed(separator, fields, has_names=has_names)


def _ends_with_label(source: Source, name: str, separator: str) -> bool:
    """Tell whether the label of each line comes last: the first value is the same in all lines.

    A corner of the image is, and a label is not, unless the lines are sorted by it: so they are
    looked at until the first value changes, or to their end. Other than a corner, the last value
    changes then, and is a digit.
    """
    place = source.place(name)
    firsts, lasts = set[str](), set[str]()
    with source.opened(name) as file, telling(place):
        for line in (line for block in _lines(_unpacked(file), place) for line in block):
            if not line.strip():
                continue
            firsts.add(line.partition(separator)[0])
            lasts.add(line.rpartition(separator)[2].strip().strip('"').removesuffix(".0"))
            if len(firsts) > 1 or not lasts <= _DIGITS:
                return False
    return len(lasts) > 1


def _placed(separator: str, fields: Sequence[str], *, has_names: bool) -> _Layout:
    count = len(fields)
    if has_names:
        label = next((i for i, name in enumerate(fields) if name in LABEL_WORDS - {"x"}), None)
        pixels = [i for i, name in enumerate(fields) if i != label and name not in ROW_NUMBER_WORDS]
        if label is not None or len(pixels) == _PIXELS:
            is_row = pixels == list(range(pixels[0], pixels[-1] + 1)) if pixels else False
            where = slice(pixels[0], pixels[-1] + 1) if is_row else np.array(pixels, np.int64)
            return _Layout(separator, count, label, where, has_names)
    if count == _PIXELS:
        return _Layout(separator, count, None, slice(None), has_names)
    return _Layout(separator, count, 0, slice(1, None), has_names)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _unpacked(file: BufferedReader) -> BufferedReader | gzip.GzipFile:
    is_packed = file.peek(2).startswith(GZIP_MAGIC)
    return gzip.GzipFile(fileobj=file, mode="rb") if is_packed else file


def _read_table(source: Source, name: str, layout: _Layout, labels: Labels, resizes: bool) -> Part:
    place = source.place(name)
    pixels = PixelReader(place, resizes=resizes)
    table = _Table(place, layout, labels, pixels)
    part = GrowingPart(place)
    with source.opened(name) as file, telling(place):
        number = 1
        for block in _lines(_unpacked(file), place):
            # The first line of the first block may be the names.
            rows = block[1:] if layout.has_names and number == 1 else block
            part.add(*table.read(rows, number + len(block) - len(rows)))
            number += len(block)
    return part.finish()


def _lines(stream: BufferedReader | gzip.GzipFile, place: str) -> Iterator[list[str]]:
    """Yield the lines of a text in blocks."""
    rest = stream.read(len(_MARK)).removeprefix(_MARK)
    while block := stream.read(_BLOCK_BYTES):
        head, end, tail = (rest + block).rpartition(b"\n")
        rest = tail
        if len(rest) > _LONGEST_LINE:
            raise DatasetError("data-no-table", path=place)
        if end:
            yield head.decode("latin-1").split("\n")
    if rest.strip():
        yield [rest.decode("latin-1")]


class _Table:
    """Reads blocks of lines: fast where all are whole numbers, else one line after the other."""

    def __init__(self, place: str, layout: _Layout, labels: Labels, pixels: PixelReader) -> None:
        self._place, self._layout = place, layout
        self._labels, self._pixels = labels, pixels
        count = np.arange(layout.columns)[layout.pixels].size
        if not count or isqrt(count) ** 2 != count:
            raise DatasetError("data-columns", path=place, found=layout.columns)
        pixels.check_shape((count,))

    def read(self, lines: list[str], number: int) -> _Images:
        """Return the images (n, 28, 28) of lines and their labels' codes (n,).

        `number` is that of the first line in the file, from 1.
        """
        if not any(line.strip() for line in lines):
            return np.empty((0, _PIXELS), np.uint8), np.empty(0, np.uint16)
        for kind in (np.uint8, np.float64):
            with suppress(ValueError, OverflowError, DatasetError):
                return self._read_block(lines, kind)
        return self._read_each(lines, number)

    def _read_block(self, lines: list[str], kind: type[np.uint8 | np.float64]) -> _Images:
        """Read lines of plain numbers; raises ValueError and DatasetError for others."""
        values = np.loadtxt(
            lines, kind, comments=None, delimiter=self._layout.separator, quotechar='"', ndmin=2
        )
        if values.shape[1] != self._layout.columns:
            raise ValueError(values.shape)
        found = values[:, self._layout.label or 0]
        whole = found.astype(np.int64)
        if not (whole == found).all():
            raise ValueError(found)
        images = self._pixels.read(values[:, self._layout.pixels])
        return images, self._labels.codes(whole)

    def _read_each(self, lines: list[str], number: int) -> _Images:
        images, codes = [], []
        for line_number, line in enumerate(lines, start=number):
            if not line.strip():
                continue
            fields = [field.strip().strip('"') for field in line.split(self._layout.separator)]
            if len(fields) != self._layout.columns:
                raise DatasetError(
                    "data-line-columns",
                    path=self._place,
                    line=line_number,
                    found=len(fields),
                    wanted=self._layout.columns,
                )
            codes.append(self._labels.code(_plain(fields[self._layout.label or 0])))
            try:
                values = np.array(fields)[self._layout.pixels].astype(np.float64)
                images.append(self._pixels.read(values[np.newaxis]))
            except (ValueError, DatasetError) as error:
                raise DatasetError("data-line-pixel", path=self._place, line=line_number) from error
        return np.concatenate(images), np.array(codes, np.uint16)


def _plain(label: str) -> str:
    """Return a label as whole numbers are written, 3 for 3.0."""
    try:
        value = float(label)
    except ValueError:
        return label
    return str(int(value)) if isfinite(value) and value == int(value) else label
