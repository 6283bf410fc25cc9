"""Cuts a mark in two where two digits touch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.stroke_width import stroke_width

_Flags: TypeAlias = NDArray[np.bool_]

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
