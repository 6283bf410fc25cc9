"""Images changed more and more: turned, shifted, blurred and so on, by a strength with a unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import IMAGE_SIDE

_Ink: TypeAlias = NDArray[np.float32]
_Pair: TypeAlias = tuple[float, float]

_MIDDLE = (IMAGE_SIDE - 1) / 2
# What hides a part of a digit lies in the box of 20 pixels that MNIST's digits fill.
_BOX_START, _BOX_SIDE = 4, 20
_SEED = 20261129


class Distortion(Enum):
    """What is done to an image, and the unit of its strength."""

    ROTATION = "rotation"
    """In degrees, clockwise."""
    SHIFT = "shift"
    """In pixels, to the right."""
    SCALE = "scale"
    """In percent of the size."""
    SHEAR = "shear"
    """In degrees by which upright lines lean to the right."""
    THICKNESS = "thickness"
    """In pixels by which lines become wider."""
    BLUR = "blur"
    """In pixels: the standard deviation of a normal distribution."""
    NOISE = "noise"
    """In percent of full ink: the standard deviation of normal noise."""
    OCCLUSION = "occlusion"
    """In pixels: the side of a square without ink, somewhere on the digit."""
    CONTRAST = "contrast"
    """In percent of the distance from the middle grey; below 0 the image is inverted."""


STRENGTHS: Mapping[Distortion, tuple[float, ...]] = MappingProxyType(
    {
        Distortion.ROTATION: tuple(range(-90, 91, 15)),
        Distortion.SHIFT: tuple(range(-6, 7)),
        Distortion.SCALE: tuple(range(40, 161, 10)),
        Distortion.SHEAR: tuple(range(-48, 49, 8)),
        Distortion.THICKNESS: tuple(step / 2 for step in range(-4, 9)),
        Distortion.BLUR: (0.0, *(step / 4 for step in range(2, 13))),
        Distortion.NOISE: tuple(range(0, 121, 10)),
        Distortion.OCCLUSION: tuple(range(13)),
        # Without any contrast there is nothing to read.
        Distortion.CONTRAST: (*range(-100, 0, 20), *range(20, 101, 20)),
    }
)
"""The strengths that are tried, in order."""

UNCHANGED: Mapping[Distortion, float] = MappingProxyType(
    dict.fromkeys(Distortion, 0.0) | {Distortion.SCALE: 100.0, Distortion.CONTRAST: 100.0}
)
"""The strength that changes nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """What is left to chance for n images: normal noise (n, 28, 28), and places (n, 2) 0..1.

    It is the same at each strength, which so is all that differs.
    """

    noise: NDArray[np.float32]
    places: NDArray[np.float64]

    def __getitem__(self, some: slice) -> "Chance":
        """Return that of some of the images."""
        return Chance(self.noise[some], self.places[some])


def draw_chance(count: int) -> Chance:
    """Return what is left to chance for so many images; always the same."""
    random = np.random.default_rng(_SEED)
    places = random.random((count, 2))
    return Chance(random.standard_normal((count, IMAGE_SIDE, IMAGE_SIDE), np.float32), places)


def distort(
    images: NDArray[np.uint8], distortion: Distortion, strength: float, chance: Chance
) -> NDArray[np.uint8]:
    """Return images (n, 28, 28) uint8 distorted; what comes from outside of an image is 0."""
    if strength == UNCHANGED[distortion]:
        return images
    ink = images * np.float32(1 / 255)
    changed = _FUNCTIONS[distortion](ink, strength, chance)
    grey: NDArray[np.uint8] = np.rint(changed.clip(0, 1) * 255).astype(np.uint8)
    return grey


# --- moved pixels -------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _shares(across: _Pair, down: _Pair, shift: float, spread: float) -> _Ink:
    """Return how much of each old pixel each new one has (784, 784); see `_moved`."""
    y, x = np.indices((IMAGE_SIDE, IMAGE_SIDE)).reshape(2, -1) - _MIDDLE
    x -= shift
    old = np.arange(IMAGE_SIDE)[:, np.newaxis]
    x_shares, y_shares = (
        (1 - np.abs(first * x + second * y + _MIDDLE - old) / spread).clip(min=0) / spread
        for first, second in (across, down)
    )
    both = y_shares.astype(np.float32)[:, np.newaxis] * x_shares.astype(np.float32)
    shares: _Ink = both.reshape(IMAGE_SIDE**2, -1)
    return shares


def _moved(ink: _Ink, across: _Pair, down: _Pair, shift: float = 0.0, spread: float = 1.0) -> _Ink:
    """Return images whose pixels come from elsewhere, in x and y from the middle.

    From the place (x, y), less a shift to the right, a new pixel looks at `across` times that in x
    and `down` times that in y, and mixes the old pixels nearer than `spread` in both. All images
    are moved alike, by one product of matrices.
    """
    shares = _shares(across, down, shift, spread)
    moved: _Ink = (ink.reshape(len(ink), -1) @ shares).reshape(ink.shape)
    return moved


def _rotated(ink: _Ink, degrees: float, _chance: Chance) -> _Ink:
    angle = np.radians(degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    # y points down: from a new place, the old one lies against the clock.
    return _moved(ink, (cos, sin), (-sin, cos))


def _shifted(ink: _Ink, pixels: float, _chance: Chance) -> _Ink:
    return _moved(ink, (1.0, 0.0), (0.0, 1.0), pixels)


def _scaled(ink: _Ink, percent: float, _chance: Chance) -> _Ink:
    ratio = 100 / percent
    # Of a smaller image, each pixel has the ink of several old ones.
    return _moved(ink, (ratio, 0.0), (0.0, ratio), spread=max(1.0, ratio))


def _sheared(ink: _Ink, degrees: float, _chance: Chance) -> _Ink:
    return _moved(ink, (1.0, float(np.tan(np.radians(degrees)))), (0.0, 1.0))


# --- other ink ----------------------------------------------------------------------------------


def _thickened(ink: _Ink, pixels: float, _chance: Chance) -> _Ink:
    """Let the ink grow on both sides by half, or what is no ink."""
    return _grown(ink, pixels / 2) if pixels > 0 else 1 - _grown(1 - ink, -pixels / 2)


def _grown(ink: _Ink, radius: float) -> _Ink:
    """Return the most ink that there is within a radius; at its edge it counts in part."""
    reach = int(np.ceil(radius))
    padded = np.pad(ink, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    grown = ink.copy()
    for down, across in np.ndindex(2 * reach + 1, 2 * reach + 1):
        share = np.float32(radius + 1 - np.hypot(down - reach, across - reach))
        if share > 0:
            seen = padded[:, down : down + IMAGE_SIDE, across : across + IMAGE_SIDE]
            np.maximum(grown, seen * min(share, np.float32(1)), out=grown)
    return grown


def _blurred(ink: _Ink, deviation: float, _chance: Chance) -> _Ink:
    place = np.arange(IMAGE_SIDE)
    distance = place - place[:, np.newaxis]
    kernel = np.exp(-0.5 * np.square(np.arange(-IMAGE_SIDE, IMAGE_SIDE + 1) / deviation)).sum()
    shares = (np.exp(-0.5 * np.square(distance / deviation)) / kernel).astype(np.float32)
    blurred: _Ink = shares @ ink @ shares
    return blurred


def _noisy(ink: _Ink, percent: float, chance: Chance) -> _Ink:
    return ink + np.float32(percent / 100) * chance.noise


def _occluded(ink: _Ink, pixels: float, chance: Chance) -> _Ink:
    side = round(pixels)
    starts = _BOX_START + np.floor(chance.places * (_BOX_SIDE - side + 1))
    place = np.arange(IMAGE_SIDE)
    hidden = (place >= starts[..., np.newaxis]) & (place < starts[..., np.newaxis] + side)
    covered: _Ink = np.where(hidden[:, 0, :, np.newaxis] & hidden[:, 1, np.newaxis], 0, ink)
    return covered


def _contrasted(ink: _Ink, percent: float, _chance: Chance) -> _Ink:
    middle = np.float32(0.5)
    return (ink - middle) * np.float32(percent / 100) + middle


_FUNCTIONS: Mapping[Distortion, Callable[[_Ink, float, Chance], _Ink]] = MappingProxyType(
    {
        Distortion.ROTATION: _rotated,
        Distortion.SHIFT: _shifted,
        Distortion.SCALE: _scaled,
        Distortion.SHEAR: _sheared,
        Distortion.THICKNESS: _thickened,
        Distortion.BLUR: _blurred,
        Distortion.NOISE: _noisy,
        Distortion.OCCLUSION: _occluded,
        Distortion.CONTRAST: _contrasted,
    }
)
