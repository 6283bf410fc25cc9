"""Cuts ink out of a picture: the connected marks on the paper, without specks and edges."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.components import Components
from mnist_gui.engine.pictures.paper import Ink
from mnist_gui.engine.pictures.pieces import find_pieces

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]

# Noise above this share of the ink's strength is smoothed away before ink is told from paper.
_NOISY = 0.04
# Of a mark's ink so much is strong; more at the border, where shadows end.
_CORE_SHARE = 0.1
_CORE_AT_BORDER = 0.5
_MOST_MARKS = 300
# Smaller than these shares of a digit's height, or its square, a mark is a speck.
_SPECK = 0.15
_SPECK_AREA = 0.008
# Of the picture's side: an edge reaches along so much of it, and lies within so much of it.
_EDGE_LENGTH = 0.8
_EDGE_DEPTH = 0.06
# A mark this many times as wide as high is a line under or between digits.
_LINE = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The marks that may be digits or parts of them.

    `contrast` (h, w) is the picture's; `numbers` (h, w) says which mark each pixel belongs to, -1
    for none; `boxes` (n, 4) are left, top, right, bottom; `height` is about that of a digit. Up to
    the contrast `floor` all is paper, noise or print.
    """

    contrast: _Floats
    floor: float
    numbers: NDArray[np.int32]
    boxes: NDArray[np.int64]
    height: float


def cut_out(ink: Ink) -> Marks:
    """Return the marks; raises PictureError where there are none, or too many to be digits."""
    contrast = _smoothed(ink.contrast) if _is_noisy(ink) else ink.contrast
    pieces = find_pieces(contrast, ink.noise)
    if pieces is None:
        raise _no_ink()
    components = pieces.components
    kept = _with_core(components, contrast, pieces.core)
    kept &= ~_edges(components, kept)
    height = _typical_height(components, kept)
    kept &= ~_specks(components, height) & ~_lines(components)
    if not kept.any():
        raise _no_ink()
    if kept.sum() > _MOST_MARKS:
        raise too_many_marks()
    places = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1).astype(np.int32)
    numbers = places[components.numbers]
    return Marks(ink.contrast, pieces.floor, numbers, components.boxes[kept], height)


def too_many_marks() -> PictureError:
    """Return what to raise of a picture in which there is no end of marks."""
    return PictureError(
        "The picture has so many marks that no digits can be told among them; cut the digits "
        "out, or take it nearer and in even light."
    )


def _is_noisy(ink: Ink) -> bool:
    strongest = float(np.percentile(ink.contrast, 99.5))
    return ink.noise > _NOISY * strongest


def _smoothed(contrast: _Floats) -> _Floats:
    """Average each pixel with its neighbours, by the weights 1, 2, 1 along both axes."""
    for _ in range(2):
        padded = np.pad(contrast, ((1, 1), (0, 0)), mode="edge")
        contrast = np.asarray((padded[:-2] + 2 * contrast + padded[2:]) / 4, np.float32).T
    return contrast


def _no_ink() -> PictureError:
    return PictureError(
        "There are no digits to be seen in the picture; choose one with dark digits on light "
        "paper, or light ones on dark."
    )


def _with_core(components: Components, contrast: _Floats, core: float) -> _Flags:
    """Tell which have enough ink as strong as the core's, at the picture's border much."""
    height, width = components.numbers.shape
    left, top, right, bottom = components.boxes.T
    strong = components.numbers[(components.numbers >= 0) & (contrast > core)]
    strong_areas = np.bincount(strong, minlength=len(components))
    at_border = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    needed = np.where(at_border, _CORE_AT_BORDER, _CORE_SHARE) * components.areas
    cored: _Flags = strong_areas > needed
    return cored


def _edges(components: Components, kept: _Flags) -> _Flags:
    """Tell the table's or the shadow's edges: along the picture's border, none of them inside."""
    height, width = components.numbers.shape
    left, top, right, bottom = components.boxes.T
    across, down = _EDGE_DEPTH * width, _EDGE_DEPTH * height
    upright = bottom - top > _EDGE_LENGTH * height
    level = right - left > _EDGE_LENGTH * width
    edges = upright & (right < across) | upright & (left > width - across)
    edges |= level & (bottom < down) | level & (top > height - down)
    # All round the picture: a frame, or the table that the paper lies on.
    frame = upright & level & (components.areas < 0.5 * height * width)
    frame &= (left == 0) | (top == 0) | (right == width) | (bottom == height)
    edges = (edges | frame) & kept
    # The last marks are rather a digit that was cut out tightly.
    return edges if (kept & ~edges).any() else np.zeros(len(components), bool)


def _typical_height(components: Components, kept: _Flags) -> float:
    """Return the height of the mark that half of all ink's pixels have marks as high as."""
    heights = (components.boxes[:, 3] - components.boxes[:, 1])[kept]
    areas = components.areas[kept]
    if not len(heights):
        return 0.0
    order = np.argsort(heights)
    reached = np.cumsum(areas[order])
    return float(heights[order][np.searchsorted(reached, reached[-1] / 2)])


def _specks(components: Components, height: float) -> _Flags:
    left, top, right, bottom = components.boxes.T
    longest = np.maximum(right - left, bottom - top)
    small = (longest < _SPECK * height) | (components.areas < _SPECK_AREA * height**2)
    specks: _Flags = small | (components.areas < 3)
    return specks


def _lines(components: Components) -> _Flags:
    left, top, right, bottom = components.boxes.T
    # One mark alone is taken for what was drawn.
    lines: _Flags = (right - left > _LINE * (bottom - top)) & (len(components) > 1)
    return lines
