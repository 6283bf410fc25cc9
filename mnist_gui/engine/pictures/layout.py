"""Puts marks together to digits, and digits in order: rows from top to bottom, left to right."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Boxes: TypeAlias = NDArray[np.int64]

# Shares of a digit's height: a mark as high as this is a digit, or the larger part of one ...
_TALL = 0.4
# ... and a lower one belongs to a tall one that is as near as this.
_NEAR = 0.35
# Two tall marks that overlap on both axes by this share of the smaller one are one digit, and so
# are two, one above the other, that together are at most so many times as high as one, or whose
# gap is at most this share of both together: rows are farther apart.
_OVER = 0.5
_TOGETHER = 1.25
_BROKEN = 0.07
# Neighbours in a row overlap upright by this share of the lower one, and are as near as this many
# heights.
_SAME_ROW = 0.4
_FARTHEST = 4.0


def group_marks(boxes: _Boxes, height: float) -> list[list[int]]:
    """Return which marks, of boxes (n, 4), make up each digit; `height` is about a digit's."""
    tall = [i for i, box in enumerate(boxes) if box[3] - box[1] >= _TALL * height]
    if not tall:
        return [list(range(len(boxes)))]
    owners = {i: i for i in tall}
    for i in tall:
        for j in tall:
            if owners[i] != owners[j] and _is_one_digit(boxes[i], boxes[j], height):
                owners = {k: owners[i] if o == owners[j] else o for k, o in owners.items()}
    for i in sorted(set(range(len(boxes))) - set(tall)):
        gaps = [_gap(boxes[i], boxes[j]) for j in tall]
        if min(gaps) <= _NEAR * height:
            owners[i] = owners[tall[int(np.argmin(gaps))]]
    return [
        [i for i, owner in owners.items() if owner == first]
        for first in sorted(set(owners.values()))
    ]


def rows_of(boxes: _Boxes) -> list[list[int]]:
    """Return the digits, of boxes (n, 4), in each row, from left to right; rows from the top.

    A row may slope: each digit need only be level with its neighbours.
    """
    row = list(range(len(boxes)))
    for i in range(len(boxes)):
        neighbour = _right_neighbour(boxes, i)
        if neighbour is not None:
            row = [row[i] if r == row[neighbour] else r for r in row]
    rows = [[i for i in range(len(boxes)) if row[i] == name] for name in set(row)]
    middle = boxes[:, [1, 3]].mean(axis=1)
    ordered = sorted(rows, key=lambda digits: float(np.mean(middle[digits])))
    return [sorted(digits, key=lambda i: int(boxes[i, 0] + boxes[i, 2])) for digits in ordered]


def hull(boxes: Iterable[_Boxes]) -> _Boxes:
    """Return the box round all boxes."""
    all_boxes = np.stack(list(boxes))
    return np.concatenate([all_boxes[:, :2].min(axis=0), all_boxes[:, 2:].max(axis=0)])


def _right_neighbour(boxes: _Boxes, i: int) -> int | None:
    """Return the next digit to the right that is level with digit i and not far, if there is."""
    left, right = boxes[:, 0], boxes[:, 2]
    heights = boxes[:, 3] - boxes[:, 1]
    overlap = np.minimum(boxes[:, 3], boxes[i, 3]) - np.maximum(boxes[:, 1], boxes[i, 1])
    level = overlap >= _SAME_ROW * np.minimum(heights, heights[i])
    behind = left + right > left[i] + right[i]
    near = left - right[i] <= _FARTHEST * np.maximum(heights, heights[i])
    candidates = np.flatnonzero(level & behind & near)
    if not len(candidates):
        return None
    return int(candidates[np.argmin(left[candidates] + right[candidates])])


def _is_one_digit(first: _Boxes, second: _Boxes, height: float) -> bool:
    sizes = np.minimum(first[2:] - first[:2], second[2:] - second[:2])
    overlap = _overlap(first, second)
    over = overlap > _OVER * sizes
    both = max(first[3], second[3]) - min(first[1], second[1])
    is_broken = both <= _TOGETHER * height or -overlap[1] <= _BROKEN * both
    return bool(over[0] and (over[1] or is_broken))


def _gap(first: _Boxes, second: _Boxes) -> float:
    return float(np.hypot(*np.maximum(-_overlap(first, second), 0)))


def _overlap(first: _Boxes, second: _Boxes) -> _Boxes:
    """Return by how much two boxes overlap along x and y; negative is the gap between them."""
    overlap: _Boxes = np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2])
    return overlap
