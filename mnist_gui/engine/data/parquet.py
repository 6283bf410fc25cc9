"""Parquet files, as public hubs serve MNIST: a row has a picture's file and a label.

They are read by a process of their own, with the extra "parquet".
"""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.kinds import TRAIN, half_of_path
from mnist_gui.engine.data.parquet_process import RECORD
from mnist_gui.engine.data.parts import GrowingPart, Labels, Reading
from mnist_gui.engine.data.pictures import MOST_BYTES, decode
from mnist_gui.engine.data.pixels import PixelReader
from mnist_gui.engine.data.source import FolderSource, Source, telling
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.io.process import module_process
from mnist_gui.engine.io.temporary import temporary_copy

_AT_ONCE = 256
_MOST_HEADER_BYTES = 64 << 10
_LONGEST_LABEL = 1_000


def read_parquet(source: Source, names: list[str], labels: Labels, *, resizes: bool) -> Reading:
    """Return the parts that are in files, in the order of their names; several may be one part."""
    if importlib.util.find_spec("pyarrow") is None:
        raise DatasetError("data-parquet-extra")
    parts: dict[str, GrowingPart] = {}
    reading = Reading()
    for name in sorted(names):
        place = source.place(name)
        half = half_of_path(name) or TRAIN
        with _process(source, name) as stream:
            if not _has_labels(stream, place):
                reading.notes.append(DatasetError("data-no-labels", path=place))
                continue
            part = parts.setdefault(half, GrowingPart(place))
            for images, texts in _batches(stream, place, resizes=resizes):
                part.add(images, np.array([labels.code(text) for text in texts], np.uint16))
    reading.parts = {half: part.finish() for half, part in parts.items()}
    return reading


@contextmanager
def _process(source: Source, name: str) -> Iterator[IO[bytes]]:
    """Give the output of the process that reads a file."""
    place = source.place(name)
    with ExitStack() as stack, source.opened(name) as file, telling(place):
        given: IO[bytes] = file
        if not isinstance(source, FolderSource):
            given = stack.enter_context(temporary_copy(file))
        # Memory that is taken as it is used needs little address space.
        variables = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
        process = module_process("mnist_gui.engine.data.parquet_process", given, variables)
        assert process.stdout
        with process:
            try:
                yield process.stdout
                has_ended = not process.stdout.read(1)
            finally:
                process.kill()
        if process.returncode or not has_ended:
            raise _damaged(place)


def _has_labels(stream: IO[bytes], place: str) -> bool:
    """Read the first line of the process, which a hostile file may have forged."""
    try:
        header = json.loads(stream.readline(_MOST_HEADER_BYTES))
        has_images, has_labels = header["image"] is not None, header["label"] is not None
        names = [str(name)[:40] for name in header["names"]]
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise _damaged(place) from error
    if not has_images:
        raise DatasetError("data-parquet", path=place, names=names)
    return has_labels


def _damaged(place: str) -> DatasetError:
    return DatasetError("data-corrupt", path=place, text="Parquet")


def _batches(
    stream: IO[bytes], place: str, *, resizes: bool
) -> Iterator[tuple[NDArray[np.uint8], list[str]]]:
    """Yield images (n, 28, 28) and their labels."""
    pixels = PixelReader(place, resizes=resizes)
    images: list[NDArray[np.uint8]] = []
    texts: list[str] = []
    row = 0
    while record := stream.read(RECORD.size):
        sizes = RECORD.unpack(record.ljust(RECORD.size, b"\0"))
        if sizes[0] > _LONGEST_LABEL or sizes[1] > MOST_BYTES:
            raise DatasetError("data-part-too-large", path=place, most=MOST_BYTES >> 20)
        texts.append(stream.read(sizes[0]).decode(errors="replace"))
        content = stream.read(sizes[1])
        row += 1
        images.append(
            _of_numbers(content, pixels)
            if sizes[2]
            else decode(content, f"{place}: {row}", resizes=resizes)
        )
        if len(images) == _AT_ONCE:
            yield np.concatenate(images), texts
            images, texts = [], []
    if images:
        yield np.concatenate(images), texts


def _of_numbers(content: bytes, pixels: PixelReader) -> NDArray[np.uint8]:
    values = np.frombuffer(content, "<f8")[np.newaxis]
    pixels.check_shape(values.shape[1:])
    return pixels.read(values)
