"""Take away what is round digits: boxes, forms, tables and circles, and tell their cells.

What encloses other ink is a frame, whatever its shape. Where digits touch it, a frame is known by
its straight lines, which go through all of it: at least two each way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import Blobs, Boxes, Mask, find_blobs
from mnist_gui.engine.pictures.lines import Line, band, ink_of_lines, level_lines

# What a frame encloses is at least this share as high as the frame's hole, and so many
# pixels; specks are not.
_MIN_ENCLOSED = 0.2
_MIN_HEIGHT = 6.0
# A frame is mostly holes: a number with a zero in it is not.
_MIN_HOLES = 0.5
# A straight stroke, this share as wide as long, that is this share as long as the hole is high, is
# the slash of a zero; a shorter one is if it leans, as wide as this share of its height.
_STRAIGHT = 0.2
_SLASH = 0.75
_LEANING = 0.5
# The lines of a frame go through this share of it.
_THROUGH = 0.8
# The outer ones are this share of it apart; how they slope differs by at most so much.
_APART = 0.7
_MAX_SKEW = 0.06
# At least three that only go one way go across this share of the picture.
_ACROSS = 0.75
# There is more paper between lines than ink in them: at most this share is ink.
_MAX_INK = 0.3
# So much of the ink between the lines is digits, in heights of a cell.
_MIN_LEFT = 0.25
# This share of a digit's height is in its cell.
_MIN_INSIDE = 0.7
# The largest blobs, this many, may be frames of at least so many pixels each way.
_MAX_FRAMES = 40
_MIN_SIDE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The `ink` (h, w) of frames alone, and the `walls` (h, w): the same, without a gap."""

    ink: Mask
    walls: Mask

    def with_walls_of(self, pale: "Frames") -> "Frames":
        """Return these frames with the walls of others, whose ink is none."""
        return Frames(self.ink, self.walls | pale.walls)

    def cells(self, boxes: Boxes) -> list[Boxes | None]:
        """Return the box of the cell that each box (n, 4) is in, if it is in one."""
        from scipy import ndimage

        if not self.walls.any():
            return [None] * len(boxes)
        labels, _ = ndimage.label(~self.walls)
        found = ndimage.find_objects(labels)
        outside = set(np.unique(_border(labels)).tolist())
        cells: list[Boxes | None] = []
        for left, top, right, bottom in boxes.tolist():
            label = _commonest(labels[top:bottom, left:right])
            if label == 0 or label in outside:
                cells.append(None)
                continue
            rows, columns = found[label - 1]
            cell = np.array([columns.start, rows.start, columns.stop, rows.stop])
            cells.append(cell if _is_inside((left, top, right, bottom), cell) else None)
        return cells


def _is_inside(box: tuple[int, int, int, int], cell: Boxes) -> bool:
    """Tell whether most of the box's height is in the cell: squared paper has smaller ones."""
    inside = min(box[3], cell[3]) - max(box[1], cell[1])
    return bool(inside >= _MIN_INSIDE * (box[3] - box[1]))


def _border(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])


def _commonest(labels: NDArray[np.int32]) -> int:
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    return int(counts.argmax())


def find_frames(blobs: Blobs) -> Frames:
    """Return the frames among blobs."""
    frames = Frames(np.zeros(blobs.labels.shape, bool), np.zeros(blobs.labels.shape, bool))
    left, top, right, bottom = blobs.boxes.T
    sizes = (right - left) * (bottom - top)
    for i in np.argsort(-sizes)[:_MAX_FRAMES].tolist():
        x0, y0, x1, y1 = blobs.boxes[i].tolist()
        if min(x1 - x0, y1 - y0) < _MIN_SIDE:
            continue
        labels = blobs.labels[y0:y1, x0:x1]
        own = labels == i + 1
        found = _lined(own, blobs.labels.shape)
        heights = np.append(0, blobs.boxes[:, 3] - blobs.boxes[:, 1])[labels]
        if found is None and _encloses(own, labels, heights, _touched(blobs, i)):
            found = Frames(own, own)
        if found is not None:
            frames.ink[y0:y1, x0:x1] |= found.ink
            frames.walls[y0:y1, x0:x1] |= found.walls
    return frames


def _touched(blobs: Blobs, blob: int) -> tuple[bool, bool, bool, bool]:
    """Tell which of the picture's borders a blob touches, nearly: left, top, right, bottom."""
    left, top, right, bottom = blobs.boxes[blob].tolist()
    height, width = blobs.labels.shape
    return left <= 1, top <= 1, right >= width - 1, bottom >= height - 1


def _encloses(
    own: Mask,
    labels: NDArray[np.int32],
    heights: NDArray[np.int64],
    touched: tuple[bool, bool, bool, bool],
) -> bool:
    """Tell whether another blob of some height lies in a hole of the ink.

    The picture's border closes holes where the ink touches it in two places.
    """
    from scipy import ndimage

    left, top, right, bottom = touched
    closed = np.pad(own, 1)
    for is_touched, edge, along in (
        (left, closed[1:-1, 0], own[:, :2].any(axis=1)),
        (right, closed[1:-1, -1], own[:, -2:].any(axis=1)),
        (top, closed[0, 1:-1], own[:2].any(axis=0)),
        (bottom, closed[-1, 1:-1], own[-2:].any(axis=0)),
    ):
        if is_touched and along.any():
            inked = np.flatnonzero(along)
            edge[inked[0] : inked[-1] + 1] = True
    regions, _ = ndimage.label(ndimage.binary_fill_holes(closed) & ~closed)
    regions = regions[1:-1, 1:-1]
    if (regions > 0).mean() < _MIN_HOLES:
        return False
    for number, place in enumerate(ndimage.find_objects(regions), start=1):
        if place is None:
            continue
        inside, least = regions[place] == number, _least_height(len(regions[place]))
        tall = np.unique(labels[place][inside & (heights[place] >= least)])
        if any(_is_content(inside & (labels[place] == blob)) for blob in tall):
            return True
    return False


def _least_height(hole: int) -> float:
    return max(_MIN_HEIGHT, _MIN_ENCLOSED * hole)


def _is_content(inside: Mask) -> bool:
    """Tell whether ink (h, w) in a hole is a digit, neither a speck nor the slash of a zero."""
    rows, columns = np.nonzero(inside)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if height < _least_height(len(inside)):
        return False
    spread = np.sqrt(np.linalg.eigvalsh(np.cov(rows, columns)).clip(0))
    is_straight = spread[0] < _STRAIGHT * spread[1]
    is_long = np.hypot(height, width) > _SLASH * inside.shape[0]
    return not (is_straight and (is_long or width > _LEANING * height))


def _lined(own: Mask, picture: tuple[int, ...]) -> Frames | None:
    """Return the frame that the ink's straight lines are, or None if they are not one."""
    level = level_lines(own, _THROUGH)
    upright = level_lines(own.T, _THROUGH)
    if not _is_grid(level, upright, own.shape, picture):
        return None
    level_walls, upright_walls = _walls(level, own.shape), _walls(upright, own.shape[::-1]).T
    ink = ink_of_lines(own, level) | ink_of_lines(own.T, upright).T
    ink |= own & level_walls & upright_walls
    left = find_blobs(own & ~ink)
    if not len(left):
        return None
    heights = left.boxes[:, 3] - left.boxes[:, 1]
    cell = own.shape[0] / max(len(level) - 1, 1)
    if heights.max() < _MIN_LEFT * cell:
        return None
    return Frames(ink, level_walls | upright_walls)


def _is_grid(
    level: list[Line], upright: list[Line], shape: tuple[int, ...], picture: tuple[int, ...]
) -> bool:
    height, width = shape
    if _thickness(level) > _MAX_INK * height or _thickness(upright) > _MAX_INK * width:
        return False
    if _span(level) >= _APART * height and _span(upright) >= _APART * width:
        # Both slope as the whole frame does.
        return abs(level[0].slope + upright[0].slope) <= _MAX_SKEW
    return any(
        len(lines) >= 3 and length >= _ACROSS * side
        for lines, length, side in ((level, width, picture[1]), (upright, height, picture[0]))
    )


def _span(lines: list[Line]) -> float:
    """Return how far the first and the last line are apart."""
    return lines[-1].row - lines[0].row if len(lines) >= 2 else 0.0


def _thickness(lines: list[Line]) -> float:
    return sum(line.thick for line in lines)


def _walls(lines: list[Line], shape: tuple[int, ...]) -> Mask:
    walls = np.zeros(shape, bool)
    for line in lines:
        walls |= band(line, shape)
    return walls
