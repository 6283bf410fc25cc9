"""Read pictures: small ones here, large ones in a process that can be ended at any time."""

import json
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from mnist_gui.engine.errors import FileFormatError, PictureError
from mnist_gui.engine.io.files import read_file_bounded
from mnist_gui.engine.io.process import ProcessError, answers_of
from mnist_gui.engine.pictures.open import LONGEST_SIDE, SHOWN_SIDE, decode_picture, is_small
from mnist_gui.engine.pictures.result import Picture

_PROCESS = "mnist_gui.engine.pictures.decode_process"
# Files of more bytes are not read at all.
_MAX_BYTES = 128 << 20
_LONGEST_SECONDS = 60
_MOST_HEADER_BYTES = 64 << 10
_MOST_OUTPUT_BYTES = _MOST_HEADER_BYTES + 4 * LONGEST_SIDE**2 + 3 * SHOWN_SIDE**2


def open_picture(path: Path, *, max_bytes: int = _MAX_BYTES) -> Picture:
    """Read a PNG, JPEG, BMP, GIF, WebP or TIFF file; of an animated one, the first frame.

    Raise PictureError, which names the file and what is wrong with it.
    """
    return _last(decoding(read_picture(path, max_bytes=max_bytes), str(path)))


def read_picture(path: Path, *, max_bytes: int = _MAX_BYTES) -> bytes:
    """Return the content of a picture's file; raise PictureError, which names it."""
    try:
        return read_file_bounded(path, max_bytes)
    except (OSError, FileFormatError) as error:
        raise PictureError("picture-unreadable", path=path, reason=error) from error


def decoding(content: bytes, name: str) -> Generator[Picture | None, None, None]:
    """Yield None repeatedly while a picture is decoded, then the picture.

    Raise PictureError, which calls it by this name. Closing the iterator ends the decoding.
    """
    if is_small(content):
        yield decode_picture(content, name)
        return
    try:
        for output in answers_of(
            _PROCESS, name, given=content, most_bytes=_MOST_OUTPUT_BYTES, seconds=_LONGEST_SECONDS
        ):
            yield None if output is None else _parsed(output)
    except ProcessError as error:
        raise PictureError("picture-too-costly", name=name) from error


def _parsed(output: bytes) -> Picture:
    """Read the process' output."""
    end = output.index(b"\n") + 1
    header = json.loads(output[:end])
    if "problem" in header:
        raise PictureError.from_json(header)
    grey_shape, colour_shape = header["shapes"]
    split = end + 4 * int(np.prod(grey_shape))
    return Picture(
        np.frombuffer(output[end:split], np.float32).reshape(grey_shape),
        np.frombuffer(output[split:], np.uint8).reshape(colour_shape),
        tuple(header["size"]),
        PictureError.from_json(header["flaw"]) if header["flaw"] else None,
    )


def _last(pictures: Iterator[Picture | None]) -> Picture:
    *_, picture = pictures
    assert picture is not None
    return picture
