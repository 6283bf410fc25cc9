"""The order of a data set's images: mixed by a seed where labels follow each other, and split."""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.data.parts import Part

SEED = 0
TEST_SHARE = 7
"""One of so many images is a test image where a set has none, as in MNIST."""
# Pixels that are moved at once: what is twice in memory meanwhile.
_COLUMNS = 56


def is_sorted(codes: NDArray[np.uint16]) -> bool:
    """Tell whether images of the same label stand together, in whichever order.

    In mixed images the label changes from one to the next about n (1 - sum of the squared shares
    of the labels) times; a quarter of that is far fewer than chance makes it.
    """
    counts = np.bincount(codes)
    classes = np.count_nonzero(counts)
    if not 1 < classes < len(codes):
        return False
    changes = int(np.count_nonzero(codes[1:] != codes[:-1]))
    expected = len(codes) * (1 - float(((counts / len(codes)) ** 2).sum()))
    return changes == classes - 1 or changes < expected / 4


def mix(part: Part) -> None:
    """Put images into a random order by the seed, in place; each label is spread evenly.

    So the first images, however many, have about the same share of each label as all have.
    """
    order = _even_order(part.codes)
    part.codes, part.sha256 = part.codes[order], None
    pixels = part.images.reshape(len(order), -1)
    for start in range(0, pixels.shape[1], _COLUMNS):
        columns = pixels[:, start : start + _COLUMNS]
        columns[:] = columns[order]


def cut_test(part: Part) -> tuple[Part, Part]:
    """Return mixed images without the last, and these as test images."""
    size = max(1, len(part) // TEST_SHARE)
    first, last = (
        Part(part.path, part.images[cut], part.codes[cut])
        for cut in (slice(None, -size), slice(-size, None))
    )
    return first, last


def _even_order(codes: NDArray[np.uint16]) -> NDArray[np.int64]:
    random = np.random.default_rng(SEED)
    mixed = random.permutation(len(codes))
    by_label = mixed[np.argsort(codes[mixed], kind="stable")]
    counts = np.bincount(codes)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    within = np.arange(len(codes)) - before + random.random(len(codes))
    order: NDArray[np.int64] = by_label[np.argsort(within / np.repeat(counts, counts))]
    return order
