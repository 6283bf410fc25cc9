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

    `confusion` (10, 10) counts them by label (row) and predicted digit; `probabilities` (10,) are
    those of one image, None without one.
    """

    step: int
    layer: FirstLayer
    confusion: NDArray[np.int64]
    probabilities: NDArray[np.float64] | None = None

    @property
    def accuracy_per_digit(self) -> NDArray[np.float64]:
        """The share of each digit's images that are read rightly (10,); nan without images."""
        totals = self.confusion.sum(axis=1)
        shares = np.full(CLASSES, np.nan)
        np.divide(np.diagonal(self.confusion), totals, out=shares, where=totals > 0)
        return shares

    def mixed_up(self, one: int, other: int) -> float:
        """Return the share of two digits' images that are read as the other; nan without images."""
        total = int(self.confusion[[one, other]].sum())
        wrong = int(self.confusion[one, other] + self.confusion[other, one])
        return wrong / total if total else float("nan")


def told_apart(readings: Sequence[StepReading], one: int, other: int) -> int | None:
    """Return the first kept step from which on two digits are told apart; None if there is none."""
    step = None
    for reading in reversed(readings):
        if not reading.mixed_up(one, other) < MIXED_UP:
            break
        step = reading.step
    return step


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
        *,
        is_calibrated: bool = True,
    ) -> Iterator[ViewProgress | tuple[StepReading, ...]]:
        """Read the first 1,000 images and one image (28, 28) uint8 at each step a run kept.

        Yields what is known so far after each step that was not known; raises what `load` does.
        """
        if images is not self._images:
            self._readings.clear()
            self._images = images
        steps, run_id = run.steps, run.run_id
        known: list[StepReading] = []
        for step in steps:
            snapshot = run.load(step)
            is_new = (run_id, step) not in self._readings
            if is_new:
                progress = ViewProgress(len(known), len(steps))
                self._readings[run_id, step] = yield from _read(snapshot, images, progress)
            probabilities = None if image is None else _one(snapshot, image, is_calibrated)
            known.append(replace(self._readings[run_id, step], probabilities=probabilities))
            yield ViewProgress(len(known), len(steps))
            if is_new or step == steps[-1]:
                yield tuple(known)


def _read(
    snapshot: Snapshot, images: LabelledImages, progress: ViewProgress
) -> Generator[ViewProgress, None, StepReading]:
    """Read images, and yield the progress again and again meanwhile."""
    count = min(len(images), MOST_IMAGES)
    cells = np.empty(count, np.int64)
    for start in range(0, count, _BATCH):
        batch = slice(start, min(start + _BATCH, count))
        logits = features_and_logits(snapshot, images.images[batch])[1]
        cells[batch] = images.labels[batch].astype(np.int64) * CLASSES + logits.argmax(axis=1)
        yield progress
    confusion = np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    return StepReading(snapshot.step, first_layer(snapshot), confusion)


def _one(snapshot: Snapshot, image: NDArray[np.uint8], is_calibrated: bool) -> NDArray[np.float64]:
    logits = features_and_logits(snapshot, image[np.newaxis])[1][0]
    return softmax(logits / np.float32(snapshot.temperature if is_calibrated else 1))
