"""Tell ink from paper whatever the light, find its blobs, and measure and change its strokes."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
Boxes: TypeAlias = NDArray[np.int64]

# The page is found in a picture reduced to this many pixels on its longer side.
_PAGE_SIDE = 200
# A page fills at least these shares of the picture and of its own bounding box, and touches at
# most this many of the picture's borders: what is lit beside a shadow touches more.
_MIN_PAGE_AREA = 0.15
_MIN_PAGE_FILL = 0.75
_MAX_PAGE_BORDERS = 1
# At most this share of what is around the page is light: inside a zero there is paper, but around
# it there is paper too.
_MAX_LIGHT_OUTSIDE = 0.25
# What the page lies on is at most this share as light as the page.
_MAX_TABLE_LIGHT = 0.7
# The edge of a page is never quite straight: this share of its side is left out.
_PAGE_MARGIN = 0.03

# The paper's light is found in a picture reduced to this many pixels on its longer side.
_PAPER_SIDE = 400
# Strokes are narrower than this share of the picture's shorter side.
_MAX_STROKE = 0.5
# Light falls on dark paper as on light paper, but most of what is darker than this is noise.
_MIN_PAPER_LIGHT = 0.25
# A larger skewness of the greys says which of them are few, the ink; otherwise the margin says it.
_CLEAR_SKEWNESS = 1.0

_OTSU_BINS = 128


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """How much darker each pixel is than its paper, or lighter where the paper is dark.

    `contrast` (h, w) float32 is about 0 for paper and at most about 1; `noise` is the standard
    deviation of the contrast of paper.
    """

    contrast: Floats
    noise: float


def ink_from_paper(greys: Floats) -> Ink:
    """Separate the ink from the paper of greys (h, w), 0 black to 1 white.

    If the picture shows a page on something darker, only what is on the page counts.
    """
    noise, page = _noise(greys), find_page_mask(greys)
    if page is None:
        return _contrast_to_paper(greys, noise)
    ink = _contrast_to_paper(np.where(page, greys, np.median(greys[page])), noise)
    return Ink(np.where(page, ink.contrast, np.float32(0)), ink.noise)


def find_page_mask(greys: Floats) -> Mask | None:
    """Return which pixels (h, w) are inside the page, or None if it fills the whole picture."""
    from scipy import ndimage

    coarse = _reduced(greys, _PAGE_SIDE)
    split = otsu_threshold(coarse)
    if split.low >= _MAX_TABLE_LIGHT * split.high:
        return None
    light = coarse > split.threshold
    blobs = find_blobs(light)
    largest = int(blobs.areas.argmax())
    page = _filled(blobs.labels == largest + 1)
    if not _is_page(page, light, blobs.boxes[largest], int(blobs.areas[largest])):
        return None
    margin = max(2, round(_PAGE_MARGIN * max(page.shape)))
    # Each pixel must have page at this distance too, along both axes and diagonally.
    around = np.zeros((2 * margin + 1, 2 * margin + 1), bool)
    around[::margin, ::margin] = True
    inside = Image.fromarray(ndimage.binary_erosion(page, around))
    size = (greys.shape[1], greys.shape[0])
    mask = np.asarray(inside.resize(size, Image.Resampling.NEAREST), bool)
    return mask if mask.any() else None


def _is_page(page: Mask, light: Mask, box: Boxes, area: int) -> bool:
    left, top, right, bottom = box.tolist()
    borders = (left == 0, top == 0, right == light.shape[1], bottom == light.shape[0])
    return (
        sum(borders) <= _MAX_PAGE_BORDERS
        and bool(page.mean() >= _MIN_PAGE_AREA)
        and area >= _MIN_PAGE_FILL * (right - left) * (bottom - top)
        and bool(light[~page].mean() <= _MAX_LIGHT_OUTSIDE)
    )


def _filled(mask: Mask) -> Mask:
    """Add the pixels that lie between others both in their row and in their column."""
    filled = np.ones_like(mask)
    for axis in (0, 1):
        filled &= np.maximum.accumulate(mask, axis)
        filled &= np.flip(np.maximum.accumulate(np.flip(mask, axis), axis), axis)
    return filled


def _contrast_to_paper(greys: Floats, noise: float) -> Ink:
    if is_dark_paper(greys):
        return Ink(_darkness(-greys)[0], noise)
    darkness, paper = _darkness(greys)
    # In half the light, ink is half as much darker than its paper.
    brightness = np.maximum(paper, _MIN_PAPER_LIGHT)
    contrast = (darkness / brightness).astype(np.float32)
    return Ink(contrast, noise / float(np.median(brightness)))


def is_dark_paper(greys: Floats) -> bool:
    """Tell whether the ink is lighter than the paper."""
    coarse = _reduced(greys, _PAPER_SIDE)
    local = coarse - _local_mean(coarse, max(3, min(coarse.shape) // 2) | 1)
    deviation = float(local.std())
    skewness = float((local**3).mean()) / deviation**3 if deviation > 1e-6 else 0.0
    if abs(skewness) > _CLEAR_SKEWNESS:
        return skewness > 0
    margin = np.concatenate([coarse[0], coarse[-1], coarse[:, 0], coarse[:, -1]])
    return bool(np.median(margin) < (coarse.min() + coarse.max()) / 2)


def _local_mean(greys: Floats, size: int) -> Floats:
    """Return the mean (h, w) of a centred square, of the part of it that is in the picture."""
    from scipy import ndimage

    # Zeros outside the picture lower both means by the same factor.
    mean = ndimage.uniform_filter(greys.astype(np.float64), size, mode="constant")
    mean /= ndimage.uniform_filter(np.ones(greys.shape), size, mode="constant")
    local: Floats = mean.astype(np.float32)
    return local


def _darkness(greys: Floats) -> tuple[Floats, Floats]:
    """Return how much darker each pixel is than its paper, and the grey of the paper (h, w)."""
    from scipy import ndimage

    coarse = _reduced(greys, _PAPER_SIDE)
    # The closing fills what is dark and narrower than the window; edges of shadows stay. Source:
    # J. Serra, Image Analysis and Mathematical Morphology, 1982.
    window = max(3, int(min(coarse.shape) * _MAX_STROKE)) | 1
    paper: Floats = ndimage.grey_closing(coarse, (window, window))
    if paper.shape != greys.shape:
        size = (greys.shape[1], greys.shape[0])
        resized = Image.fromarray(paper).resize(size, Image.Resampling.BILINEAR)
        paper = np.asarray(resized, np.float32)
    darkness = paper - greys
    # The closing takes the lightest grains for the paper, but most pixels are its middle.
    bias = np.float32(np.median(darkness))
    return darkness - bias, paper - bias


def _reduced(greys: Floats, longest_side: int) -> Floats:
    factor = -(-max(greys.shape) // longest_side)
    if factor == 1:
        return greys
    return np.asarray(Image.fromarray(greys).reduce(factor), np.float32)


def _noise(greys: Floats) -> float:
    """Return the standard deviation of what differs from pixel to pixel where there is no edge.

    By the median of absolute differences. Source: F. Hampel, 1974.
    """
    if greys.shape[1] < 2:
        return 0.0
    differences = np.abs(np.diff(greys, axis=1))
    return float(np.median(differences)) * 1.4826 / 2**0.5


@dataclass(frozen=True, slots=True)
class OtsuSplit:
    """A threshold that splits values in two classes, and the mean of each class."""

    threshold: float
    low: float
    high: float


def otsu_threshold(values: Floats) -> OtsuSplit:
    """Return the threshold that maximizes the variance between the two classes.

    If all values are equal, or there are none, all three numbers are their mean. Source: N. Otsu,
    A threshold selection method from gray-level histograms, 1979.
    """
    counts, edges = np.histogram(values, _OTSU_BINS)
    centres = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * centres)
    above = below[-1] - below
    possible = (below > 0) & (above > 0)
    if not possible.any():
        mean = float(values.mean()) if values.size else 0.0
        return OtsuSplit(mean, mean, mean)
    low = sums[possible] / below[possible]
    high = (sums[-1] - sums[possible]) / above[possible]
    variance = below[possible] * above[possible] * (high - low) ** 2
    best = int(variance.argmax())
    return OtsuSplit(float(edges[1:][possible][best]), float(low[best]), float(high[best]))


@dataclass(frozen=True, slots=True, eq=False)
class Blobs:
    """Connected pieces of ink; pixels that touch by a corner are connected.

    `labels` (h, w) is 0 for paper and i + 1 for blob i; `boxes` (n, 4) are left, top, right and
    bottom, the last two exclusive; `areas` (n,) count pixels.
    """

    labels: NDArray[np.int32]
    boxes: Boxes
    areas: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.areas)


def find_blobs(ink: Mask) -> Blobs:
    """Return the connected pieces of ink (h, w)."""
    from scipy import ndimage

    return labelled_blobs(ndimage.label(ink, np.ones((3, 3)))[0])


def labelled_blobs(labels: NDArray[np.int32]) -> Blobs:
    """Return the blobs of which labels (h, w) say where they are; no number is left out."""
    from scipy import ndimage

    edges = [
        edge
        for rows, columns in ndimage.find_objects(labels)
        for edge in (columns.start, rows.start, columns.stop, rows.stop)
    ]
    areas = np.bincount(labels.ravel(), minlength=1)[1:]
    return Blobs(labels, np.reshape(edges, (len(areas), 4)).astype(np.int64), areas)


def bounding_box(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and the columns that hold all pixels of a mask (h, w), at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def stroke_width(ink: Mask) -> float:
    """Return the mean width in pixels of the strokes of ink (h, w), at least one pixel.

    Across a stroke, the distance to the edge rises evenly from 0 to half the width: its mean is a
    quarter of the width.
    """
    ink = np.pad(ink, 1)
    return float(4 * _edge_distance(ink)[ink].mean())


def min_stroke_width(ink: Mask) -> float:
    """Return the width in pixels that nine tenths of the strokes' centre lines exceed.

    There must be at least one pixel of ink (h, w).
    """
    from scipy import ndimage

    ink = np.pad(ink, 1)
    distance = _edge_distance(ink)
    cross = ndimage.generate_binary_structure(2, 1)
    centre_lines = ink & (distance == ndimage.maximum_filter(distance, footprint=cross))
    return float(2 * np.percentile(distance[centre_lines], 10))


def change_stroke_width(ink: Mask, outwards: float) -> Floats:
    """Move all edges of ink (h, w), at least one pixel, outwards by this many pixels.

    A negative number moves them inwards. Return the share of ink in each pixel, 0..1, in an array
    with the same margin added on each side.
    """
    ink = np.pad(ink, int(max(outwards, 0)) + 2)
    inside, outside = _edge_distance(ink), _edge_distance(~ink)
    signed = np.where(ink, inside, -outside)
    return np.clip(signed + outwards + 0.5, 0, 1).astype(np.float32)


def _edge_distance(mask: Mask) -> Floats:
    """Return how far each pixel of a mask (h, w) is from the mask's edge, in pixels."""
    from scipy import ndimage

    distance: Floats = ndimage.distance_transform_edt(mask).astype(np.float32)
    # From the centre of one pixel to that of another; the edge is half a pixel nearer.
    return distance - np.float32(0.5)
