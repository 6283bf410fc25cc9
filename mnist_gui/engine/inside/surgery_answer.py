"""What a network makes of the digit and of test images, before it was operated on and after."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.forward import Numbers, features_and_logits, layer_outputs, softmax
from mnist_gui.engine.inside.layers import ACTIVATIONS, POOLINGS, LayerKind, network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReading, read_set
from mnist_gui.engine.snapshot import Snapshot

SAMPLE = 1_000
"""So many test images answer first."""

_PASSING = (*POOLINGS, *ACTIVATIONS, LayerKind.NORMALIZATION)
Reading = Generator[ViewProgress, None, SetReading]


@dataclass(frozen=True, slots=True, eq=False)
class DigitAnswer:
    """The probabilities (10,) of the digit on the pad before and after, and what each map or unit
    of a layer passes on after (n, rows, columns).
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    parts: Numbers


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """How many of so many images are read right before and after."""

    images: int
    before: int
    after: int


def read_digit(
    before: Snapshot, after: Snapshot, layer: str, image: NDArray[np.uint8]
) -> DigitAnswer:
    """Read an image (28, 28) uint8 with both networks; `layer` is named by its weights."""
    images = image[np.newaxis]
    outputs = layer_outputs(after, images)
    layers = network_layers(after.recipe.network)
    place = next(place for place, each in enumerate(layers) if each.weights == layer)
    while layers[place + 1 : place + 2] and layers[place + 1].kind in _PASSING:
        place += 1
    passed = outputs[place][0]
    maps = passed.reshape(-1, 1, 1) if passed.ndim == 1 else np.moveaxis(passed, -1, 0)
    _, logits = features_and_logits(before, images)
    return DigitAnswer(
        softmax(logits[0] / np.float32(before.temperature)),
        softmax(outputs[-1][0] / np.float32(after.temperature)),
        np.nan_to_num(maps, posinf=0, neginf=0),
    )


def sample_of(test: LabelledImages) -> tuple[LabelledImages, ...]:
    """Return a fixed sample of test images and all of them, or these alone if they are few."""
    if len(test) <= SAMPLE:
        return (test,)
    places = np.sort(np.random.default_rng(0).choice(len(test), SAMPLE, replace=False))
    return LabelledImages(test.images[places], test.labels[places]), test


def read_sets(
    before: Snapshot,
    after: Snapshot,
    sets: Sequence[LabelledImages],
    read: Callable[[Snapshot, NDArray[np.uint8]], Reading],
) -> Iterator[ViewProgress | SetAnswer]:
    """Read sets one after the other with both networks; `read` is that of a `SetReader`.

    It remembers what the first network reads; the other one is soon changed again.
    """
    total, done = 2 * sum(map(len, sets)), 0
    for images in sets:
        one = yield from _counted(read(before, images.images), done, total)
        done += len(images)
        other = one
        if after is not before:
            other = yield from _counted(read_set(after, images.images), done, total)
        done += len(images)
        yield SetAnswer(len(images), _right(one, images), _right(other, images))


def _counted(reading: Reading, before: int, total: int) -> Reading:
    """Yield a reading's progress as a part of more, and return the reading."""
    while True:
        try:
            event = next(reading)
        except StopIteration as end:
            result: SetReading = end.value
            return result
        yield ViewProgress(before + event.done, total)


def _right(reading: SetReading, images: LabelledImages) -> int:
    return int(np.count_nonzero(reading.logits.argmax(axis=1) == images.labels))


def surgery_csv(digit: DigitAnswer | None, sets: Sequence[SetAnswer]) -> bytes:
    """Return the probabilities of the digits, and how many images of each set are read right."""
    rows: list[tuple[object, ...]] = []
    if digit is not None:
        pairs = zip(digit.before.tolist(), digit.after.tolist(), strict=True)
        rows = [(f"digit {number}", *pair) for number, pair in enumerate(pairs)]
    rows += [(f"right of {each.images}", each.before, each.after) for each in sets]
    return table_csv(("what", "before", "after"), rows)
