"""Which strokes of a drawing belong to one digit where several are drawn side by side."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke

DigitScores: TypeAlias = Callable[[Sequence[Drawing]], NDArray[np.float32]]
"""Says how much each of some drawings looks like one digit, 0..1."""

MOST_DIGITS = 12
"""A drawing that falls into more pieces is taken for one: no canvas holds a longer number."""

# More strokes are no number, and would take their time.
_MOST_STROKES = 50
# Strokes that share so much of the narrower one's width belong together without a question.
_SHARED_WIDTH = 0.6
# A lower piece than this share of the highest is a dot, a bar or a hat: part of a digit.
_LOWEST_DIGIT = 0.35
# No digit is as wide as this many of its heights, and none has as wide a gap inside.
_WIDEST_DIGIT = 1.6
_WIDEST_GAP = 0.45
_MOST_PIECES_IN_A_DIGIT = 3
# Log-odds beyond which a digit cannot look more like one. Each digit costs what it falls short of
# that, so that a cut must make all of its digits look better than the whole does.
_SUREST = 5.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Strokes, by their places in the drawing, that are one digit or part of one."""

    places: tuple[int, ...]
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
            tuple(sorted((*self.places, *other.places))),
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )


def may_be_several(drawing: Drawing) -> bool:
    """Whether the strokes leave it open that several digits stand side by side; takes no time."""
    return len(_pieces_in_question(drawing)) > 1


def split(drawing: Drawing, digit_scores: DigitScores) -> list[Drawing]:
    """Return the drawing's digits from left to right, each with its strokes in their order.

    Pieces apart from one another may be several digits or one, such as an open 4; of all ways to
    join neighbours that one is taken whose digits look most like digits.
    """
    pieces = _pieces_in_question(drawing)
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
    odds = np.clip(_log_odds(digit_scores(drawings)), -_SUREST, _SUREST)
    best = _best_cuts(len(pieces), dict(zip(runs, odds.tolist(), strict=True)))
    return [drawings[runs.index(run)] for run in best]


def _log_odds(shares: NDArray[np.float32]) -> NDArray[np.float64]:
    inside = np.clip(shares.astype(np.float64), 1e-9, 1 - 1e-9)
    odds: NDArray[np.float64] = np.log(inside / (1 - inside))
    return odds


def _best_cuts(count: int, odds: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the runs that cover all pieces and whose least likely digit is likeliest."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, count + 1):
        ways = [
            (best[first][0] + odds[first, end] - _SUREST, first)
            for first in range(end)
            if (first, end) in odds
        ]
        # Of ways that are as good the one with the fewest digits.
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
    places = sorted(place for piece in pieces for place in piece.places)
    return Drawing(tuple(drawing.strokes[place] for place in places))


def _pieces_in_question(drawing: Drawing) -> list[_Piece]:
    """Return the pieces that may be digits of their own; none where the drawing is one digit."""
    if not 1 < len(drawing.strokes) <= _MOST_STROKES:
        return []
    pieces = _pieces(drawing)
    return pieces if len(pieces) <= MOST_DIGITS else []


def _pieces(drawing: Drawing) -> list[_Piece]:
    """Return the pieces, from left to right, that no digit may be cut into."""
    pieces: list[_Piece] = []
    for place, stroke in enumerate(drawing.strokes):
        piece = _piece(place, stroke)
        # A stroke may join pieces that were apart until then.
        while (other := next((p for p in pieces if _share_width(p, piece)), None)) is not None:
            pieces.remove(other)
            piece = piece.joined(other)
        pieces.append(piece)
    return sorted(_without_small_ones(pieces), key=lambda piece: piece.left + piece.right)


def _piece(place: int, stroke: Stroke) -> _Piece:
    (left, top), (right, bottom) = stroke.points.min(axis=0), stroke.points.max(axis=0)
    return _Piece((place,), float(left), float(right), float(top), float(bottom))


def _share_width(one: _Piece, other: _Piece) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared >= 0 and shared >= _SHARED_WIDTH * min(one.width, other.width)


def _without_small_ones(pieces: list[_Piece]) -> list[_Piece]:
    """Give each piece that is too low for a digit to its nearest neighbour."""
    height = max(piece.height for piece in pieces)
    large = [piece for piece in pieces if piece.height >= _LOWEST_DIGIT * height]
    for piece in pieces:
        if piece.height < _LOWEST_DIGIT * height:
            nearest = min(range(len(large)), key=lambda place: _gap(large[place], piece))
            large[nearest] = large[nearest].joined(piece)
    return large


def _gap(one: _Piece, other: _Piece) -> float:
    return max(one.left, other.left) - min(one.right, other.right)
