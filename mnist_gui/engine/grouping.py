"""Group the strokes of a drawing into digits that stand side by side."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing

DigitScores: TypeAlias = Callable[[Sequence[Drawing]], NDArray[np.float32]]
"""Returns the digit score, 0..1, of each of some drawings."""

MOST_DIGITS = 12
"""A drawing of more pieces is taken for one digit: no canvas holds a longer number."""

# A drawing of more strokes is taken for one digit, as grouping it would take long.
_MOST_STROKES = 50
# Strokes belong together if they share this fraction of the narrower one's width.
_SHARED_WIDTH = 0.6
# A piece lower than this fraction of the highest, such as a bar, is part of a digit.
_LOWEST_DIGIT = 0.35
# Bounds of a digit's width and of the gaps within it, in heights of the highest piece.
_WIDEST_DIGIT = 1.6
_WIDEST_GAP = 0.45
_MOST_PIECES_IN_A_DIGIT = 3
# Bounds the log-odds of a digit score. Each digit costs what it lacks to it, so that a split must
# give better digits than the whole is.
_SUREST = 5.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Strokes, by their indices in the drawing, that are a digit or a part of one."""

    strokes: tuple[int, ...]
    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def joined(self, other: "_Piece") -> "_Piece":
        return _Piece(
            tuple(sorted((*self.strokes, *other.strokes))),
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )


def may_be_several(drawing: Drawing) -> bool:
    """Return whether the strokes may be several digits; takes almost no time."""
    return len(_possible_digits(drawing)) > 1


def group_strokes(drawing: Drawing, digit_scores: DigitScores) -> list[Drawing]:
    """Return the drawing's digits from left to right, each with its strokes in their order.

    Separate pieces may be several digits or one, such as an open 4: of all ways to join
    neighbours, return the one with the best digit scores.
    """
    pieces = _possible_digits(drawing)
    if len(pieces) < 2:
        return [drawing]
    height = max(piece.height for piece in pieces)
    runs = [
        (first, end)
        for first in range(len(pieces))
        for end in range(first + 1, min(first + _MOST_PIECES_IN_A_DIGIT, len(pieces)) + 1)
        if _can_be_one(pieces[first:end], height)
    ]
    drawings = [_drawing_of(drawing, pieces[first:end]) for first, end in runs]
    scores = np.clip(digit_scores(drawings).astype(np.float64), 1e-9, 1 - 1e-9)
    odds = np.clip(np.log(scores / (1 - scores)), -_SUREST, _SUREST)
    best = _best_runs(len(pieces), dict(zip(runs, odds.tolist(), strict=True)))
    return [drawings[runs.index(run)] for run in best]


def _best_runs(count: int, odds: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the runs that cover all pieces and together have the best log-odds."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, count + 1):
        ways = [
            (best[first][0] + odds[first, end] - _SUREST, first)
            for first in range(end)
            if (first, end) in odds
        ]
        # Of equally good ways the one with the fewest digits.
        score, first = max(ways, key=lambda way: (way[0], -way[1]))
        best.append((score, [*best[first][1], (first, end)]))
    return best[count][1]


def _can_be_one(pieces: Sequence[_Piece], height: float) -> bool:
    if len(pieces) == 1:
        return True
    gaps = [after.left - before.right for before, after in itertools.pairwise(pieces)]
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    return max(gaps) <= _WIDEST_GAP * height and width <= _WIDEST_DIGIT * height


def _drawing_of(drawing: Drawing, pieces: Sequence[_Piece]) -> Drawing:
    indices = sorted(index for piece in pieces for index in piece.strokes)
    return Drawing(tuple(drawing.strokes[index] for index in indices))


def _possible_digits(drawing: Drawing) -> list[_Piece]:
    """Return the pieces that may be digits of their own; none if the drawing is one digit."""
    if not 1 < len(drawing.strokes) <= _MOST_STROKES:
        return []
    pieces = _pieces(drawing)
    return pieces if len(pieces) <= MOST_DIGITS else []


def _pieces(drawing: Drawing) -> list[_Piece]:
    """Return the pieces, from left to right, whose strokes belong to one digit."""
    pieces: list[_Piece] = []
    for index, stroke in enumerate(drawing.strokes):
        low, high = stroke.points.min(axis=0).tolist(), stroke.points.max(axis=0).tolist()
        piece = _Piece((index,), low[0], high[0], low[1], high[1])
        # A stroke may join pieces that were apart before.
        while (other := next((p for p in pieces if _share_width(p, piece)), None)) is not None:
            pieces.remove(other)
            piece = piece.joined(other)
        pieces.append(piece)
    return sorted(_without_small_ones(pieces), key=lambda piece: piece.left + piece.right)


def _share_width(one: _Piece, other: _Piece) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared >= 0 and shared >= _SHARED_WIDTH * min(one.width, other.width)


def _without_small_ones(pieces: list[_Piece]) -> list[_Piece]:
    """Join each piece that is too low for a digit to its nearest neighbour."""
    lowest = _LOWEST_DIGIT * max(piece.height for piece in pieces)
    large = [piece for piece in pieces if piece.height >= lowest]
    for piece in pieces:
        if piece.height < lowest:
            gaps = [max(p.left, piece.left) - min(p.right, piece.right) for p in large]
            nearest = gaps.index(min(gaps))
            large[nearest] = large[nearest].joined(piece)
    return large
