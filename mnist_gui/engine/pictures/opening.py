"""Opens pictures: a file or bytes in one of five formats become greys and a picture to show."""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.files.regular_file import explain, open_regular, read_bounded
from mnist_gui.engine.pictures.flattening import Flat, flatten
from mnist_gui.engine.pictures.reading import SUFFIXES, Picture

MOST_BYTES = 128 << 20
"""Larger files are not read at all."""

MOST_PIXELS = 64_000_000
"""Pictures that declare more are refused before anything of them is decoded."""

MOST_SIDE = 65_535
"""So are those with a longer side: each row, however short, takes memory of its own."""

LONGEST_SIDE = 2_048
"""Greys have at most this many pixels on their longer side; larger pictures are reduced."""

_SHOWN_SIDE = 1_080
_FIRST_BYTES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
_ORIENTATION = 0x0112
# What turns a picture upright, by the EXIF tag "Orientation" (CIPA DC-008, section 4.6.5).
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(path: Path) -> Picture:
    """Read a PNG, JPEG, BMP, GIF or WebP file; of an animated one, the first frame.

    Raises PictureError, naming the file and what is wrong with it.
    """
    try:
        content = read_bounded(path, MOST_BYTES)
    except OSError as error:
        raise PictureError(f"The picture {path} cannot be read: {explain(error)}.") from error
    return decode_picture(content, str(path))


def decode_picture(content: bytes, name: str) -> Picture:
    """Decode the bytes of a picture; raises PictureError, calling it by this name."""
    if not content:
        raise PictureError(f"The picture {name} is empty; choose another one.")
    # Pillow warns of oddities in files that it reads all the same; its users need not know.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _decoded(content, name)
        except (PictureError, MemoryError):
            raise
        except UnidentifiedImageError as error:
            raise PictureError(
                f"{name} is not a picture that can be read; choose a PNG, JPEG, BMP, GIF or WebP."
            ) from error
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        except Exception as error:
            # Broken files make Pillow raise nearly anything, from OSError to struct.error.
            raise PictureError(
                f"The picture {name} is broken or cut short; open it in another program and "
                "save it anew."
            ) from error


def is_picture(path: Path) -> bool:
    """Tell by its first bytes, or by its name, whether a file is meant to be a picture."""
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with open_regular(path) as file:
            head = file.read(12)
    except OSError:
        return False
    return head.startswith(_FIRST_BYTES) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")


def _decoded(content: bytes, name: str) -> Picture:
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        if image.width * image.height > MOST_PIXELS or max(image.size) > MOST_SIDE:
            raise _too_large(name, image.size)
        orientation = _orientation(image)
        size = image.size if orientation < 5 else image.size[::-1]
        # JPEG can be decoded at a half, a quarter or an eighth of its size: less time and memory.
        image.draft(None, _draft_size(image.size))
        flat = flatten(image, LONGEST_SIDE)
    return _upright(flat, orientation, size)


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    share = min(1.0, LONGEST_SIDE / max(size))
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _upright(flat: Flat, orientation: int, size: tuple[int, int]) -> Picture:
    greys, colours = flat.greys, flat.colours
    colours.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE), Image.Resampling.BOX)
    if orientation in _UPRIGHT:
        greys = greys.transpose(_UPRIGHT[orientation])
        colours = colours.transpose(_UPRIGHT[orientation])
    return Picture(np.asarray(greys, np.float32), np.asarray(colours, np.uint8), size)


def _orientation(image: Image.Image) -> int:
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a picture with broken EXIF data is still a picture
        return 1
    return orientation if orientation in _UPRIGHT else 1


def _too_large(name: str, size: tuple[int, int] | None = None) -> PictureError:
    pixels = f"{size[0]:,} x {size[1]:,}" if size else "too many"
    return PictureError(
        f"The picture {name} has {pixels} pixels, more than {MOST_PIXELS // 1_000_000} million or "
        f"{MOST_SIDE:,} along a side; reduce it or cut out the digits."
    )
