"""The fifteen corruptions of MNIST-C, which spoil images of digits in ways that are met in life.

Written anew from the description and the strengths in N. Mu and J. Gilmer, MNIST-C: a robustness
benchmark for computer vision, 2019, so that figures are not quite theirs.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

_Image: TypeAlias = NDArray[np.float64]
_Corruption: TypeAlias = Callable[[_Image, Generator], _Image]

_SIDE = 28
_MIDDLE = (_SIDE - 1) / 2
_SEED = 20261129


def _shot_noise(image: _Image, random: Generator) -> _Image:
    return random.poisson(image * 3) / 3


def _impulse_noise(image: _Image, random: Generator) -> _Image:
    chance = random.random(image.shape)
    return np.where(chance < 0.085, 1.0, np.where(chance < 0.17, 0.0, image))


def _glass_blur(image: _Image, random: Generator) -> _Image:
    """Blur, let pixels change places with neighbours twice, and blur."""
    from scipy import ndimage

    shuffled = ndimage.gaussian_filter(image, 0.7)
    for _ in range(2):
        move = random.integers(-1, 1, (2, *image.shape)) * (random.random(image.shape) < 0.5)
        places = np.clip(np.indices(image.shape) + move, 0, _SIDE - 1)
        shuffled = shuffled[tuple(places)]
    blurred: _Image = ndimage.gaussian_filter(shuffled, 0.7)
    return blurred


def _motion_blur(image: _Image, random: Generator) -> _Image:
    """Smear to one side by ten pixels, less and less."""
    from scipy import ndimage

    angle = np.radians(random.uniform(-45, 45))
    weights = np.exp(-((np.arange(10) / 3) ** 2) / 2)
    step = np.array([np.sin(angle), np.cos(angle)])
    moved = [w * ndimage.shift(image, step * n, order=1) for n, w in enumerate(weights)]
    smeared: _Image = np.sum(moved, axis=0) / weights.sum()
    return smeared


def _affine(matrix: NDArray[np.float64], image: _Image) -> _Image:
    """Return the image whose pixels come from `matrix` times their place from the middle."""
    from scipy import ndimage

    offset = _MIDDLE - matrix @ np.array([_MIDDLE, _MIDDLE])
    moved: _Image = ndimage.affine_transform(image, matrix, offset, order=1)
    return moved


def _shear(image: _Image, random: Generator) -> _Image:
    return _affine(np.array([[1, 0], [0.4 * random.choice([-1, 1]), 1]]), image)


def _scale(image: _Image, _random: Generator) -> _Image:
    return _affine(np.eye(2) / 0.7, image)


def _rotate(image: _Image, random: Generator) -> _Image:
    angle = 0.4 * random.choice([-1, 1])
    cos, sin = np.cos(angle), np.sin(angle)
    return _affine(np.array([[cos, -sin], [sin, cos]]), image)


def _brightness(image: _Image, _random: Generator) -> _Image:
    return image + 0.5


def _translate(image: _Image, random: Generator) -> _Image:
    from scipy import ndimage

    moved: _Image = ndimage.shift(image, 3 * random.choice([-1, 1], 2), order=1)
    return moved


def _stripe(image: _Image, _random: Generator) -> _Image:
    columns = np.arange(_SIDE)
    return np.where((columns < 7) | (columns >= 21), 1 - image, image)


def _fog(image: _Image, random: Generator) -> _Image:
    """Mix with clouds whose finer parts are fainter by 1.4 from one size to the next."""
    from scipy import ndimage

    clouds = np.zeros((32, 32))
    for size in range(1, 6):
        cells = random.random((2**size, 2**size))
        clouds += ndimage.zoom(cells, 32 / 2**size, order=1, grid_mode=True, mode="nearest") / (
            1.4**size
        )
    clouds -= clouds.min()
    foggy: _Image = (image + 3 * clouds[:_SIDE, :_SIDE] / clouds.max()) / 4
    return foggy


def _spatter(image: _Image, random: Generator) -> _Image:
    from scipy import ndimage

    drops = ndimage.gaussian_filter(random.normal(0.65, 0.3, image.shape), 1) > 0.65
    covered = ndimage.gaussian_filter(drops.astype(np.float64), 1.5)
    covered[covered < 0.8] = 0
    spattered: _Image = image * (1 - covered) + covered * 63 / 255
    return spattered


def _line(start: tuple[float, float], end: tuple[float, float]) -> _Image:
    """Return a line about two pixels wide from one (row, column) to another, right of it."""
    rows, columns = np.indices((_SIDE, _SIDE))
    rise = (end[0] - start[0]) / (end[1] - start[1])
    distance = np.abs(rows - start[0] - rise * (columns - start[1]))
    line: _Image = 1 + np.log(1 - np.clip(distance, 0, 2.299) / 2.3)
    line[(columns < np.floor(start[1])) | (columns >= np.ceil(end[1]))] = 0
    return line.clip(0, 1)


def _dotted_line(image: _Image, random: Generator) -> _Image:
    first, last = random.integers(0, 27, 2)
    return image + _line((first, 0), (last, 27)) * (np.arange(_SIDE) // 2 % 2)


def _zigzag(image: _Image, random: Generator) -> _Image:
    first = random.integers(0, 27)
    rise = random.integers(-5, 5) / 23
    columns = np.arange(2, 27, 2)
    rows = first + rise * (columns - 2) + 2 * np.array([0, 1, 0, -1] * 4)[: len(columns)]
    corners = list(zip(rows.tolist(), columns.tolist(), strict=True))
    for start, end in pairwise(corners):
        image = image + _line(start, end)
    return image


def _canny_edges(image: _Image, _random: Generator) -> _Image:
    """Leave the outlines only, a pixel wide; each of them is strong somewhere.

    J. Canny, A computational approach to edge detection, 1986.
    """
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(image, 1.0, mode="constant")
    slope = np.stack([ndimage.sobel(smooth, axis) for axis in (0, 1)])
    steepness = np.hypot(*slope)
    # To the next pixel uphill, and to the one downhill.
    step = slope / np.maximum(np.abs(slope).max(axis=0), 1e-9)
    beside = [
        ndimage.map_coordinates(steepness, np.indices(image.shape) + way * step, order=1)
        for way in (1, -1)
    ]
    ridge = (steepness >= np.maximum(*beside)) & (steepness > 0.1)
    lines, count = ndimage.label(ridge, np.ones((3, 3)))
    is_strong = np.zeros(count + 1, bool)
    is_strong[lines[ridge & (steepness > 0.2)]] = True
    edges: _Image = is_strong[lines].astype(np.float64)
    return edges


CORRUPTIONS: Mapping[str, _Corruption] = MappingProxyType(
    {
        "shot noise": _shot_noise,
        "impulse noise": _impulse_noise,
        "glass blur": _glass_blur,
        "motion blur": _motion_blur,
        "shear": _shear,
        "scale": _scale,
        "rotate": _rotate,
        "brightness": _brightness,
        "translate": _translate,
        "stripe": _stripe,
        "fog": _fog,
        "spatter": _spatter,
        "dotted line": _dotted_line,
        "zigzag": _zigzag,
        "canny edges": _canny_edges,
    }
)
"""What is done to an image (28, 28) of ink 0..1; results are clipped to that afterwards."""


def corrupted_batches(
    images: NDArray[np.uint8], corruption: str, size: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield images (n, 28, 28) uint8 corrupted, so many at a time.

    The same images and the same corruption always give the same.
    """
    random = np.random.default_rng(_SEED)
    corrupt = CORRUPTIONS[corruption]
    for start in range(0, len(images), size):
        batch = images[start : start + size].astype(np.float64) / 255
        spoiled = np.stack([corrupt(image, random) for image in batch])
        yield (np.clip(spoiled, 0, 1) * 255).astype(np.uint8)
