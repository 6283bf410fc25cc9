"""Find the blobs of ink, without printed lines that are paler than the pen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import Blobs, Floats, find_blobs, otsu_threshold
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
# They are straight through this share of their blob, and of the picture. There are two side by
# side, or one this many times as long as the highest digit: the pale part of a stroke is neither.
_STRAIGHT = 0.85
_OF_PICTURE = 0.6
_LONG_LINE = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class InkBlobs:
    """Blobs of what may be ink; `everything` has the printed lines too.

    Contrast up to `floor` is paper, noise or print; the ink of a digit reaches `core` somewhere.
    """

    blobs: Blobs
    everything: Blobs
    floor: float
    core: float


def find_ink_blobs(contrast: Floats, noise: float) -> InkBlobs | None:
    """Return what stands out from the paper in contrasts (h, w), or None if nothing does."""
    candidates = contrast[contrast > max(_MIN_CONTRAST, _MIN_CONTRAST_TO_NOISE * noise)]
    if not len(candidates):
        return None
    strength = float(np.percentile(candidates, 90))
    floor = _PAPER_NOISE * noise
    blobs = find_blobs(contrast > max(_BLOB_EDGE * strength, floor))
    return _without_print(blobs, contrast) or InkBlobs(blobs, blobs, floor, _CORE * strength)


def _without_print(blobs: Blobs, contrast: Floats) -> InkBlobs | None:
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
    if not _has_lines(blobs, largest, finer):
        return None
    return InkBlobs(finer, blobs, split.low, (split.threshold + split.high) / 2)


def _has_lines(blobs: Blobs, blob: int, finer: Blobs) -> bool:
    """Tell whether straight lines go through a blob, longer than the digits that are `finer`."""
    left, top, right, bottom = blobs.boxes[blob].tolist()
    own = blobs.labels[top:bottom, left:right] == blob + 1
    highest = int((finer.boxes[:, 3] - finer.boxes[:, 1]).max())
    return any(
        len(lines) >= 2 or (len(lines) == 1 and ink.shape[1] >= _LONG_LINE * highest)
        for ink, length in ((own, blobs.labels.shape[1]), (own.T, blobs.labels.shape[0]))
        if ink.shape[1] >= _OF_PICTURE * length
        for lines in (level_lines(ink, _STRAIGHT),)
    )


def _box_areas(blobs: Blobs) -> NDArray[np.int64]:
    left, top, right, bottom = blobs.boxes.T
    areas: NDArray[np.int64] = (right - left) * (bottom - top)
    return areas
