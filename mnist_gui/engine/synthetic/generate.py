"""Generate synthetic digits in all styles, as drawings and images."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, preprocess_all
from mnist_gui.engine.synthetic.curves import curves
from mnist_gui.engine.synthetic.shapes import DigitStyle
from mnist_gui.engine.synthetic.styles import DIGIT_STYLES
from mnist_gui.engine.synthetic.variation import (
    hooked,
    joined,
    lengthened,
    moved_apart,
    rounded,
    sampled,
)

_Floats: TypeAlias = NDArray[np.float64]
_Integers: TypeAlias = NDArray[np.int64]

# Relative frequencies: higher for digits that people write in more ways than MNIST shows.
_DIGIT_WEIGHTS = (11, 30, 8, 10, 12, 9, 9, 13, 10, 16)
# Standard deviation of where a control point lies, in heights of a digit.
_JITTER = 0.035
_WIDTH = 0.75  # of the box in which the styles are written, to its height
_LOG_ASPECT = (-0.45, 0.35)
_BEND = 0.06  # heights, standard deviation
# In pixels, about the range of MNIST's strokes.
_PEN_WIDTHS = (1.6, 3.2)


_TOTALS = [sum(style.weight for style in DIGIT_STYLES if style.digit == d) for d in range(10)]
STYLE_SHARES: Mapping[DigitStyle, float] = MappingProxyType(
    {
        style: _DIGIT_WEIGHTS[style.digit]
        / sum(_DIGIT_WEIGHTS)
        * style.weight
        / _TOTALS[style.digit]
        for style in DIGIT_STYLES
    }
)
"""The frequency of each style; they add up to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Deformation:
    """A change of n drawings that are about 1 high and around the origin.

    `waves` (8, n) are the sizes and then half the phases of the sine waves that bend them,
    `aspect` (n,) the factors of their widths, `slant` (n,) their lean to the right by height, and
    `turn` (n,) their clockwise rotation in radians.
    """

    waves: _Floats
    aspect: _Floats
    slant: _Floats
    turn: _Floats

    def apply(self, points: _Floats, owner: NDArray[np.int64]) -> _Floats:
        """Return the points (n, 2) moved; `owner` (n,) is the index of each one's drawing."""
        x, y = points.T
        waves = self.waves[:, owner]
        sizes, phases = waves[:4], 2 * waves[4:]
        bend_x = sizes[0] * np.sin(4 * y + phases[0]) + sizes[1] * np.sin(3 * x + phases[1])
        bend_y = sizes[2] * np.sin(4 * x + phases[2]) + sizes[3] * np.sin(3 * y + phases[3])
        y = y + bend_y
        x = (x + bend_x) * self.aspect[owner] - self.slant[owner] * y
        cos, sin = np.cos(self.turn)[owner], np.sin(self.turn)[owner]
        return np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)


def draw(styles: Sequence[DigitStyle], random: Generator) -> list[Drawing]:
    """Return a random drawing of each style, about 1 high and in the canvas' middle."""

    def between(low: float, high: float) -> float:
        return low + (high - low) * float(random.random())

    slants = random.normal(*np.array([style.slant for style in styles]).T)
    turns = np.array([style.turn for style in styles])
    templates = [hooked(joined(style.strokes(between), between), between) for style in styles]
    # All in one call, as NumPy is slow for single strokes.
    strokes = [stroke for template in templates for stroke in template]
    lengths = np.array([len(stroke) for stroke in strokes])
    owner = np.repeat(np.arange(len(templates)), [len(template) for template in templates])
    controls = np.array([point for stroke in strokes for point in stroke], np.float64)
    controls = rounded(_jittered(controls, random), lengths, owner, random)
    controls = moved_apart(lengthened(controls, lengths, random), lengths, random)
    points, counts = curves(controls, lengths)
    points, counts = sampled(points, counts, owner, random)
    points = _deformed(points, np.repeat(owner, counts), slants, turns, random)
    lines = iter(np.split(points, np.cumsum(counts)[:-1]))
    return [Drawing(tuple(Stroke(next(lines)) for _ in template)) for template in templates]


def _jittered(controls: _Floats, random: Generator) -> _Floats:
    """Move each control point (n, 2) a little at random; a corner's two points stay equal."""
    is_new = np.append(True, (controls[1:] != controls[:-1]).any(axis=1))
    moves = random.normal(0, _JITTER, (np.count_nonzero(is_new), 2))
    moved: _Floats = controls + moves[np.cumsum(is_new) - 1]
    return moved


def _deformed(
    points: _Floats, owner: _Integers, slants: _Floats, turns: _Floats, random: Generator
) -> _Floats:
    """Bend, widen, slant and turn drawings at random.

    `owner` (n,) is the index of the drawing of each point (n, 2); `turns` (m, 2) are the mean and
    the standard deviation of each drawing's turn.
    """
    count = len(slants)
    waves = random.normal(size=(8, count))
    waves[:4] *= _BEND
    deformation = Deformation(
        waves=waves,
        aspect=_WIDTH * np.exp(random.uniform(*_LOG_ASPECT, count)),
        slant=slants,
        turn=random.normal(turns[:, 0], turns[:, 1]),
    )
    return deformation.apply(points - 0.5, owner) + 0.5


def generate_digit_images(count: int, seed: int) -> Iterator[LabelledImages]:
    """Yield `count` images, a few at a time; the same arguments give the same images.

    Styles come in random order, each as often as STYLE_SHARES says, to one image.
    """
    random = np.random.default_rng(seed)
    styles = _shuffled_styles(count, random)
    for first in range(0, count, MADE_AT_ONCE):
        some = styles[first : first + MADE_AT_ONCE]
        drawings, labels = draw(some, random), np.array([style.digit for style in some], np.uint8)
        widths = random.uniform(*_PEN_WIDTHS, len(some))
        yield LabelledImages(preprocess_all(drawings, widths.tolist()), labels)


def join(parts: Sequence[LabelledImages]) -> LabelledImages:
    """Concatenate sets of images, at least one."""
    images = np.concatenate([part.images for part in parts])
    return LabelledImages(images, np.concatenate([part.labels for part in parts]))


def _shuffled_styles(count: int, random: Generator) -> list[DigitStyle]:
    # Even steps along the cumulated shares meet each style as often as its share says.
    steps = (np.arange(count) + 0.5) / max(count, 1)
    borders = np.cumsum(list(STYLE_SHARES.values()))[:-1]
    styles = list(STYLE_SHARES)
    return [styles[index] for index in random.permutation(np.searchsorted(borders, steps))]


def labelled_images(drawings: Sequence[LabelledDrawing]) -> LabelledImages:
    """Return the images (n, 28, 28) and labels of the labelled drawings, at least one."""
    labelled = [each for each in drawings if each.label is not None]
    # In parts, as memory is needed for each image of a part.
    parts = [
        preprocess_all([each.drawing for each in labelled[at : at + MADE_AT_ONCE]])
        for at in range(0, len(labelled), MADE_AT_ONCE)
    ]
    labels = np.array([each.label for each in labelled], np.uint8)
    return LabelledImages(np.concatenate(parts), labels)
