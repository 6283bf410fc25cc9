"""Tell ink from paper, whatever the light."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.pictures.morphology import (
    Components,
    find_components,
    split_in_two,
    window_maximum,
    window_mean,
)

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]

_SHEET_SIDE = 200
# A sheet fills so much of the picture and of the box round it, and reaches so many of the
# picture's four borders at most: what is lit beside a shadow reaches more.
_LEAST_SHARE = 0.15
_FILLED = 0.75
_MOST_BORDERS = 1
# So much of what is round it is light at most: within a nought there is paper, and round it too.
_LIGHT_ROUND_IT = 0.25
# What it lies on is at most this share as light.
_DARKER = 0.7
# So much of a sheet's side is left out at its edge, which is never quite straight.
_SHEET_EDGE = 0.03


# The paper's light is found in a picture reduced to this many pixels on its longer side.
_PAPER_SIDE = 400
# Strokes are narrower than this share of the picture's shorter side.
_WIDEST_STROKE = 0.5
# Light falls on dark paper as on light one, but of what is this dark most is noise.
_DARKEST_PAPER = 0.25
# Greys so skewed tell by themselves which of them are the few, the ink; otherwise the margin tells.
_CLEARLY_SKEWED = 1.0
# Ink is at least this much darker than its paper, of 1, and this many times its noise.
_FAINTEST = 0.06
_ABOVE_NOISE = 5.0
_NOISE = 3.0
# Pieces reach out to where ink is this share as strong as the strongest; digits have some that
# is as strong as the core.
_PIECE_EDGE = 0.35
_CORE = 0.55
# What lines join is so many times as long as wide, or reaches across so much of the picture.
# They are at most this share as strong as the pen, and without them the largest piece is at most
# this share as large.
_LONG = 3.0
_ACROSS = 0.75
_PALER = 0.72
_SMALLER = 0.7


def find_sheet(greys: _Floats) -> _Flags | None:
    """Return which pixels (h, w) are well within the sheet, or None if all the picture is one."""
    factor = -(-max(greys.shape) // _SHEET_SIDE)
    coarse = np.asarray(Image.fromarray(greys).reduce(factor), np.float32)
    kinds = split_in_two(coarse)
    if kinds.low >= _DARKER * kinds.high:
        return None
    light = coarse > kinds.between
    pieces = find_components(light)
    largest = int(pieces.areas.argmax())
    sheet = _filled(pieces.numbers == largest)
    if not _is_sheet(sheet, light, pieces.boxes[largest], int(pieces.areas[largest])):
        return None
    within = _shrunk(sheet, max(2, round(_SHEET_EDGE * max(sheet.shape))))
    size = (greys.shape[1], greys.shape[0])
    whole = np.asarray(Image.fromarray(within).resize(size, Image.Resampling.NEAREST), bool)
    return whole if whole.any() else None


def _is_sheet(sheet: _Flags, light: _Flags, box: NDArray[np.int64], area: int) -> bool:
    left, top, right, bottom = box.tolist()
    borders = (left == 0, top == 0, right == light.shape[1], bottom == light.shape[0])
    return (
        sum(borders) <= _MOST_BORDERS
        and bool(sheet.mean() >= _LEAST_SHARE)
        and area >= _FILLED * (right - left) * (bottom - top)
        and bool(light[~sheet].mean() <= _LIGHT_ROUND_IT)
    )


def _filled(sheet: _Flags) -> _Flags:
    """Return all that lies between the first and the last pixels of a row and of a column."""
    across = np.maximum.accumulate(sheet, axis=1) & _backwards(sheet, 1)
    down = np.maximum.accumulate(sheet, axis=0) & _backwards(sheet, 0)
    filled: _Flags = across & down
    return filled


def _backwards(sheet: _Flags, axis: int) -> _Flags:
    backwards: _Flags = np.flip(np.maximum.accumulate(np.flip(sheet, axis), axis=axis), axis)
    return backwards


def _shrunk(sheet: _Flags, by: int) -> _Flags:
    """Take so many pixels off the sheet's edges."""
    for _ in range(2):
        padded = np.pad(sheet, ((by, by), (0, 0)))
        sheet = (sheet & padded[: -2 * by] & padded[2 * by :]).T
    return sheet


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """How far each pixel stands out from the paper round it, towards the ink's side.

    `contrast` (h, w) float32 is about 0 for paper and at most about 1; `noise` is its standard
    deviation there.
    """

    contrast: _Floats
    noise: float


def ink_from_paper(greys: _Floats) -> Ink:
    """Separate ink from paper in greys (h, w), 0..1, be it dark on light or light on dark.

    Of a sheet that lies on something darker, only what is on the sheet counts.
    """
    noise, sheet = _noise(greys), find_sheet(greys)
    if sheet is None:
        return _lifted(greys, noise)
    ink = _lifted(np.where(sheet, greys, np.median(greys[sheet])), noise)
    return Ink(np.where(sheet, ink.contrast, np.float32(0)), ink.noise)


def _lifted(greys: _Floats, noise: float) -> Ink:
    if is_dark_paper(greys):
        return Ink(_darkness(-greys)[0], noise)
    contrast, paper = _darkness(greys)
    # In half the light, ink is half as much darker than its paper.
    brightness = np.maximum(paper, _DARKEST_PAPER)
    relative = (contrast / brightness).astype(np.float32)
    return Ink(relative, noise / float(np.median(brightness)))


def is_dark_paper(greys: _Floats) -> bool:
    """Tell whether the ink is lighter than the paper."""
    coarse = _coarse(greys)
    local = coarse - window_mean(coarse, max(3, min(coarse.shape) // 2))
    spread = float(local.std())
    skewness = float((local**3).mean()) / spread**3 if spread > 1e-6 else 0.0
    if abs(skewness) > _CLEARLY_SKEWED:
        return skewness > 0
    margin = np.concatenate([coarse[0], coarse[-1], coarse[:, 0], coarse[:, -1]])
    return bool(np.median(margin) < (coarse.min() + coarse.max()) / 2)


def _darkness(greys: _Floats) -> tuple[_Floats, _Floats]:
    """Return how much darker each pixel is than the paper there would be, and that paper."""
    paper = _closed(_coarse(greys))
    if paper.shape != greys.shape:
        size = (greys.shape[1], greys.shape[0])
        resized = Image.fromarray(paper).resize(size, Image.Resampling.BILINEAR)
        paper = np.asarray(resized, np.float32)
    darkness = paper - greys
    # The paper's lightest grains were taken for it; most pixels are its middle.
    bias = np.float32(np.median(darkness))
    return darkness - bias, paper - bias


def _coarse(greys: _Floats) -> _Floats:
    factor = -(-max(greys.shape) // _PAPER_SIDE)
    if factor == 1:
        return greys
    return np.asarray(Image.fromarray(greys).reduce(factor), np.float32)


def _closed(greys: _Floats) -> _Floats:
    """Fill what is dark and narrower than a window, and nothing else: shadows' edges stay.

    A morphological closing, with a square. Source: J. Serra, Image Analysis and Mathematical
    Morphology, 1982.
    """
    window = max(3, int(min(greys.shape) * _WIDEST_STROKE)) | 1
    return -window_maximum(-window_maximum(greys, window), window)


def _noise(greys: _Floats) -> float:
    """Return the standard deviation of what differs from pixel to pixel where there is no edge.

    By the median of absolute differences. Source: F. Hampel, 1974.
    """
    if greys.shape[1] < 2:
        return 0.0
    differences = np.abs(np.diff(greys, axis=1))
    return float(np.median(differences)) * 1.4826 / 2**0.5


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of what may be ink.

    Up to the contrast `floor` all is paper, noise or print; plain ink reaches `core` somewhere.
    """

    components: Components
    floor: float
    core: float


def find_pieces(contrast: _Floats, noise: float) -> Pieces | None:
    """Return what stands out from paper in contrasts (h, w), or None if nothing does."""
    candidates = contrast[contrast > max(_FAINTEST, _ABOVE_NOISE * noise)]
    if not len(candidates):
        return None
    strength = float(np.percentile(candidates, 90))
    components = find_components(contrast > max(_PIECE_EDGE * strength, _NOISE * noise))
    pieces = Pieces(components, _NOISE * noise, _CORE * strength)
    return _without_print(pieces, contrast) or pieces


def _without_print(pieces: Pieces, contrast: _Floats) -> Pieces | None:
    """Return the pieces of what is stronger than lines that join them, or None if none do."""
    areas = _box_areas(pieces.components)
    left, top, right, bottom = pieces.components.boxes[areas.argmax()].tolist()
    if max(right - left, bottom - top) < _LONG * min(right - left, bottom - top) and (
        right - left < _ACROSS * contrast.shape[1] and bottom - top < _ACROSS * contrast.shape[0]
    ):
        return None
    kinds = split_in_two(contrast[pieces.components.numbers >= 0])
    finer = find_components(contrast > kinds.between)
    if kinds.low > _PALER * kinds.high or not len(finer):
        return None
    if _box_areas(finer).max() > _SMALLER * areas.max():
        return None
    return Pieces(finer, kinds.low, (kinds.between + kinds.high) / 2)


def _box_areas(components: Components) -> NDArray[np.int64]:
    left, top, right, bottom = components.boxes.T
    areas: NDArray[np.int64] = (right - left) * (bottom - top)
    return areas
