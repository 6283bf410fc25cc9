"""Turns every kind of pixel - palette, 16 bits, CMYK, transparent - into greys and colours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Visible pixels whose greys differ less than this, of 255, have one colour: that of the ink.
_ONE_COLOUR = 64
# Ink leaves more of its box free than this; a sheet of paper does not.
_SHEET = 0.7
_OPAQUE = 128


@dataclass(frozen=True, slots=True)
class Flat:
    """A picture without transparency: `greys` in mode F, 0..1, and `colours` in mode RGB."""

    greys: Image.Image
    colours: Image.Image


def flatten(image: Image.Image, longest_side: int) -> Flat:
    """Decode an open picture's first frame, reduced to the longest side in pixels.

    Where it is transparent it becomes paper: of the ink's opposite if only ink is visible,
    whichever its colour, or of the visible paper's own grey.
    """
    if image.mode.startswith(("I", "F")):
        return _flat_deep(image, longest_side)
    if image.has_transparency_data:
        return _flat_transparent(_reduced(_in_mode(image, "RGBA"), longest_side))
    colours = _reduced(_in_mode(image, "RGB"), longest_side)
    return Flat(_to_unit(np.asarray(colours.convert("L"))), colours)


def _flat_deep(image: Image.Image, longest_side: int) -> Flat:
    """Flatten 16 bits a pixel, or the 10 or 12 of them that a scanner uses."""
    deep = _reduced(image.convert("F"), longest_side)
    levels = np.maximum(np.asarray(deep), 0)
    white = 2.0 ** np.ceil(np.log2(float(levels.max()) + 1)) - 1
    greys = (levels / np.float32(max(white, 1))).astype(np.float32)
    shown = np.clip(greys * 255, 0, 255).astype(np.uint8)
    return Flat(Image.fromarray(greys), Image.fromarray(shown).convert("RGB"))


def _flat_transparent(image: Image.Image) -> Flat:
    greys, alpha = np.asarray(image.convert("L")), np.asarray(image.getchannel("A"))
    visible = alpha >= _OPAQUE
    if not visible.any() or visible.all():
        colours = image.convert("RGB") if visible.all() else Image.new("RGB", image.size, "white")
        return Flat(_to_unit(np.asarray(colours.convert("L"))), colours)
    middle = int(np.median(greys[visible]))
    if _is_sheet(visible) and not _is_one_colour(greys[visible]):
        colours = _over(image, middle)
        return Flat(_to_unit(np.asarray(colours.convert("L"))), colours)
    # Only ink is visible, and its colour does not matter: how opaque it is tells all.
    return Flat(_to_unit(255 - alpha), _over(image, 255 if middle < _OPAQUE else 0))


def _is_one_colour(visible: NDArray[np.uint8]) -> bool:
    low, high = np.percentile(visible, [2, 98])
    return bool(high - low < _ONE_COLOUR)


def _is_sheet(visible: NDArray[np.bool_]) -> bool:
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    box = visible[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return bool(box.mean() > _SHEET)


def _over(image: Image.Image, grey: int) -> Image.Image:
    paper = Image.new("RGBA", image.size, (grey, grey, grey, 255))
    return Image.alpha_composite(paper, image).convert("RGB")


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    # To convert an image to the mode that it has would copy all of it.
    return image if image.mode == mode else image.convert(mode)


def _reduced(image: Image.Image, longest_side: int) -> Image.Image:
    """Average whole blocks of pixels, which loses no thin stroke."""
    factor = -(-max(image.size) // longest_side)
    return image.reduce(factor) if factor > 1 else image


def _to_unit(greys: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(greys.astype(np.float32) / np.float32(255))
