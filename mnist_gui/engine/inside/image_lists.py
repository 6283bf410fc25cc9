"""Images that are worth a look, in an order: the hardest, wrong labels, disagreements, the last."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.files import table_csv

# Of so many images the most alike is searched, which takes a few milliseconds.
_MOST_COMPARED = 5_000


class Split(Enum):
    """Which images of a data set; those of validation are the first of its training file."""

    TEST = "test"
    VALIDATION = "validation"
    TRAINING = "training"


@dataclass(frozen=True, eq=False)
class LearningOrder:
    """Which digits (s, n) uint8 a run's kept networks read in n images, after each of s `steps`.

    The first may be of step 0, before training, when being right is chance: it does not count.
    Between kept steps nothing is known.
    """

    steps: tuple[int, ...]
    read: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether each image (s, n) was read right at each kept step; not at step 0."""
        after_training = np.array(self.steps)[:, np.newaxis] > 0
        right: NDArray[np.bool_] = (self.read == self.labels) & after_training
        return right

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The kept step (n,) at which each image was first read right, -1 for never.

        A learning event of M. Toneva and others, An empirical study of example forgetting during
        deep neural network learning, 2019, as far as kept steps show it.
        """
        first = np.array(self.steps)[self.right.argmax(axis=0)]
        return np.where(self.right.any(axis=0), first, -1)

    @cached_property
    def forgotten(self) -> NDArray[np.int64]:
        """How often each image (n,) was read right at a kept step and wrong at the next one."""
        lost = self.right[:-1] & ~self.right[1:]
        times: NDArray[np.int64] = lost.sum(axis=0)
        return times


@dataclass(frozen=True, eq=False)
class ReadImages:
    """Images (n, 28, 28) uint8 of a split, their labels (n,) uint8 and what was read in them.

    `numbers` (n,) are their places in the data set's test or training file, from 0.
    `probabilities` (n, 10) are the network's; those of a `second` one are there if two are
    compared. `features` (n, m) is what the network's last layer gets, None where that is not known.
    """

    split: Split
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    numbers: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    features: NDArray[np.float16] | None = None
    second: NDArray[np.float64] | None = None
    learning: LearningOrder | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def read(self) -> NDArray[np.int64]:
        """The most probable digit of each image (n,)."""
        likeliest: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return likeliest

    @cached_property
    def second_read(self) -> NDArray[np.int64]:
        """The most probable digit of each image (n,) for the second network."""
        assert self.second is not None
        likeliest: NDArray[np.int64] = self.second.argmax(axis=1)
        return likeliest

    @cached_property
    def of_label(self) -> NDArray[np.float64]:
        """The probability of each image's label (n,)."""
        return self.probabilities[np.arange(len(self)), self.labels]

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """The cross-entropy of each image's label (n,), in nats."""
        # A probability that was rounded to 0 is at most the least that there is.
        return -np.log(np.maximum(self.of_label, np.finfo(np.float64).tiny)) + 0.0

    # --- orders: places in these images --------------------------------------------------------

    def hardest(self) -> NDArray[np.int64]:
        """Return all images, those with the largest loss first."""
        return np.argsort(-self.losses, kind="stable")

    def contradicted(self) -> NDArray[np.int64]:
        """Return the images whose label is not read, the least probable label first.

        Probabilities have to be out of fold. That is ranking by self-confidence, as in C. G.
        Northcutt, L. Jiang and I. L. Chuang, Confident learning: estimating uncertainty in dataset
        labels, 2021.
        """
        wrong = np.flatnonzero(self.read != self.labels)
        return wrong[np.argsort(self.of_label[wrong], kind="stable")]

    def disagreements(self) -> NDArray[np.int64]:
        """Return the images in which two networks read different digits.

        First come those of which the less sure network is the surest.
        """
        assert self.second is not None
        differ = np.flatnonzero(self.read != self.second_read)
        surest = np.minimum(self.probabilities[differ].max(axis=1), self.second[differ].max(axis=1))
        return differ[np.argsort(-surest, kind="stable")]

    def never_learnt(self) -> NDArray[np.int64]:
        """Return the images that no kept network read right, the largest loss first."""
        never = np.flatnonzero(self._learnt.first < 0)
        return never[np.argsort(-self.losses[never], kind="stable")]

    def last_learnt(self) -> NDArray[np.int64]:
        """Return the images that were learnt, the last one first; alike ones by their loss."""
        first = self._learnt.first
        learnt = np.flatnonzero(first >= 0)
        return learnt[np.lexsort((-self.losses[learnt], -first[learnt]))]

    def most_forgotten(self) -> NDArray[np.int64]:
        """Return the images that were forgotten, the most often first; alike ones by their loss."""
        times = self._learnt.forgotten
        forgotten = np.flatnonzero(times)
        return forgotten[np.lexsort((-self.losses[forgotten], -times[forgotten]))]

    @property
    def _learnt(self) -> LearningOrder:
        assert self.learning is not None
        return self.learning

    # --- looking closer ------------------------------------------------------------------------

    def most_alike(self, place: int, digit: int) -> int | None:
        """Return which image of a digit, rightly read, is most like the one at a place; or None.

        Likeness is nearness in what the last layer gets, or of the pixels where that is not known.
        It is searched among the first 5,000 of them.
        """
        fits = (self.labels == digit) & (self.read == digit)
        fits[place] = False
        candidates = np.flatnonzero(fits)[:_MOST_COMPARED]
        if not len(candidates):
            return None
        space = self.features if self.features is not None else self.images.reshape(len(self), -1)
        differences = space[candidates].astype(np.float32) - space[place].astype(np.float32)
        return int(candidates[np.einsum("ij,ij->i", differences, differences).argmin()])


def likely_wrong_labels(labels: NDArray[np.uint8], shares: NDArray[np.float64]) -> int:
    """Return how many labels (n,) are likely wrong, by out-of-fold probabilities (n, 10).

    Confident learning: an image is counted as another digit if that one is the most probable of
    those whose probability is at least the average one of the images with their label (Northcutt
    and others, 2021, equation 1).
    """
    thresholds = np.full(shares.shape[1], np.inf)
    for digit in np.unique(labels):
        thresholds[digit] = shares[labels == digit, digit].mean()
    confident = np.where(shares >= thresholds, shares, -1.0)
    is_counted = confident.max(axis=1) >= 0
    return int(np.count_nonzero(is_counted & (confident.argmax(axis=1) != labels)))


def list_csv(read: ReadImages, order: NDArray[np.int64]) -> bytes:
    """Return the images of a list as a table, with their places in their file."""
    heads = ["place", read.split.value, "label", "read", "probability", "of_label", "loss"]
    if read.second is not None:
        heads += ["second_read", "second_probability", "second_of_label"]
    if read.learning is not None:
        heads += ["first_right_step", "times_forgotten"]
    return table_csv(heads, _rows(read, order))


def _rows(read: ReadImages, order: NDArray[np.int64]) -> Iterator[list[object]]:
    for place, at in enumerate(order.tolist(), 1):
        digit = int(read.read[at])
        row: list[object] = [place, int(read.numbers[at]), int(read.labels[at]), digit]
        row += [float(read.probabilities[at, digit]), float(read.of_label[at])]
        row.append(float(read.losses[at]))
        if read.second is not None:
            other = int(read.second_read[at])
            row += [other, float(read.second[at, other]), float(read.second[at, read.labels[at]])]
        if read.learning is not None:
            row += [int(read.learning.first[at]), int(read.learning.forgotten[at])]
        yield row
