"""Decode pictures, within limits on size and time."""

import ctypes
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError, _imaging

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.io.files import open_regular_file
from mnist_gui.engine.pictures.ink import bounding_box
from mnist_gui.engine.pictures.result import OTHER_SUFFIXES, SUFFIXES, UNREAD_SUFFIXES, Picture

# Pictures that declare more pixels, or a longer side, are refused before they are decoded: each
# row, however short, takes memory of its own.
_MAX_PIXELS = 64_000_000
_MAX_SIDE = 65_535
LONGEST_SIDE = 2_048
"""The greys have at most this many pixels on the longer side; larger pictures are reduced."""
SHOWN_SIDE = 1_080
"""The colours have at most this many."""
# If the visible greys differ by less than this, of 255, they are ink of one colour.
_ONE_COLOUR = 64
# Ink fills at most this share of its bounding box; a page fills more.
_MAX_INK_FILL = 0.7
_OPAQUE = 128
_JPEG = b"\xff\xd8\xff"
_FIRST_BYTES = (b"\x89PNG", _JPEG, b"BM", b"GIF8", b"II*\0", b"MM\0*", b"%PDF")
# Of other pictures, which are refused: Photoshop, GIMP, Netpbm, JPEG 2000, JPEG XL, icons, QOI,
# OpenEXR, PostScript, BigTIFF, DirectDraw, Radiance.
_OTHER_FIRST_BYTES = (
    *(b"8BPS", b"gimp xcf", b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL ", b"\xff\x0a", b"\0\0\1\0"),
    *(b"icns", b"qoif", b"v/1\1", b"%!PS", b"\xc5\xd0\xd3\xc6", b"II+\0", b"MM\0+", b"DDS "),
    *(b"#?RADIANCE", *(b"P%d%c" % (n, end) for n in range(1, 8) for end in b"\n \r")),
)
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
# The kinds of HEIF files, by their bytes 8 to 11 (ISO/IEC 23008-12).
_HEIF = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
# An SVG file says so in its first bytes.
_SVG_HEAD = 1_000
# What ends a JPEG, so often that it ends whatever was begun; rows of blocks are so high.
_END = b"\xff\xd9" * 8
_BLOCK = 16
# A progressive JPEG is decoded once for each of its scans, of which programs write about ten.
_MOST_SCANS = 100
_MOST_SEGMENTS = 10_000
# What a JPEG's parts begin with (ITU-T T.81, annex B), but for what is within a scan.
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_TEMPORARY, _START, _SCAN, _LAST = 0x01, 0xD8, 0xDA, 0xD9
# So much is decoded within a fifth of a second, whatever it is.
_SMALL_BYTES = 2 << 20
_SMALL_PIXELS = 4_000_000
# Rows that are converted in one go: of a large picture, all would take much memory.
_BAND = 32
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


_FlatPicture: TypeAlias = tuple[Image.Image, Image.Image]
"""A picture without transparency: its greys in mode F, 0..1, and its colours in mode RGB."""


def decode_picture(content: bytes, name: str) -> Picture:
    """Decode the bytes of a picture; raise PictureError, which calls it by this name."""
    _refuse_other_kinds(content, name)
    if _has_too_many_scans(content):
        raise PictureError("picture-too-many-scans", name=name, most=_MOST_SCANS)
    _silence_libtiff()
    # Pillow warns of oddities in files that it reads all the same.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _decoded_whole_or_not(content, name)
        except (PictureError, MemoryError):
            raise
        except UnidentifiedImageError as error:
            raise PictureError("picture-unknown", name=name, formats=_FORMATS) from error
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        except Exception as error:
            # Broken files make Pillow raise nearly anything, from OSError to struct.error.
            raise PictureError("picture-broken", name=name) from error


def is_small(content: bytes) -> bool:
    """Whether a picture, if it is one at all, is decoded or refused in almost no time."""
    if len(content) > _SMALL_BYTES:
        return False
    _silence_libtiff()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                return image.width * image.height <= _SMALL_PIXELS
        except Exception:  # noqa: BLE001 - broken files make Pillow raise nearly anything
            return True


@cache
def _silence_libtiff() -> None:
    """Keep libtiff from writing to stderr what is wrong with a file: Pillow raises it as well."""
    library = ctypes.CDLL(_imaging.__file__)
    for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
        # On Windows, Pillow shows nothing of the libtiff that is inside it.
        with suppress(AttributeError):
            set_handler = getattr(library, name)
            set_handler.argtypes, set_handler.restype = (ctypes.c_void_p,), ctypes.c_void_p
            set_handler(None)


def is_picture(path: Path) -> bool:
    """Tell whether a file is meant to be a picture, by its name or its first bytes."""
    if path.suffix.lower() in SUFFIXES + UNREAD_SUFFIXES + OTHER_SUFFIXES:
        return True
    try:
        with open_regular_file(path) as file:
            head = file.read(12)
    except OSError:
        return False
    is_webp = head[:4] == b"RIFF" and head[8:] == b"WEBP"
    return is_webp or head.startswith(_FIRST_BYTES + _OTHER_FIRST_BYTES) or _is_heif(head)


def _is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF


def _refuse_other_kinds(content: bytes, name: str) -> None:
    """Raise PictureError for what people take for a picture but is of another kind."""
    if not content:
        raise PictureError("picture-empty", name=name)
    if content.startswith(b"%PDF"):
        raise PictureError("picture-is-pdf", name=name)
    if _is_heif(content[:12]):
        raise PictureError("picture-is-heif", name=name)
    if b"<svg" in content[:_SVG_HEAD]:
        raise PictureError("picture-is-svg", name=name)


def _has_too_many_scans(content: bytes) -> bool:
    if not content.startswith(_JPEG):
        return False
    scans, place = 0, 0
    for _ in range(_MOST_SEGMENTS):
        marker = _MARKER.search(content, place)
        if marker is None or marker[1][0] == _LAST:
            return False
        kind, place = marker[1][0], marker.end()
        scans += kind == _SCAN
        if scans > _MOST_SCANS:
            return True
        if kind not in (_TEMPORARY, _START):
            place += int.from_bytes(content[place : place + 2], "big")
    return True


def _decoded_whole_or_not(content: bytes, name: str) -> Picture:
    """Decode a picture; of a JPEG that is cut short, the part that is there."""
    try:
        return _decoded(content, name)
    except OSError as error:
        if isinstance(error, UnidentifiedImageError) or not content.startswith(_JPEG):
            raise
    picture = _without_missing_rows(_decoded(content + _END, name))
    return replace(picture, flaw=PictureError("picture-cut-short", name=name))


def _without_missing_rows(picture: Picture) -> Picture:
    """Leave out the rows at the end that are all of one grey: they are not in the file."""
    greys = picture.greys
    is_left = (greys != greys[-1:, -1:]).any(axis=1)
    if not is_left.any():
        raise OSError("nothing of the picture is there")
    rows = min(int(np.flatnonzero(is_left)[-1]) + 1 + _BLOCK // 2, len(greys))
    share = rows / len(greys)
    shown = max(1, round(share * len(picture.colours)))
    size = (picture.size[0], max(1, round(share * picture.size[1])))
    return replace(picture, greys=greys[:rows], colours=picture.colours[:shown], size=size)


def _decoded(content: bytes, name: str) -> Picture:
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        if image.width * image.height > _MAX_PIXELS or max(image.size) > _MAX_SIDE:
            raise _too_large(name)
        size = image.size
        # JPEG can be decoded at a half, a quarter or an eighth of its size: less time and memory.
        share = min(1.0, LONGEST_SIDE / max(image.size))
        image.draft(None, (max(1, int(image.width * share)), max(1, int(image.height * share))))
        flat = _flatten(image)
        # Pillow turns a TIFF itself as it decodes it, and says so by its tag.
        orientation = _orientation(image)
    return _upright(flat, orientation, size if orientation < 5 else size[::-1])


def reduced_picture(
    size: tuple[int, int], bands: Callable[[int], Iterable[NDArray[np.uint8]]], name: str
) -> Iterator[Picture | None]:
    """Yield None after each band of pixels that are decoded already, then the picture.

    `size` is its width and height; `bands` gives from the top all its pixels (rows, width, 3 or 4),
    red, green, blue and, where there is one, alpha, in bands of so many rows, of which the last may
    have fewer. Raise PictureError, which calls the picture by this name, if it is too large.
    """
    if size[0] * size[1] > _MAX_PIXELS or max(size) > _MAX_SIDE:
        raise _too_large(name)
    factor = _factor(size)
    whole, top = None, 0
    for pixels in bands(factor * _BAND):
        band = Image.fromarray(pixels).reduce(factor)
        if whole is None:
            whole = Image.new(band.mode, (band.width, -(-size[1] // factor)))
        whole.paste(band, (0, top))
        top += band.height
        yield None
    assert whole is not None
    yield _upright(_flatten(whole), 1, size)


def _upright(flat: _FlatPicture, orientation: int, size: tuple[int, int]) -> Picture:
    greys, colours = flat
    colours.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.BOX)
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


def _too_large(name: str) -> PictureError:
    return PictureError("picture-too-large", name=name, most=_MAX_PIXELS, longest=_MAX_SIDE)


def _flatten(image: Image.Image) -> _FlatPicture:
    """Decode the first frame of an open picture, reduced to the longest side of greys.

    Transparent pixels become paper. If only ink is visible, of whatever colour, the paper is the
    opposite of the ink; otherwise it has the grey of the visible paper.
    """
    if image.mode.startswith(("I", "F")):
        return _flat_deep(image)
    if image.has_transparency_data:
        return _flat_transparent(_reduced(image, "RGBA"))
    colours = _reduced(image, "RGB")
    return _to_unit(np.asarray(colours.convert("L"))), colours


def _flat_deep(image: Image.Image) -> _FlatPicture:
    """Flatten 16 bits a pixel, of which a scanner may use 10 or 12."""
    deep = _reduced(image, "F")
    levels = np.maximum(np.asarray(deep), 0)
    white = 2.0 ** np.ceil(np.log2(float(levels.max()) + 1)) - 1
    greys = (levels / np.float32(max(white, 1))).astype(np.float32)
    shown = np.clip(greys * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(greys), Image.fromarray(shown).convert("RGB")


def _flat_transparent(image: Image.Image) -> _FlatPicture:
    greys, alpha = np.asarray(image.convert("L")), np.asarray(image.getchannel("A"))
    # What is pale all over is seen too.
    visible = alpha >= max(1, alpha.max() // 2)
    if not visible.any() or visible.all():
        colours = image.convert("RGB") if visible.all() else Image.new("RGB", image.size, "white")
        return _to_unit(np.asarray(colours.convert("L"))), colours
    middle = int(np.median(greys[visible]))
    low, high = np.percentile(greys[visible], [2, 98])
    is_page = visible[bounding_box(visible)].mean() > _MAX_INK_FILL
    if is_page and high - low >= _ONE_COLOUR:
        colours = _over(image, middle)
        return _to_unit(np.asarray(colours.convert("L"))), colours
    # Only ink is visible: how opaque it is matters, not its colour.
    return _to_unit(255 - alpha), _over(image, 255 if middle < _OPAQUE else 0)


def _over(image: Image.Image, grey: int) -> Image.Image:
    paper = Image.new("RGBA", image.size, (grey, grey, grey, 255))
    return Image.alpha_composite(paper, image).convert("RGB")


def _reduced(image: Image.Image, mode: str) -> Image.Image:
    """Convert, and reduce by averages of whole blocks of pixels, so that no thin stroke is lost."""
    factor = _factor(image.size)
    if factor == 1:
        # To convert an image to the mode that it has would copy all of it.
        return image if image.mode == mode else image.convert(mode)
    image.load()
    result = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    step = factor * _BAND
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(top + step, image.height)))
        result.paste(band.convert(mode).reduce(factor), (0, top // factor))
    return result


def _factor(size: tuple[int, int]) -> int:
    return -(-max(size) // LONGEST_SIDE)


def _to_unit(greys: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(greys.astype(np.float32) / np.float32(255))
