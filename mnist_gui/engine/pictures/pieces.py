"""Tells ink by its strength from noise and from printed lines, and finds its connected pieces."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.pictures.components import Components, find_components
from mnist_gui.engine.pictures.two_kinds import split_in_two

_Floats: TypeAlias = NDArray[np.float32]

# Ink is at least this much darker than its paper, of 1, and this many times its noise.
_FAINTEST = 0.06
_ABOVE_NOISE = 5.0
_NOISE = 3.0
# Pieces reach out to where ink is this share as strong as the strongest; digits have some that
# is as strong as the core.
_EDGE = 0.35
_CORE = 0.55
# What lines join is so many times as long as wide, or reaches across so much of the picture.
# They are at most this share as strong as the pen, and without them the largest piece is at most
# this share as large.
_LONG = 3.0
_ACROSS = 0.75
_PALER = 0.72
_SMALLER = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of what may be ink.

    Up to the contrast `floor` all is paper, noise or print; plain ink reaches `core` somewhere.
    """

    components: Components
    floor: float
    core: float


def find_pieces(contrast: _Floats, noise: float) -> Pieces | None:
    """Return what stands out from paper in contrasts (h, w), or None if nothing does."""
    candidates = contrast[contrast > max(_FAINTEST, _ABOVE_NOISE * noise)]
    if not len(candidates):
        return None
    strength = float(np.percentile(candidates, 90))
    components = find_components(contrast > max(_EDGE * strength, _NOISE * noise))
    pieces = Pieces(components, _NOISE * noise, _CORE * strength)
    return _without_print(pieces, contrast) or pieces


def _without_print(pieces: Pieces, contrast: _Floats) -> Pieces | None:
    """Return the pieces of what is stronger than lines that join them, or None if none do."""
    areas = _box_areas(pieces.components)
    left, top, right, bottom = pieces.components.boxes[areas.argmax()].tolist()
    if max(right - left, bottom - top) < _LONG * min(right - left, bottom - top) and (
        right - left < _ACROSS * contrast.shape[1] and bottom - top < _ACROSS * contrast.shape[0]
    ):
        return None
    kinds = split_in_two(contrast[pieces.components.numbers >= 0])
    finer = find_components(contrast > kinds.between)
    if kinds.low > _PALER * kinds.high or not len(finer):
        return None
    if _box_areas(finer).max() > _SMALLER * areas.max():
        return None
    return Pieces(finer, kinds.low, (kinds.between + kinds.high) / 2)


def _box_areas(components: Components) -> NDArray[np.int64]:
    left, top, right, bottom = components.boxes.T
    areas: NDArray[np.int64] = (right - left) * (bottom - top)
    return areas
