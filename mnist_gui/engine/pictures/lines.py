"""Find straight lines in ink, as rulers and printers draw them, and take them away."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]

# Lines are looked for in ink reduced to this many pixels on its longer side.
_SIDE = 600
# They slope by at most this many rows a column, and are at most this share of their length thick.
_MAX_SLOPE = 0.16
_MAX_THICK = 0.12
# Where another stroke crosses a line, the ink is more than this many times as thick as the line.
_CROSSED = 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in ink (h, w): its row in the middle column, rows a column, rows thick."""

    row: float
    slope: float
    thick: float


def level_lines(ink: Mask, share: float) -> list[Line]:
    """Return the straight lines that go from left to right through this share of the columns."""
    factor = -(-max(ink.shape) // _SIDE)
    small = pooled_ink(ink, factor)
    height, width = small.shape
    if width < 3:
        return []
    rows, columns = np.nonzero(small)
    across = columns - (width - 1) / 2
    best, slope = np.zeros(0, np.int64), 0.0
    for each in np.arange(-_MAX_SLOPE, _MAX_SLOPE, 1 / width):
        sheared = np.rint(rows - each * across).astype(np.int64) + width
        covered = np.bincount(sheared, minlength=height + 2 * width)
        if _sharpness(covered, share * width) > _sharpness(best, share * width):
            best, slope = covered, float(each)
    return [
        Line((first + last) / 2 * factor + (factor - 1) / 2, slope, (last - first + 1) * factor)
        for first, last in _stretches(best >= share * width, width)
        if last - first + 1 <= max(1, _MAX_THICK * width)
    ]


def pooled_ink(ink: Mask, factor: int) -> Mask:
    """Return blocks in which there is any ink."""
    if factor == 1:
        return ink
    height, width = (-(-length // factor) * factor for length in ink.shape)
    padded = np.zeros((height, width), bool)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    blocks = padded.reshape(height // factor, factor, width // factor, factor)
    return np.asarray(blocks.any(axis=(1, 3)))


def _sharpness(covered: NDArray[np.int64], least: float) -> float:
    """Return how much ink is in full rows: the most where the slope is that of the lines."""
    return float((covered[covered >= least].astype(np.float64) ** 2).sum())


def _stretches(full: Mask, offset: int) -> list[tuple[int, int]]:
    """Return the first and last of each stretch of full rows, counted from the offset."""
    edges = np.diff(np.concatenate([[0], full.astype(np.int8), [0]]))
    firsts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a) - offset, int(b) - 1 - offset) for a, b in zip(firsts, ends, strict=True)]


def band(line: Line, shape: tuple[int, ...]) -> Mask:
    """Return the pixels (h, w) that are on a line, or next to it."""
    rows = np.arange(shape[0])[:, np.newaxis]
    middle = line.row + line.slope * (np.arange(shape[1]) - (shape[1] - 1) / 2)
    return np.asarray(np.abs(rows - middle) <= line.thick / 2 + 1)


def ink_of_lines(ink: Mask, lines: list[Line]) -> Mask:
    """Return the ink (h, w) that is of lines alone, not of strokes that cross them."""
    from scipy import ndimage

    labels, _ = ndimage.label(ink, [[0, 1, 0], [0, 1, 0], [0, 1, 0]])
    heights = np.bincount(labels.ravel())[labels]
    alone = np.zeros_like(ink)
    for line in lines:
        on_line = ink & band(line, ink.shape)
        thick = float(np.median(heights[on_line])) if on_line.any() else 0.0
        alone |= on_line & (heights <= _CROSSED * thick + 1)
    return alone
