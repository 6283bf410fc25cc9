"""Find the blobs of ink, without printed lines that are paler than the pen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import Blobs, Floats, Mask, find_blobs, otsu_threshold
from mnist_gui.engine.pictures.lines import level_lines

# Ink is at least this much darker than its paper, of 1, and this many times the noise.
_MIN_CONTRAST = 0.06
_MIN_CONTRAST_TO_NOISE = 5.0
# Contrast up to this many times the noise is paper.
_PAPER_NOISE = 3.0
# Shares of the contrast of strong ink: blobs extend to where it is this strong, and digits are
# somewhere as strong as the core.
_BLOB_EDGE = 0.35
_CORE = 0.55
# Printed lines that join digits make a blob this many times as long as wide, or one that reaches
# across this share of the picture. They are at most this share as strong as the pen, and without
# them the bounding box of the largest blob is at most this share as large.
_LONG = 3.0
_ACROSS = 0.75
_MAX_PRINT_STRENGTH = 0.72
_MAX_BOX_WITHOUT_PRINT = 0.7
# They are straight through this share of their blob, and thin beside it. One goes through a long
# blob, two through one that fills this share of the picture: the pale part of a stroke is neither.
# Noise breaks the palest, so that they are looked for in what is this share as strong as blobs are.
_STRAIGHT = 0.8
_THIN = 0.15
_PALE = 0.6
_OF_PICTURE = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class InkBlobs:
    """Blobs of what may be ink; `everything` has the printed lines too.

    Contrast up to `floor` is paper, noise or print; the ink of a digit reaches `core` somewhere.
    """

    blobs: Blobs
    everything: Blobs
    floor: float
    core: float


def ink_strength(contrast: Floats, noise: float) -> float:
    """Return the contrast of strong ink, 0 if there is none."""
    ink = contrast[contrast > max(_MIN_CONTRAST, _MIN_CONTRAST_TO_NOISE * noise)]
    return float(np.percentile(ink, 90)) if len(ink) else 0.0


def find_ink_blobs(contrast: Floats, noise: float) -> InkBlobs | None:
    """Return what stands out from the paper in contrasts (h, w), or None if nothing does."""
    strength = ink_strength(contrast, noise)
    if not strength:
        return None
    floor = _PAPER_NOISE * noise
    blobs = find_blobs(contrast > max(_BLOB_EDGE * strength, floor))
    pale = contrast > max(_PALE * _BLOB_EDGE * strength, floor)
    return _without_print(blobs, contrast, pale) or InkBlobs(blobs, blobs, floor, _CORE * strength)


def _without_print(blobs: Blobs, contrast: Floats, pale: Mask) -> InkBlobs | None:
    """Return the blobs of what is stronger than printed lines, or None if no lines join blobs."""
    areas = _box_areas(blobs)
    largest = int(areas.argmax())
    left, top, right, bottom = blobs.boxes[largest].tolist()
    if max(right - left, bottom - top) < _LONG * min(right - left, bottom - top) and (
        right - left < _ACROSS * contrast.shape[1] and bottom - top < _ACROSS * contrast.shape[0]
    ):
        return None
    split = otsu_threshold(contrast[blobs.labels > 0])
    if split.low > _MAX_PRINT_STRENGTH * split.high:
        return None
    finer = find_blobs(contrast > split.threshold)
    if not len(finer) or _box_areas(finer).max() > _MAX_BOX_WITHOUT_PRINT * areas.max():
        return None
    if not _has_lines(pale[top:bottom, left:right], contrast.shape):
        return None
    return InkBlobs(finer, blobs, split.low, (split.threshold + split.high) / 2)


def _has_lines(ink: Mask, size: tuple[int, ...]) -> bool:
    """Tell whether thin straight lines go through ink (h, w), in a picture of a size."""
    for each, length in ((ink, size[1]), (ink.T, size[0])):
        height, width = each.shape
        lines = [line for line in level_lines(each, _STRAIGHT) if line.thick <= _THIN * height]
        is_long, is_large = width >= _LONG * height, width >= _OF_PICTURE * length
        if lines and (is_long or (is_large and len(lines) >= 2)):
            return True
    return False


def _box_areas(blobs: Blobs) -> NDArray[np.int64]:
    left, top, right, bottom = blobs.boxes.T
    areas: NDArray[np.int64] = (right - left) * (bottom - top)
    return areas
