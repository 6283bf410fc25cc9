"""Cut digits apart that touch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.ink import Mask, bounding_box, stroke_width

Scores: TypeAlias = Callable[[Sequence[Mask]], NDArray[np.float32]]
"""Returns how much each of some masks of ink (h, w) looks like one digit, 0..1."""
# A blob this many times as wide as high may be two digits.
_WIDE = 0.9
# Cuts slant by this many columns a row.
_SLANTS = (0.0, -0.15, 0.15, -0.3, 0.3, -0.45, 0.45)
# A cut crosses at most this many stroke widths of ink ...
_MAX_CROSSED = 2.2
# ... and leaves parts of at least this height and width, in heights of the whole, and with this
# share of its ink.
_MIN_PART_HEIGHT = 0.6
_MIN_PART_WIDTH = 0.15
_MIN_PART_INK = 0.15
# This many cuts, those that cross the least ink, are scored.
_MAX_CUTS = 6
# Round a hole at least this high, in heights of the whole, there may be a zero, a 6, an 8 or a 9:
# it ends a stroke's width beyond the hole, however much ink touches it there.
_MIN_HOLE = 0.3
_MAX_HOLES = 4
# How much better than the whole the parts must look, in log-odds: more for each further stroke
# that is crossed, as when a zero is cut open.
_CUT_COST = 2.0
_CROSSING_COST = 2.0
_MAX_LOG_ODDS = 4.0


@dataclass(frozen=True, slots=True)
class _Cut:
    """A cut of a slant through a column; it crosses `ink` pixels of ink and `strokes` strokes.

    The parts must look better than the whole by `cost`, in log-odds.
    """

    slant: float
    column: int
    ink: int
    strokes: int

    @property
    def cost(self) -> float:
        return _CUT_COST + _CROSSING_COST * (self.strokes - 1)


def split_touching(ink: Mask, scores: Scores) -> list[Mask]:
    """Return the digits (h, w) of a blob (h, w), from left to right; mostly the blob itself.

    It is cut where its parts look much more like digits than the whole.
    """
    cuts = _possible_cuts(ink)
    if not cuts:
        return [ink]
    parts = [part for cut in cuts for part in _halves(ink, cut)]
    whole, *odds = _log_odds(scores([ink, *parts]))
    # A part that may be two digits is cut again, and need not look like one.
    benefits = [
        max(score, 0.0) if _may_be_two(part) else score
        for part, score in zip(parts, odds, strict=True)
    ]
    gains = np.reshape(benefits, (-1, 2)).min(axis=1) - [cut.cost for cut in cuts]
    best = int(gains.argmax())
    if gains[best] < whole:
        return [ink]
    halves = parts[2 * best : 2 * best + 2]
    return [digit for half in halves for digit in split_touching(half, scores)]


def _log_odds(scores: NDArray[np.float32]) -> list[float]:
    shares = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = np.log(shares / (1 - shares))
    limited: list[float] = np.clip(odds, -_MAX_LOG_ODDS, _MAX_LOG_ODDS).tolist()
    return limited


def _may_be_two(ink: Mask) -> bool:
    height, width = _extent(ink)
    return width >= _WIDE * height


def _possible_cuts(ink: Mask) -> list[_Cut]:
    """Return the cuts that may separate two digits, those that cross the least ink first."""
    if not _may_be_two(ink):
        return []
    height, area = _extent(ink)[0], int(ink.sum())
    cuts = [cut for slant in _SLANTS for cut in _cuts_at(ink, slant, height)]
    width = stroke_width(ink)
    max_crossed = _MAX_CROSSED * width
    cuts = [cut for cut in sorted(cuts, key=lambda cut: cut.ink) if cut.ink <= max_crossed]
    cuts = [cut for cut in cuts if _leaves_digits(ink, cut, height, area)][:_MAX_CUTS]
    beside = [cut for cut in _cuts_at_holes(ink, width) if _leaves_digits(ink, cut, height, area)]
    return cuts + beside


def _leaves_digits(ink: Mask, cut: _Cut, height: int, area: int) -> bool:
    return all(_is_digit_like(part, height, area) for part in _halves(ink, cut))


def _cuts_at(ink: Mask, slant: float, height: int) -> list[_Cut]:
    """Return the cuts of a slant that cross the least ink: one in each half."""
    crossings = _Crossings(ink, slant)
    crossed = crossings.ink
    margin, middle = max(1, int(_MIN_PART_WIDTH * height)), len(crossed) // 2
    halves = (range(margin, middle), range(middle, len(crossed) - margin))
    columns = [_least_crossed(crossed, half) for half in halves if len(half)]
    return [crossings.cut(crossings.first + at) for at in columns]


class _Crossings:
    """How much `ink` each column of a slant crosses, the `first` one that crosses any at 0."""

    def __init__(self, ink: Mask, slant: float) -> None:
        rows, columns = np.nonzero(ink)
        sheared = columns + _shift(slant, ink.shape[0])[rows]
        self._slant, self.first = slant, int(sheared.min())
        upright = np.zeros((ink.shape[0] + 1, int(sheared.max()) - self.first + 1), np.int8)
        upright[rows + 1, sheared - self.first] = 1
        self.ink = upright.sum(axis=0, dtype=np.int64)
        self._strokes = (np.diff(upright, axis=0) == 1).sum(axis=0)

    def cut(self, column: int) -> _Cut:
        """Return the cut through a column, or through the nearest with ink."""
        at = min(max(column - self.first, 0), len(self.ink) - 1)
        return _Cut(self._slant, self.first + at, int(self.ink[at]), int(self._strokes[at]))


def _cuts_at_holes(ink: Mask, width: float) -> list[_Cut]:
    """Return a cut on each side of each large hole, of the slant in which the hole is narrowest.

    It is a stroke's width beyond the hole, or half-way to another large hole that is nearer.
    """
    from scipy import ndimage

    labels, _ = ndimage.label(ndimage.binary_fill_holes(ink) & ~ink)
    tall = [
        number
        for number, (rows, _) in enumerate(ndimage.find_objects(labels), start=1)
        if rows.stop - rows.start >= _MIN_HOLE * _extent(ink)[0]
    ][:_MAX_HOLES]
    cuts = []
    for number in tall:
        slant = min(_SLANTS, key=lambda each: np.ptp(_edges(labels == number, each)))
        left, right = _edges(labels == number, slant)
        others = [_edges(labels == other, slant) for other in tall if other != number]
        before = [left - other[1] for other in others if other[1] <= left]
        after = [other[0] - right for other in others if other[0] >= right]
        crossings = _Crossings(ink, slant)
        cuts.append(crossings.cut(left - round(min([width, *(gap / 2 for gap in before)]))))
        cuts.append(crossings.cut(right + round(min([width, *(gap / 2 for gap in after)]))))
    return cuts


def _edges(hole: Mask, slant: float) -> tuple[int, int]:
    """Return the first and the last column of a slant that a hole reaches."""
    rows, columns = np.nonzero(hole)
    sheared = columns + _shift(slant, hole.shape[0])[rows]
    return int(sheared.min()), int(sheared.max())


def _least_crossed(crossed: NDArray[np.int64], columns: range) -> int:
    some = crossed[columns.start : columns.stop]
    least = np.flatnonzero(some == some.min())
    # Of several columns between the digits, the middle one.
    return columns.start + int(least[len(least) // 2])


def _halves(ink: Mask, cut: _Cut) -> tuple[Mask, Mask]:
    sheared = np.arange(ink.shape[1]) + _shift(cut.slant, ink.shape[0])[:, np.newaxis]
    left = ink & (sheared <= cut.column)
    return left, ink & ~left


def _shift(slant: float, height: int) -> NDArray[np.int64]:
    shift: NDArray[np.int64] = np.rint((np.arange(height) - height / 2) * slant).astype(np.int64)
    return shift


def _is_digit_like(part: Mask, height: int, area: int) -> bool:
    if part.sum() < _MIN_PART_INK * area:
        return False
    part_height, part_width = _extent(part)
    return part_height >= _MIN_PART_HEIGHT * height and part_width >= _MIN_PART_WIDTH * height


def _extent(ink: Mask) -> tuple[int, int]:
    """Return the height and the width of the ink."""
    rows, columns = bounding_box(ink)
    return rows.stop - rows.start, columns.stop - columns.start
