"""Split what is written into marks, rows and single digits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.binarize import Ink, find_pieces
from mnist_gui.engine.pictures.morphology import Components, stroke_width

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
Likenesses: TypeAlias = Callable[[Sequence[_Flags]], NDArray[np.float32]]
"""Says how much each of some inks (h, w) looks like one digit, 0..1."""
# A mark this many times as wide as high may be two digits.
_WIDE = 0.9
# Cuts lean by up to so many columns a row.
_SLANTS = (0.0, -0.15, 0.15, -0.3, 0.3, -0.45, 0.45)
# A cut goes through no more than this many widths of a stroke ...
_CROSSED = 2.2
# ... and leaves parts at least this high and this wide, of the mark's height, and with this share
# of its ink.
_HEIGHT = 0.6
_WIDTH = 0.15
_SHARE = 0.15
# So many cuts, those through the least ink, are looked at.
_TRIED = 6
# What a look at the whole must be outdone by for it to be cut, in units of log-odds: by more
# where a cut crosses several strokes, as it does where it cuts a nought open.
_COST_OF_A_CUT = 2.0
_COST_OF_A_CROSSING = 2.0
_SUREST = 4.0


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


@dataclass(frozen=True, slots=True)
class _Cut:
    slant: float
    column: int
    ink: int
    strokes: int

    @property
    def cost(self) -> float:
        """How much better the parts must look than the whole."""
        return _COST_OF_A_CUT + _COST_OF_A_CROSSING * (self.strokes - 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    left: _Flags
    right: _Flags
    cost: float


def split_touching(ink: _Flags, likenesses: Likenesses) -> list[_Flags]:
    """Return the digits (h, w) of a mark (h, w), from left to right; mostly the mark itself.

    It is cut where it looks much less like a digit than its parts do.
    """
    pairs = _pairs(ink)
    if not pairs:
        return [ink]
    parts = [part for pair in pairs for part in (pair.left, pair.right)]
    whole, *looks = _log_odds(likenesses([ink, *parts]))
    # What may be two digits itself is still to be cut, and need not look like one.
    trusts = [
        max(look, 0.0) if _may_be_two(part) else look
        for part, look in zip(parts, looks, strict=True)
    ]
    gains = np.reshape(trusts, (-1, 2)).min(axis=1) - [pair.cost for pair in pairs]
    best = int(gains.argmax())
    if gains[best] < whole:
        return [ink]
    halves = (pairs[best].left, pairs[best].right)
    return [digit for half in halves for digit in split_touching(half, likenesses)]


def _log_odds(likenesses: NDArray[np.float32]) -> list[float]:
    shares = np.clip(likenesses.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: list[float] = np.clip(np.log(shares / (1 - shares)), -_SUREST, _SUREST).tolist()
    return odds


def _may_be_two(ink: _Flags) -> bool:
    height, width = _extent(ink)
    return width >= _WIDE * height


def _pairs(ink: _Flags) -> list[_Pair]:
    """Return the ways to cut a mark in two, those through the least ink first."""
    if not _may_be_two(ink):
        return []
    height, most_ink = _extent(ink)[0], _CROSSED * stroke_width(ink)
    cuts = [cut for slant in _SLANTS for cut in _cuts_at(ink, slant, height)]
    pairs = []
    for cut in sorted(cuts, key=lambda cut: cut.ink):
        left = ink & _left_of(cut, ink.shape)
        right = ink & ~left
        if cut.ink <= most_ink and all(
            _is_digit_like(part, height, int(ink.sum())) for part in (left, right)
        ):
            pairs.append(_Pair(left, right, cut.cost))
    return pairs[:_TRIED]


def _cuts_at(ink: _Flags, slant: float, height: int) -> list[_Cut]:
    """Return the cuts of a slant through the least ink: one in each half."""
    rows, columns = np.nonzero(ink)
    sheared = columns + _shift(slant, ink.shape[0])[rows]
    first = int(sheared.min())
    upright = np.zeros((ink.shape[0] + 1, int(sheared.max()) - first + 1), np.int8)
    upright[rows + 1, sheared - first] = 1
    crossed = upright.sum(axis=0, dtype=np.int64)
    strokes = (np.diff(upright, axis=0) == 1).sum(axis=0)
    margin, middle = max(1, int(_WIDTH * height)), upright.shape[1] // 2
    halves = (range(margin, middle), range(middle, upright.shape[1] - margin))
    places = [_least(crossed, half) for half in halves if len(half)]
    return [_Cut(slant, first + at, int(crossed[at]), int(strokes[at])) for at in places]


def _least(crossed: NDArray[np.int64], places: range) -> int:
    some = crossed[places.start : places.stop]
    least = np.flatnonzero(some == some.min())
    # Of many columns between the digits, the middle one.
    return places.start + int(least[len(least) // 2])


def _left_of(cut: _Cut, shape: tuple[int, ...]) -> _Flags:
    shifted = np.arange(shape[1]) + _shift(cut.slant, shape[0])[:, np.newaxis]
    left: _Flags = shifted <= cut.column
    return left


def _shift(slant: float, height: int) -> NDArray[np.int64]:
    shift: NDArray[np.int64] = np.rint((np.arange(height) - height / 2) * slant).astype(np.int64)
    return shift


def _is_digit_like(part: _Flags, height: int, ink: int) -> bool:
    if part.sum() < _SHARE * ink:
        return False
    own_height, own_width = _extent(part)
    return own_height >= _HEIGHT * height and own_width >= _WIDTH * height


def _extent(ink: _Flags) -> tuple[int, int]:
    """Return the ink's height and width."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
