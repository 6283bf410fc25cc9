"""Pictures in folders: the folder of each is named after its label."""

import warnings
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.data.kinds import TRAIN, Kind, half_of, kind_of_name
from mnist_gui.engine.data.parts import GrowingPart, Labels, Part, Reading, number_of
from mnist_gui.engine.data.pixels import MOST_SIDE, PixelReader
from mnist_gui.engine.data.source import Source
from mnist_gui.engine.errors import DatasetError

MOST_BYTES = 8 << 20
"""So many bytes a picture may have."""
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
# A JPEG can have so many scans that decoding it takes minutes.
_JPEG, _SCAN, _MOST_SCANS = b"\xff\xd8", b"\xff\xda", 100
_AT_ONCE = 256
# Longer ones are reduced as they are decoded.
_LONGEST_SIDE = 512


def read_pictures(source: Source, names: list[str], labels: Labels, *, resizes: bool) -> Reading:
    """Return the parts of pictures; those that are in no folder with a label are left out.

    All in one folder are refused, unless it is named after a digit: its name is no label then.
    """
    readers: dict[str, _PartReader] = {}
    found: set[str] = set()
    unlabelled = sum(not _half_and_label(_folder(name))[1] for name in names)
    first = next((name for name in names if not _half_and_label(_folder(name))[1]), "")
    # A million names take a tenth of the memory of their images.
    names.clear()
    for name, content in source.each(_is_labelled_picture, MOST_BYTES):
        half, label = _half_and_label(_folder(name))
        if half not in readers:
            readers[half] = _PartReader(str(source.path), labels, resizes=resizes)
        readers[half].add(source.place(name), content, label)
        found.add(label)
    if len(found) == 1 and number_of(*found) is None:
        raise DatasetError("data-no-folders", path=source.path)
    reading = Reading({half: reader.finish() for half, reader in readers.items()})
    if unlabelled:
        place = source.place(first)
        reading.notes.append(DatasetError("data-no-folder", path=place, count=unlabelled))
    return reading


def _is_labelled_picture(name: str) -> bool:
    return kind_of_name(name) is Kind.PICTURES and bool(_half_and_label(_folder(name))[1])


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


# A million pictures are in few folders.
@lru_cache(maxsize=4_096)
def _half_and_label(folder: str) -> tuple[str, str]:
    """Return the part and the label of pictures in a folder.

    The folder is named after the label, unless after a part: then the label is "". One above it
    may be named after the part.
    """
    *above, last = folder.split("/")
    half = next((half for part in reversed(above) if (half := half_of(part))), TRAIN)
    return half, "" if half_of(last) else last


class _PartReader:
    """Decodes the pictures of a part, and gives them on a few at a time."""

    def __init__(self, path: str, labels: Labels, *, resizes: bool) -> None:
        self._part = GrowingPart(path)
        self._labels, self._resizes = labels, resizes
        self._images: list[NDArray[np.uint8]] = []
        self._codes: list[int] = []

    def add(self, place: str, content: bytes, label: str) -> None:
        """Decode a picture."""
        self._images.append(decode(content, place, resizes=self._resizes))
        self._codes.append(self._labels.code(label))
        if len(self._images) == _AT_ONCE:
            self._hand_over()

    def finish(self) -> Part:
        """Return the part."""
        self._hand_over()
        return self._part.finish()

    def _hand_over(self) -> None:
        if self._images:
            self._part.add(np.concatenate(self._images), np.array(self._codes, np.uint16))
            self._images, self._codes = [], []


def decode(content: bytes, place: str, *, resizes: bool) -> NDArray[np.uint8]:
    """Return the image (1, 28, 28) of a picture's content; `place` is what messages call it."""
    pixels = PixelReader(place, resizes=resizes)
    if content.startswith(_JPEG) and content.count(_SCAN) > _MOST_SCANS:
        raise DatasetError("data-picture", path=place)
    with warnings.catch_warnings():
        # Pillow warns of oddities in files that it reads all the same.
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as picture:
                pixels.check_shape((picture.height, picture.width))
                values = _values(_reduced(picture))
        except (DatasetError, MemoryError):
            raise
        except Image.DecompressionBombError as error:
            raise DatasetError("data-image-too-large", path=place, most=MOST_SIDE) from error
        except Exception as error:
            # Broken files make Pillow raise nearly anything, from OSError to struct.error.
            raise DatasetError("data-picture", path=place) from error
    pixels.check_shape(values.shape)
    return pixels.read(values[np.newaxis])


def _reduced(picture: Image.Image) -> Image.Image:
    """Make a large picture smaller where it is."""
    if max(picture.size) > _LONGEST_SIDE:
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BOX)
    return picture


def _values(picture: Image.Image) -> NDArray[Any]:
    """Return greys (h, w) where all pixels are grey, else colours (h, w, 3 or 4)."""
    if picture.mode in ("L", "1"):
        return np.asarray(picture.convert("L"))
    if picture.mode.startswith(("I", "F")):
        deep = np.asarray(picture.convert("F"))
        return (deep / max(255.0, _white(float(deep.max())))).astype(np.float32)
    colours = np.asarray(picture.convert("RGBA"))
    if (colours[..., 3] == 255).all():
        colours = colours[..., :3]
        if (colours == colours[..., :1]).all():
            return colours[..., 0]
    return colours


def _white(most: float) -> float:
    """Return the number that is white where pixels have more than 8 bits."""
    return 65_535.0 if most > 255 else 255.0
