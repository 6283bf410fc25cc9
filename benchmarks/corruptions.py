"""Measures how well networks read spoiled images: fourteen of the fifteen corruptions of MNIST-C.

    python -m benchmarks.corruptions MODEL ...

The images are MNIST's validation images; the corruptions are written anew from the description and
the strengths in N. Mu and J. Gilmer, MNIST-C: a robustness benchmark for computer vision, 2019, so
that figures are not quite theirs. The fifteenth, Canny's edges, is left out.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot

_Image: TypeAlias = NDArray[np.float64]
_Corruption: TypeAlias = Callable[[_Image, Generator], _Image]

_SIDE = 28
_MIDDLE = (_SIDE - 1) / 2
_SEED = 20261129


def _clean(image: _Image, _random: Generator) -> _Image:
    return image


def _shot_noise(image: _Image, random: Generator) -> _Image:
    return random.poisson(image * 3) / 3


def _impulse_noise(image: _Image, random: Generator) -> _Image:
    chance = random.random(image.shape)
    return np.where(chance < 0.085, 1.0, np.where(chance < 0.17, 0.0, image))


def _glass_blur(image: _Image, random: Generator) -> _Image:
    """Blur, let pixels change places with neighbours twice, and blur."""
    shuffled = ndimage.gaussian_filter(image, 0.7)
    for _ in range(2):
        move = random.integers(-1, 1, (2, *image.shape)) * (random.random(image.shape) < 0.5)
        places = np.clip(np.indices(image.shape) + move, 0, _SIDE - 1)
        shuffled = shuffled[tuple(places)]
    blurred: _Image = ndimage.gaussian_filter(shuffled, 0.7)
    return blurred


def _motion_blur(image: _Image, random: Generator) -> _Image:
    """Smear to one side by ten pixels, less and less."""
    angle = np.radians(random.uniform(-45, 45))
    weights = np.exp(-((np.arange(10) / 3) ** 2) / 2)
    step = np.array([np.sin(angle), np.cos(angle)])
    moved = [w * ndimage.shift(image, step * n, order=1) for n, w in enumerate(weights)]
    smeared: _Image = np.sum(moved, axis=0) / weights.sum()
    return smeared


def _affine(matrix: NDArray[np.float64], image: _Image) -> _Image:
    """Return the image whose pixels come from `matrix` times their place from the middle."""
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
    moved: _Image = ndimage.shift(image, 3 * random.choice([-1, 1], 2), order=1)
    return moved


def _stripe(image: _Image, _random: Generator) -> _Image:
    columns = np.arange(_SIDE)
    return np.where((columns < 7) | (columns >= 21), 1 - image, image)


def _fog(image: _Image, random: Generator) -> _Image:
    """Mix with clouds whose finer parts are fainter by 1.4 from one size to the next."""
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


CORRUPTIONS: Mapping[str, _Corruption] = MappingProxyType(
    {
        "none": _clean,
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
    }
)
"""What is done to an image (28, 28) of ink 0..1; results are clipped to that afterwards."""


def corrupted(images: NDArray[np.uint8], corruption: _Corruption) -> NDArray[np.uint8]:
    """Return the images (n, 28, 28) corrupted; the same images and corruption give the same."""
    random = np.random.default_rng(_SEED)
    some = [corruption(image, random) for image in images.astype(np.float64) / 255]
    return (np.clip(np.stack(some), 0, 1) * 255).astype(np.uint8)


def main() -> int:
    """Print the share of spoiled images that each network reads right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    models = parser.parse_args().models
    images, classifier = load_dataset().validation, Classifier()
    snapshots = [load_snapshot(path) for path in models]
    print("|", *(f"| {path.stem}" for path in models), "|")
    print("|---" * (len(models) + 1), end="|\n")
    means = np.zeros(len(models))
    for name, corruption in CORRUPTIONS.items():
        spoiled = corrupted(images.images, corruption)
        right = [
            float((classifier.probabilities(each, spoiled).argmax(axis=1) == images.labels).mean())
            for each in snapshots
        ]
        if name != "none":
            means += np.array(right) / (len(CORRUPTIONS) - 1)
        print(f"| {name}", *(f"| {share:.1%}" for share in right), "|", flush=True)
    print("| mean", *(f"| {share:.1%}" for share in means), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main())
