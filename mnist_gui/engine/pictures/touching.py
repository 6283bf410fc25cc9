"""Cuts a mark in two where two digits touch."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.stroke_width import stroke_width

_Flags: TypeAlias = NDArray[np.bool_]

# A mark this many times as wide as high may be two digits.
_WIDE = 1.15
# Cuts lean by up to so many columns a row.
_SLANTS = (0.0, -0.15, 0.15, -0.3, 0.3, -0.45, 0.45)
# A cut goes through no more than this many widths of a stroke ...
_CROSSED = 1.7
# ... and leaves parts at least this high and this wide, of the mark's height, and with this share
# of its ink.
_HEIGHT = 0.65
_WIDTH = 0.22
_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class _Cut:
    slant: float
    column: int
    ink: int


def split_touching(ink: _Flags) -> list[_Flags]:
    """Return the digits (h, w) of a mark (h, w), from left to right; mostly the mark itself."""
    height, width = _extent(ink)
    if width < _WIDE * height:
        return [ink]
    cut = _best_cut(ink, height)
    if cut is None or cut.ink > _CROSSED * stroke_width(ink):
        return [ink]
    left = ink & _left_of(cut, ink.shape)
    right = ink & ~left
    if not all(_is_digit_like(part, height, int(ink.sum())) for part in (left, right)):
        return [ink]
    return [*split_touching(left), *split_touching(right)]


def _best_cut(ink: _Flags, height: int) -> _Cut | None:
    """Return the straight cut through the least ink, of several slants."""
    cuts = [cut for slant in _SLANTS if (cut := _cut_at(ink, slant, height))]
    # Of equals, the first: the more upright one.
    return min(cuts, key=lambda cut: cut.ink, default=None)


def _cut_at(ink: _Flags, slant: float, height: int) -> _Cut | None:
    """Return the cut of this slant that crosses one stroke where it is narrowest, if there is."""
    rows, columns = np.nonzero(ink)
    sheared = columns + _shift(slant, ink.shape[0])[rows]
    first = int(sheared.min())
    upright = np.zeros((ink.shape[0] + 1, int(sheared.max()) - first + 1), bool)
    upright[rows + 1, sheared - first] = True
    # What crosses two strokes cuts a ring open.
    strokes = (np.diff(upright.astype(np.int8), axis=0) == 1).sum(axis=0)
    crossed = np.where(strokes <= 1, upright.sum(axis=0), ink.shape[0] + 1)
    margin = max(1, int(_WIDTH * height))
    inner = crossed[margin:-margin]
    if not len(inner) or inner.min() > ink.shape[0]:
        return None
    least = np.flatnonzero(inner == inner.min())
    # Of many columns between the digits, the middle one.
    middle = int(least[len(least) // 2])
    return _Cut(slant, first + margin + middle, int(inner[middle]))


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
