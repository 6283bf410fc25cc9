"""Finds a light sheet that lies on something darker, so that digits are looked for on it only."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_gui.engine.pictures.components import find_components
from mnist_gui.engine.pictures.two_kinds import split_in_two

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]

_COARSE_SIDE = 200
# A sheet fills so much of the picture and of the box round it, and reaches so many of the
# picture's four borders at most: what is lit beside a shadow reaches more.
_LEAST_SHARE = 0.15
_FILLED = 0.75
_MOST_BORDERS = 1
# So much of what is round it is light at most: within a nought there is paper, and round it too.
_LIGHT_ROUND_IT = 0.25
# What it lies on is at most this share as light.
_DARKER = 0.7
# So much of a sheet's side is left out at its edge, which is never quite straight.
_EDGE = 0.03


def find_sheet(greys: _Floats) -> _Flags | None:
    """Return which pixels (h, w) are well within the sheet, or None if all the picture is one."""
    factor = -(-max(greys.shape) // _COARSE_SIDE)
    coarse = np.asarray(Image.fromarray(greys).reduce(factor), np.float32)
    kinds = split_in_two(coarse)
    if kinds.low >= _DARKER * kinds.high:
        return None
    light = coarse > kinds.between
    pieces = find_components(light)
    largest = int(pieces.areas.argmax())
    sheet = _filled(pieces.numbers == largest)
    if not _is_sheet(sheet, light, pieces.boxes[largest], int(pieces.areas[largest])):
        return None
    within = _shrunk(sheet, max(2, round(_EDGE * max(sheet.shape))))
    size = (greys.shape[1], greys.shape[0])
    whole = np.asarray(Image.fromarray(within).resize(size, Image.Resampling.NEAREST), bool)
    return whole if whole.any() else None


def _is_sheet(sheet: _Flags, light: _Flags, box: NDArray[np.int64], area: int) -> bool:
    left, top, right, bottom = box.tolist()
    borders = (left == 0, top == 0, right == light.shape[1], bottom == light.shape[0])
    return (
        sum(borders) <= _MOST_BORDERS
        and bool(sheet.mean() >= _LEAST_SHARE)
        and area >= _FILLED * (right - left) * (bottom - top)
        and bool(light[~sheet].mean() <= _LIGHT_ROUND_IT)
    )


def _filled(sheet: _Flags) -> _Flags:
    """Return all that lies between the first and the last pixels of a row and of a column."""
    across = np.maximum.accumulate(sheet, axis=1) & _backwards(sheet, 1)
    down = np.maximum.accumulate(sheet, axis=0) & _backwards(sheet, 0)
    filled: _Flags = across & down
    return filled


def _backwards(sheet: _Flags, axis: int) -> _Flags:
    backwards: _Flags = np.flip(np.maximum.accumulate(np.flip(sheet, axis), axis=axis), axis)
    return backwards


def _shrunk(sheet: _Flags, by: int) -> _Flags:
    """Take so many pixels off the sheet's edges."""
    for _ in range(2):
        padded = np.pad(sheet, ((by, by), (0, 0)))
        sheet = (sheet & padded[: -2 * by] & padded[2 * by :]).T
    return sheet
