"""Images of digits in our own pen styles, made as those of the user's drawings are."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.pen_drawings import draw
from mnist_gui.engine.pen_styles import STYLE_SHARES
from mnist_gui.engine.pen_styles.vocabulary import PenStyle
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, images_of

# MNIST's strokes are about as thin and as thick, in pixels.
_PEN_WIDTHS = (1.6, 3.2)


def draw_pen_digits(count: int, seed: int) -> Iterator[LabelledImages]:
    """Yield `count` images in all, a few at a time; the same arguments give the same images.

    Digits and styles come in random order, each as often as STYLE_SHARES says, to one image.
    """
    random = np.random.default_rng(seed)
    styles = _shuffled_styles(count, random)
    for first in range(0, count, MADE_AT_ONCE):
        yield _images(styles[first : first + MADE_AT_ONCE], random)


def join(parts: Sequence[LabelledImages]) -> LabelledImages:
    """Return at least one set of images as one."""
    images = np.concatenate([part.images for part in parts])
    return LabelledImages(images, np.concatenate([part.labels for part in parts]))


def _shuffled_styles(count: int, random: Generator) -> list[PenStyle]:
    # Even steps along the styles' shares, laid end to end, meet each as often as is its due.
    steps = (np.arange(count) + 0.5) / max(count, 1)
    borders = np.cumsum(list(STYLE_SHARES.values()))[:-1]
    styles = list(STYLE_SHARES)
    return [styles[index] for index in random.permutation(np.searchsorted(borders, steps))]


def _images(styles: Sequence[PenStyle], random: Generator) -> LabelledImages:
    drawings = draw(styles, random)
    widths = random.uniform(*_PEN_WIDTHS, len(drawings))
    labels = np.array([style.digit for style in styles], np.uint8)
    return LabelledImages(images_of(drawings, widths.tolist()), labels)
