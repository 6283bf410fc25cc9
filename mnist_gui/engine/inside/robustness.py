"""How many test images networks still read when these are changed more and more, or spoiled."""

from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.corruptions import CORRUPTIONS, corrupted_batches
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.distortions import (
    STRENGTHS,
    UNCHANGED,
    Distortion,
    distort,
    draw_chance,
)
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.snapshot import Snapshot

SAMPLE = 1_000
"""Of more test images, so many are read, evenly spread over all."""
NOT_READ = -1
# Takes 20 to 40 ms with the largest network, so that a view is soon cancelled.
_BATCH = 50
_MOST_REMEMBERED = 8
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to change images: a distortion by a strength, or a corruption of MNIST-C.

    Without either, images stay as they are.
    """

    distortion: Distortion | None = None
    strength: float = 0.0
    corruption: str = ""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        if self.distortion is None:
            return bool(self.corruption)
        return self.strength != UNCHANGED[self.distortion]

    def batches(self, images: NDArray[np.uint8], size: int) -> Iterator[NDArray[np.uint8]]:
        """Yield images (n, 28, 28) uint8 changed, so many at a time."""
        if self.corruption:
            yield from corrupted_batches(images, self.corruption, size)
            return
        chance = draw_chance(len(images))
        for start in range(0, len(images), size):
            some = slice(start, start + size)
            if self.distortion is None:
                yield images[some]
            else:
                yield distort(images[some], self.distortion, self.strength, chance[some])


def trials(distortion: Distortion | None) -> tuple[Trial, ...]:
    """Return the trials of a distortion, by strength; for None those of MNIST-C."""
    if distortion is None:
        return (Trial(), *(Trial(corruption=name) for name in CORRUPTIONS))
    return tuple(Trial(distortion, strength) for strength in STRENGTHS[distortion])


def spread_sample(images: LabelledImages) -> LabelledImages:
    """Return at most SAMPLE of the images, evenly spread."""
    count = min(SAMPLE, len(images))
    places = np.arange(count) * len(images) // max(count, 1)
    return LabelledImages(images.images[places], images.labels[places])


@dataclass(frozen=True, eq=False)
class Robustness:
    """What networks read in each trial.

    Of `total` images they read `correct` (networks, trials) right, NOT_READ where that is still
    to be computed. `digits` (trials, 28, 28) is one digit in each trial, `probabilities`
    (networks, trials, 10) how it is read.
    """

    trials: tuple[Trial, ...]
    total: int
    correct: NDArray[np.int64]
    digits: NDArray[np.uint8]
    probabilities: NDArray[np.float64]

    @property
    def is_whole(self) -> bool:
        """Whether all is computed."""
        return bool((self.correct != NOT_READ).all())

    @property
    def unchanged(self) -> int:
        """The place of the trial that changes nothing."""
        return next(place for place, trial in enumerate(self.trials) if not trial.changes)

    @cached_property
    def intervals(self) -> NDArray[np.float64]:
        """The 95 % intervals of the accuracies (networks, trials, 2); nan where not computed."""
        ends = [
            wilson_interval(each, self.total) if each != NOT_READ else (np.nan, np.nan)
            for each in self.correct.ravel().tolist()
        ]
        return np.array(ends).reshape(*self.correct.shape, 2)

    @cached_property
    def accuracies(self) -> NDArray[np.float64]:
        """The shares of images read right (networks, trials); nan where not computed."""
        return np.where(self.correct == NOT_READ, np.nan, self.correct / max(self.total, 1))

    @cached_property
    def read(self) -> NDArray[np.int64]:
        """As what the digit is read (networks, trials)."""
        read: NDArray[np.int64] = self.probabilities.argmax(axis=2)
        return read

    def breaking_point(self, network: int) -> int | None:
        """Return the place of the least change with which a network reads under half right.

        None if there is no such change among those tried.
        """
        middle = self.unchanged
        wrong = np.flatnonzero(self.accuracies[network] < _HALF).tolist()
        return min(wrong, key=lambda place: abs(place - middle), default=None)

    def csv(self, names: Sequence[str]) -> bytes:
        """Return all numbers as a table, for networks of these names."""
        heads = ("network", "change", "strength", "images", "right", "low", "high", "digit read")
        digits = (*heads, *(f"probability of {digit}" for digit in range(CLASSES)))
        return table_csv(digits, self._rows(names))

    def _rows(self, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
        for network, name in enumerate(names):
            for place, trial in enumerate(self.trials):
                change = trial.distortion.value if trial.distortion else trial.corruption or "none"
                strength = f"{trial.strength:g}" if trial.distortion else ""
                read = (self.total, int(self.correct[network, place]))
                ends = self.intervals[network, place].tolist()
                digit = (int(self.read[network, place]), *self.probabilities[network, place])
                yield (name, change, strength, *read, *ends, *map(_plain, digit))


def _plain(value: float) -> float | int:
    return value if isinstance(value, int) else float(value)


class RobustnessReader:
    """Reads changed test images, and remembers of the last networks what they read right.

    For one thread only.
    """

    def __init__(self) -> None:
        self._images: LabelledImages | None = None
        self._sample = LabelledImages(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))
        self._known: OrderedDict[Snapshot, dict[Trial, int]] = OrderedDict()

    def answers(
        self,
        images: LabelledImages,
        tried: tuple[Trial, ...],
        networks: Sequence[Snapshot],
        digit: NDArray[np.uint8],
        *,
        calibrated: bool = True,
    ) -> Iterator[ViewProgress | Robustness]:
        """Yield progress, and all that is known whenever there is more of it.

        A digit (28, 28) uint8 is read first, with probabilities that are calibrated or not. The
        networks read one after the other, first what is not changed and what is changed most.
        """
        self._use(images)
        known = [self._of(each) for each in networks]
        digits = np.concatenate([next(trial.batches(digit[np.newaxis], 1)) for trial in tried])
        shares = [_probabilities(each, digits, calibrated=calibrated) for each in networks]

        def so_far() -> Robustness:
            counts = [[of.get(trial, NOT_READ) for trial in tried] for of in known]
            correct = np.array(counts, np.int64)
            return Robustness(tried, len(self._sample), correct, digits, np.stack(shares))

        yield so_far()
        missing = [
            (of, network, trial)
            for of, network in zip(known, networks, strict=True)
            for trial in _from_afar(tried)
            if trial not in of
        ]
        for done, (of, network, trial) in enumerate(missing):
            of[trial] = yield from self._read(trial, network, done, len(missing))
            yield so_far()

    def _read(
        self, trial: Trial, network: Snapshot, done: int, in_all: int
    ) -> Generator[ViewProgress, None, int]:
        """Return how many images of the sample a network reads right in a trial."""
        count = len(self._sample)
        correct = 0
        for number, batch in enumerate(trial.batches(self._sample.images, _BATCH)):
            start = number * _BATCH
            labels = self._sample.labels[start : start + _BATCH]
            read = features_and_logits(network, batch)[1].argmax(axis=1)
            correct += int(np.count_nonzero(read == labels))
            yield ViewProgress(done * count + start, in_all * count)
        return correct

    def _use(self, images: LabelledImages) -> None:
        if images is not self._images:
            self._images, self._sample = images, spread_sample(images)
            self._known.clear()

    def _of(self, snapshot: Snapshot) -> dict[Trial, int]:
        """Return what is known of a network."""
        known = self._known.setdefault(snapshot, {})
        self._known.move_to_end(snapshot)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return known


def _probabilities(
    network: Snapshot, images: NDArray[np.uint8], *, calibrated: bool
) -> NDArray[np.float64]:
    temperature = network.temperature if calibrated else 1.0
    return softmax(features_and_logits(network, images)[1] / np.float32(temperature))


def _from_afar(tried: tuple[Trial, ...]) -> list[Trial]:
    """Return the trials in such an order that a curve soon has its shape."""
    first = next(place for place, trial in enumerate(tried) if not trial.changes)
    places = dict.fromkeys((first, 0, len(tried) - 1))
    for step in (4, 2, 1):
        places |= dict.fromkeys(range(first % step, len(tried), step))
    return [tried[place] for place in places]
