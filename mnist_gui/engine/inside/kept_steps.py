"""How a run's network came to read as it does: what it makes of images at each step it kept."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.inside.filters import FirstLayer, first_layer
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.snapshot import Snapshot

MOST_IMAGES = 1_000
"""How many images are read at each step; a two-digit share of them is known to 3 points."""

MIXED_UP = 0.05
"""From a step on from which fewer of two digits are mixed up, they can be told apart."""

_BATCH = 50


@dataclass(frozen=True, slots=True, eq=False)
class StepReading:
    """What a network made of images after `step` steps.

    `confusion` (10, 10) counts them by label (row) and predicted digit; `preferred` (10, 10) those
    of a label (row) of which another digit (column) scored no less; `probabilities` (10,) are those
    of one image, None without one.
    """

    step: int
    layer: FirstLayer
    confusion: NDArray[np.int64]
    preferred: NDArray[np.int64]
    probabilities: NDArray[np.float64] | None = None

    @property
    def accuracy_per_digit(self) -> NDArray[np.float64]:
        """The share of each digit's images that are read rightly (10,); nan without images."""
        totals = self.confusion.sum(axis=1)
        shares = np.full(CLASSES, np.nan)
        np.divide(np.diagonal(self.confusion), totals, out=shares, where=totals > 0)
        return shares

    def mixed_up(self, one: int, other: int) -> float:
        """Return the share of two digits' images of which the other scored no less than their own.

        nan without images. Whatever else an image may be read as does not count.
        """
        total = int(self.confusion[[one, other]].sum())
        wrong = int(self.preferred[one, other] + self.preferred[other, one])
        return wrong / total if total else float("nan")


def told_apart(readings: Sequence[StepReading], one: int, other: int) -> int | None:
    """Return the place of the first reading from which on two digits are told apart, or None."""
    place = None
    for at in reversed(range(len(readings))):
        if not readings[at].mixed_up(one, other) < MIXED_UP:
            break
        place = at
    return place


def read_right(readings: Sequence[StepReading], digit: int) -> int | None:
    """Return the first kept step from which on the one image is read as `digit`, or None."""
    step = None
    for reading in reversed(readings):
        shares = reading.probabilities
        if shares is None or int(shares.argmax()) != digit:
            break
        step = reading.step
    return step


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run's ID, the steps it kept, in order, and what loads the network of one of them."""

    run_id: str
    steps: Sequence[int]
    load: Callable[[int], Snapshot]


class KeptSteps:
    """Reads images at each step that runs have kept, and remembers it; for one thread only."""

    def __init__(self) -> None:
        self._readings: dict[tuple[str, int], StepReading] = {}
        self._images: LabelledImages | None = None

    def read(
        self,
        run: KeptRun,
        images: LabelledImages,
        image: NDArray[np.uint8] | None,
        first: int = 0,
        *,
        is_calibrated: bool = True,
    ) -> Iterator[ViewProgress | tuple[StepReading, ...]]:
        """Read the first 1,000 images and one image (28, 28) uint8 at each step a run kept.

        It begins with the step `first`, if it is kept. Yields what is known so far, in order, after
        each step that was not known; raises what `load` does.
        """
        if images is not self._images:
            self._readings.clear()
            self._images = images
        steps, run_id = run.steps, run.run_id
        known: dict[int, StepReading] = {}
        for step in sorted(steps, key=lambda step: (step != first, step)):
            snapshot = run.load(step)
            is_new = (run_id, step) not in self._readings
            if is_new:
                progress = ViewProgress(len(known), len(steps))
                self._readings[run_id, step] = yield from _read(snapshot, images, progress)
            probabilities = None if image is None else _one(snapshot, image, is_calibrated)
            known[step] = replace(self._readings[run_id, step], probabilities=probabilities)
            yield ViewProgress(len(known), len(steps))
            if is_new or len(known) == len(steps):
                yield tuple(known[each] for each in steps if each in known)


def _read(
    snapshot: Snapshot, images: LabelledImages, progress: ViewProgress
) -> Generator[ViewProgress, None, StepReading]:
    """Read images, and yield the progress again and again meanwhile."""
    count = min(len(images), MOST_IMAGES)
    cells = np.empty(count, np.int64)
    preferred = np.zeros((CLASSES, CLASSES), np.int64)
    for start in range(0, count, _BATCH):
        batch = slice(start, min(start + _BATCH, count))
        logits = features_and_logits(snapshot, images.images[batch])[1]
        labels = images.labels[batch].astype(np.int64)
        cells[batch] = labels * CLASSES + logits.argmax(axis=1)
        own = logits[np.arange(len(labels)), labels]
        np.add.at(preferred, labels, logits >= own[:, np.newaxis])
        yield progress
    confusion = np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    return StepReading(snapshot.step, first_layer(snapshot), confusion, preferred)


def _one(snapshot: Snapshot, image: NDArray[np.uint8], is_calibrated: bool) -> NDArray[np.float64]:
    logits = features_and_logits(snapshot, image[np.newaxis])[1][0]
    return softmax(logits / np.float32(snapshot.temperature if is_calibrated else 1))
