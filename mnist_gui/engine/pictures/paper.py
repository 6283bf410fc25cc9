"""Finds the paper of a picture, whichever its grey and its light, and what stands out from it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.pictures.sheet import find_sheet
from mnist_gui.engine.pictures.windows import window_maximum, window_mean

_Floats: TypeAlias = NDArray[np.float32]

# The paper's light is found in a picture reduced to this many pixels on its longer side.
_COARSE_SIDE = 400
# Strokes are narrower than this share of the picture's shorter side.
_WIDEST_STROKE = 0.5
# Light falls on dark paper as on light one, but of what is this dark most is noise.
_DARKEST_PAPER = 0.25
# Greys so skewed tell by themselves which of them are the few, the ink; otherwise the margin tells.
_CLEARLY_SKEWED = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """How far each pixel stands out from the paper round it, towards the ink's side.

    `contrast` (h, w) float32 is about 0 for paper and at most about 1; `noise` is its standard
    deviation there.
    """

    contrast: _Floats
    noise: float


def lift_ink(greys: _Floats) -> Ink:
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
    factor = -(-max(greys.shape) // _COARSE_SIDE)
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
