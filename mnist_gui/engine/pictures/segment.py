"""Split the ink of a picture into blobs, digits and lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.frames import Frames, find_frames
from mnist_gui.engine.pictures.ink import (
    Blobs,
    Boxes,
    Floats,
    Ink,
    Mask,
    find_blobs,
    labelled_blobs,
)
from mnist_gui.engine.pictures.printed import find_ink_blobs

# Pixels: the edge of ink is this soft.
_SOFT_EDGE = 2
# Noise above this share of the strongest contrast is smoothed before blobs are found, but less
# noise than this never: where a thin pen drew, hardly a pixel has a strong contrast.
_MAX_NOISE = 0.04
_MIN_NOISE = 0.012
# This share of a blob's pixels is strong ink; more at the border, where shadows end.
_CORE_SHARE = 0.1
_CORE_SHARE_AT_BORDER = 0.5
_MAX_DIGIT_BLOBS = 300
# Ink of a thin pen covers at most this share of the square round its largest blob, and pieces as
# near as twice this share of its length are one.
_THIN = 0.06
_BRIDGED = 0.006
# A blob shorter than this share of a digit's height, or of an area below this share of what the
# largest blob has for its length, is a speck: the pen is as wide everywhere.
_SPECK_LENGTH = 0.15
_SPECK_AREA = 0.2
# Shares of the picture's side: an edge is at least this long, and this near to the border.
_EDGE_LENGTH = 0.8
_EDGE_DEPTH = 0.06
# A blob this many times as wide as high is a line below or between digits.
_UNDERLINE = 6.0

# Shares of a digit's height: a blob this high is a digit or its largest part, and a lower one
# belongs to the nearest of those if it is this near.
_TALL = 0.4
_NEAR = 0.35
# Two tall blobs are one digit if they overlap on both axes by this share of the smaller one. So
# are two, one above the other, that together are at most this many times as high as a digit, or
# have a gap of at most this share of their height together: lines are farther apart.
_MIN_OVERLAP = 0.5
_MAX_HEIGHT_TOGETHER = 1.25
_MAX_GAP = 0.07
# Neighbours on a line overlap vertically by this share of the lower one, and without a table they
# are at most this many heights apart.
_SAME_LINE = 0.4
_MAX_DISTANCE = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class DigitBlobs:
    """The blobs that may be digits or parts of digits.

    `contrast` (h, w) is the picture's; `labels` (h, w) is 0 for none and i + 1 for blob i; `boxes`
    (n, 4) are left, top, right and bottom; `height` is about that of a digit. Contrast up to
    `floor` is paper, noise or print; that of `frames` round the digits is 0.
    """

    contrast: Floats
    floor: float
    labels: NDArray[np.int32]
    boxes: Boxes
    height: float
    frames: Frames


def extract_digit_blobs(ink: Ink) -> DigitBlobs:
    """Return the digit blobs; raise PictureError if there are none, or too many to be digits."""
    contrast = ink.contrast
    if ink.noise > max(_MAX_NOISE * float(np.percentile(contrast, 99.5)), _MIN_NOISE):
        contrast = _smoothed(contrast)
    found = find_ink_blobs(contrast, ink.noise)
    if found is None:
        raise _no_ink()
    frames = find_frames(found.blobs)
    if found.everything is not found.blobs:
        frames = frames.with_walls_of(find_frames(found.everything))
    blobs = _without_frames(found.blobs, frames)
    kept = _with_core(blobs, contrast, found.core)
    kept &= ~_edges(blobs, kept)
    left, top, right, bottom = blobs.boxes.T
    # A single blob is a digit, however flat.
    if len(blobs) > 1:
        kept &= right - left <= _UNDERLINE * (bottom - top)
    height = _typical_height(blobs, kept)
    longest = np.maximum(right - left, bottom - top)
    kept &= (longest >= _SPECK_LENGTH * height) & (blobs.areas >= 3)
    if kept.any():
        largest = int(np.where(kept, blobs.areas, 0).argmax())
        kept &= blobs.areas >= _SPECK_AREA * longest * blobs.areas[largest] / longest[largest]
    if not kept.any():
        raise _no_ink()
    if kept.sum() > _MAX_DIGIT_BLOBS:
        raise too_many_blobs()
    new_labels = np.append(0, np.where(kept, np.cumsum(kept), 0)).astype(np.int32)
    return DigitBlobs(
        _faded(ink.contrast, frames, blobs.labels > 0),
        found.floor,
        new_labels[blobs.labels],
        blobs.boxes[kept],
        height,
        frames,
    )


def _without_frames(blobs: Blobs, frames: Frames) -> Blobs:
    if frames.ink.any():
        blobs = find_blobs((blobs.labels > 0) & ~frames.ink)
    return _bridged(blobs)


def _bridged(blobs: Blobs) -> Blobs:
    """Join the pieces of strokes that are so thin that they are broken."""
    from scipy import ndimage

    if not len(blobs):
        return blobs
    left, top, right, bottom = blobs.boxes[blobs.areas.argmax()].tolist()
    longest = max(right - left, bottom - top)
    reach = round(_BRIDGED * longest)
    if not reach or blobs.areas.max() > _THIN * longest**2:
        return blobs
    ink = blobs.labels > 0
    near = ndimage.maximum_filter(ink, 2 * reach + 1)
    labels = np.where(ink, find_blobs(near).labels, 0).astype(np.int32)
    return labelled_blobs(labels)


def _faded(contrast: Floats, frames: Frames, ink: Mask) -> Floats:
    """Return the contrast without that of frames and of their soft edges."""
    from scipy import ndimage

    if not frames.ink.any():
        return contrast
    near = ndimage.binary_dilation(frames.ink, np.ones((3, 3)), iterations=_SOFT_EDGE)
    return np.where(near & ~ink, np.float32(0), contrast)


def too_many_blobs() -> PictureError:
    """Return the error to raise for a picture in which there is no end of marks."""
    return PictureError("picture-too-many-marks")


def _smoothed(contrast: Floats) -> Floats:
    """Average each pixel with its neighbours, weighted 1, 2, 1 along both axes."""
    from scipy import ndimage

    for axis in (0, 1):
        contrast = ndimage.correlate1d(contrast, [0.25, 0.5, 0.25], axis, mode="nearest")
    return contrast


def _no_ink() -> PictureError:
    return PictureError("picture-no-digits")


def _with_core(blobs: Blobs, contrast: Floats, core: float) -> Mask:
    """Tell which have enough ink as strong as the core, much more at the picture's border."""
    height, width = blobs.labels.shape
    left, top, right, bottom = blobs.boxes.T
    strong_areas = np.bincount(blobs.labels[contrast > core], minlength=len(blobs) + 1)[1:]
    at_border = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    needed = np.where(at_border, _CORE_SHARE_AT_BORDER, _CORE_SHARE) * blobs.areas
    return strong_areas > needed


def _edges(blobs: Blobs, kept: Mask) -> Mask:
    """Tell which are edges of a table or a shadow: along the picture's border, none inside."""
    height, width = blobs.labels.shape
    left, top, right, bottom = blobs.boxes.T
    margin_x, margin_y = _EDGE_DEPTH * width, _EDGE_DEPTH * height
    vertical = bottom - top > _EDGE_LENGTH * height
    horizontal = right - left > _EDGE_LENGTH * width
    edges = vertical & ((right < margin_x) | (left > width - margin_x))
    edges |= horizontal & ((bottom < margin_y) | (top > height - margin_y))
    # All round the picture: a frame, or the table that the paper lies on.
    frame = vertical & horizontal & (blobs.areas < 0.5 * height * width)
    frame &= (left == 0) | (top == 0) | (right == width) | (bottom == height)
    edges = (edges | frame) & kept
    # If nothing else is left, they are digits that were cut out tightly.
    return edges if (kept & ~edges).any() else np.zeros(len(blobs), bool)


def _typical_height(blobs: Blobs, kept: Mask) -> float:
    """Return the median height of the blobs, weighted by their areas."""
    if not kept.any():
        return 0.0
    heights, areas = (blobs.boxes[:, 3] - blobs.boxes[:, 1])[kept], blobs.areas[kept]
    return float(np.quantile(heights, 0.5, weights=areas, method="inverted_cdf"))


def group_blobs(boxes: Boxes, height: float) -> list[list[int]]:
    """Return which blobs, of boxes (n, 4), make up each digit; `height` is about a digit's."""
    tall = [i for i, box in enumerate(boxes) if box[3] - box[1] >= _TALL * height]
    if not tall:
        return [list(range(len(boxes)))]
    owners = {i: i for i in tall}
    for i in tall:
        for j in tall:
            if owners[i] != owners[j] and _is_one_digit(boxes[i], boxes[j], height):
                owners = {k: owners[i] if o == owners[j] else o for k, o in owners.items()}
    for i in sorted(set(range(len(boxes))) - set(tall)):
        gaps = [np.hypot(*np.maximum(-_overlap(boxes[i], boxes[j]), 0)) for j in tall]
        if min(gaps) <= _NEAR * height:
            owners[i] = owners[tall[int(np.argmin(gaps))]]
    return [
        [i for i, owner in owners.items() if owner == first]
        for first in sorted(set(owners.values()))
    ]


def lines_of_digits(boxes: Boxes, cells: Sequence[Boxes | None]) -> list[list[int]]:
    """Return the digits, of boxes (n, 4), on each line, left to right; lines from the top.

    A line may slope: each digit need only be level with its neighbours. Digits in cells of a table
    are level if their cells are, however far apart they are.
    """
    places = boxes.copy()
    for place, cell in zip(places, cells, strict=True):
        if cell is not None:
            place[[1, 3]] = cell[[1, 3]]
    reach = [_MAX_DISTANCE if cell is None else np.inf for cell in cells]
    line = list(range(len(boxes)))
    for i in range(len(boxes)):
        neighbour = _right_neighbour(places, i, reach[i])
        if neighbour is not None:
            line = [line[i] if other == line[neighbour] else other for other in line]
    lines = [[i for i in range(len(boxes)) if line[i] == name] for name in set(line)]
    middle = places[:, [1, 3]].mean(axis=1)
    ordered = sorted(lines, key=lambda digits: float(np.mean(middle[digits])))
    return [sorted(digits, key=lambda i: int(boxes[i, 0] + boxes[i, 2])) for digits in ordered]


def box_around(boxes: Iterable[Boxes]) -> Boxes:
    """Return the bounding box (4,) of boxes (4,)."""
    all_boxes = np.stack(list(boxes))
    return np.concatenate([all_boxes[:, :2].min(axis=0), all_boxes[:, 2:].max(axis=0)])


def _right_neighbour(boxes: Boxes, i: int, reach: float) -> int | None:
    """Return the next digit to the right that is level with digit i and near, or None.

    Near is at most so many heights away.
    """
    left, right = boxes[:, 0], boxes[:, 2]
    heights = boxes[:, 3] - boxes[:, 1]
    overlap = np.minimum(boxes[:, 3], boxes[i, 3]) - np.maximum(boxes[:, 1], boxes[i, 1])
    level = overlap >= _SAME_LINE * np.minimum(heights, heights[i])
    behind = left + right > left[i] + right[i]
    near = left - right[i] <= reach * np.maximum(heights, heights[i])
    candidates = np.flatnonzero(level & behind & near)
    if not len(candidates):
        return None
    return int(candidates[np.argmin(left[candidates] + right[candidates])])


def _is_one_digit(first: Boxes, second: Boxes, height: float) -> bool:
    sizes = np.minimum(first[2:] - first[:2], second[2:] - second[:2])
    overlap = _overlap(first, second)
    overlaps = overlap > _MIN_OVERLAP * sizes
    together = max(first[3], second[3]) - min(first[1], second[1])
    is_broken = together <= _MAX_HEIGHT_TOGETHER * height or -overlap[1] <= _MAX_GAP * together
    return bool(overlaps[0] and (overlaps[1] or is_broken))


def _overlap(first: Boxes, second: Boxes) -> Boxes:
    """Return by how much two boxes overlap along x and y; a negative number is a gap."""
    return np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2])
