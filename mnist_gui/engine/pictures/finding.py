"""Finds the digits in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.digit_detector import DigitDetector
from mnist_gui.engine.pictures.digit_images import digit_image
from mnist_gui.engine.pictures.layout import group_marks, hull, rows_of
from mnist_gui.engine.pictures.marks import Marks, cut_out, too_many_marks
from mnist_gui.engine.pictures.paper import lift_ink
from mnist_gui.engine.pictures.reading import FoundDigit, Picture
from mnist_gui.engine.pictures.touching import split_touching
from mnist_gui.engine.pictures.windows import spread

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]

# Ink's soft edge reaches so far beyond where it was cut out: pixels, or share of its length.
_SOFT_EDGE = 2
_SOFT_SHARE = 0.1
# Two digits that touch take about 13 looks, of some milliseconds each.
_MOST_LOOKS = 1_000


def find_digits(picture: Picture) -> tuple[FoundDigit, ...]:
    """Return the digits of a picture in reading order, at least one; raises PictureError."""
    marks = cut_out(lift_ink(picture.greys))
    look = _Look()
    parts = [
        part
        for group in group_marks(marks.boxes, marks.height)
        for part in _separate(marks, group, look)
    ]
    boxes = np.stack([part.box for part in parts])
    return tuple(
        FoundDigit(_image(marks, parts[i]), _shares(parts[i].box, marks.contrast.shape), number)
        for number, row in enumerate(rows_of(boxes))
        for i in row
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The ink (h, w) of one digit, within its box: left, top, right, bottom."""

    ink: _Flags
    box: NDArray[np.int64]


class _Look:
    """Looks at inks, but not for ever: noise and cursive could be cut again and again."""

    def __init__(self) -> None:
        self._detector = DigitDetector()
        self._left = _MOST_LOOKS

    def likenesses(self, inks: Sequence[_Flags]) -> _Floats:
        """Say how much each looks like one digit; raises PictureError after very many."""
        self._left -= len(inks)
        if self._left < 0:
            raise too_many_marks()
        images = [digit_image(ink.astype(np.float32)) for ink in inks]
        return self._detector.likenesses(np.stack(images))


def _separate(marks: Marks, group: list[int], look: _Look) -> list[_Part]:
    """Return the digits of a group of marks: one, or several that touch."""
    left, top, right, bottom = hull(marks.boxes[i] for i in group)
    ink = np.isin(marks.numbers[top:bottom, left:right], group)
    digits = split_touching(ink, look.likenesses)
    return [_part(digit, int(left), int(top)) for digit in digits]


def _part(ink: _Flags, left: int, top: int) -> _Part:
    """Return the ink in a box of its own; what it was cut from lies at `left` and `top`."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    own = ink[box[1] : box[3], box[0] : box[2]]
    return _Part(own, np.array(box) + np.array([left, top, left, top]))


def _image(marks: Marks, part: _Part) -> NDArray[np.uint8]:
    """Return the image of a digit, made of its ink with its soft edge and of nobody else's."""
    height, width = marks.contrast.shape
    reach = max(_SOFT_EDGE, round(_SOFT_SHARE * max(part.ink.shape)))
    left, top = np.maximum(part.box[:2] - reach, 0)
    right, bottom = np.minimum(part.box[2:] + reach, [width, height])
    around = (slice(top, bottom), slice(left, right))
    own = np.zeros((bottom - top, right - left), bool)
    own[part.box[1] - top : part.box[3] - top, part.box[0] - left : part.box[2] - left] = part.ink
    others = (marks.numbers[around] >= 0) & ~own
    near = spread(own, reach) & ~others
    return digit_image(np.where(near, _strength(marks, around, own), np.float32(0)))


def _strength(marks: Marks, around: tuple[slice, slice], own: _Flags) -> _Floats:
    """Return how much of plain ink's contrast there is in each pixel, 0..1, no print or noise."""
    contrast = marks.contrast[around]
    floor = marks.floor
    plain = max(float(np.percentile(contrast[own], 90)), floor + 1e-6)
    strength: _Floats = np.clip((contrast - floor) / (plain - floor), 0, 1).astype(np.float32)
    return strength


def _shares(box: NDArray[np.int64], shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (box / [shape[1], shape[0], shape[1], shape[0]]).tolist()
    return left, top, right, bottom
