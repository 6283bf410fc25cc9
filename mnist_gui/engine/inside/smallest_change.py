"""The fewest pixels that make a network read another digit, and the fast gradient's way to it."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.gradient import image_gradients
from mnist_gui.engine.snapshot import Snapshot

Image = NDArray[np.uint8]
Logits = NDArray[np.float32]

MOST_PIXELS = 60
"""More changed pixels are not looked for."""
# By less, rounding could decide.
_LEAST_MARGIN = 0.01
# Takes 20 to 40 ms with the largest network, so that a view is soon cancelled.
_BATCH = 50
_TRIED = 48
_FULL = 255


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """What a change is to bring about: that an image is not read as `read` any more, but as
    `target`, or for None as any other digit.
    """

    read: int
    target: int | None = None

    @property
    def targets(self) -> tuple[int, ...]:
        """The digits that would do."""
        if self.target is not None:
            return (self.target,)
        return tuple(digit for digit in range(CLASSES) if digit != self.read)

    def margins(self, logits: Logits) -> NDArray[np.float32]:
        """Return by how much logits (n, 10) reach the goal (n,); below 0 it is missed."""
        reached = logits[:, self.targets].max(axis=1)
        others = [digit for digit in range(CLASSES) if digit not in self.targets]
        margins: NDArray[np.float32] = reached - logits[:, others].max(axis=1)
        return margins

    def is_reached(self, logits: Logits) -> NDArray[np.bool_]:
        """Return where the goal is reached, and no rounding could decide (n,)."""
        return self.margins(logits) >= _LEAST_MARGIN


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """A changed image (28, 28), what it is read as, and with which probability."""

    image: Image
    digit: int
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class PixelChange(Changed):
    """An image of which these pixels (n, 2), rows and columns, got full ink or none.

    Without any one of the changes the goal is missed. `is_fewest` says that fewer pixels were
    tried, all of them.
    """

    pixels: NDArray[np.int64]
    is_fewest: bool


@dataclass(frozen=True, slots=True, eq=False)
class GradientChange(Changed):
    """An image of which each pixel got `levels` of 255 more or less ink, by `signs` (28, 28).

    What would be less than no ink or more than all is not.
    """

    signs: NDArray[np.int8]
    levels: int


def read_in_slices(snapshot: Snapshot, images: Image) -> Generator[None, None, Logits]:
    """Return the logits (n, 10) of images (n, 28, 28); yields after some of them."""
    parts = []
    for start in range(0, len(images), _BATCH):
        parts.append(features_and_logits(snapshot, images[start : start + _BATCH])[1])
        yield
    return np.concatenate(parts)


def described(snapshot: Snapshot, image: Image) -> tuple[int, float]:
    """Return what an image is read as, and with which probability."""
    logits = features_and_logits(snapshot, image[np.newaxis])[1][0]
    digit = int(logits.argmax())
    return digit, float(softmax(logits / np.float32(snapshot.temperature))[digit])


class Way(Enum):
    """How an image is changed."""

    PIXELS = "pixels"
    STROKE = "stroke"
    GRADIENT = "gradient"


@dataclass(frozen=True, slots=True, eq=False)
class SmallestChanges:
    """What was found for an image that is read as `read`, with this probability.

    `found` has each way that was tried so far, with None where it does not reach the goal.
    """

    image: Image
    read: int
    probability: float
    found: Mapping[Way, Changed | None]

    def csv(self) -> bytes:
        """Return all pixels that were changed, in each way, as a table."""
        heads = ("way", "row", "column", "before", "after", "read as", "probability")
        return table_csv(heads, self._rows())

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for way, change in self.found.items():
            if change is None:
                continue
            for row, column in np.argwhere(change.image != self.image).tolist():
                greys = int(self.image[row, column]), int(change.image[row, column])
                yield way.value, row, column, *greys, change.digit, change.probability


# --- pixels -------------------------------------------------------------------------------------


def fewest_pixels(
    snapshot: Snapshot, image: Image, goal: Goal
) -> Generator[None, None, PixelChange | None]:
    """Look for the fewest pixels to give full ink, or none, so that the goal is reached.

    All single pixels are tried; then, for each digit that would do, one is added after the other:
    of those which by the gradient promise most, the one that brings most. At last, what turns out
    not to be needed is undone. None if more than MOST_PIXELS were needed. It may take more than
    the fewest there are: to try all pairs would take minutes, all threes days.
    """
    flipped = np.where(image < 128, _FULL, 0).astype(np.uint8)
    places = np.stack(np.divmod(np.arange(image.size), image.shape[1]), axis=1)
    singles = yield from read_in_slices(snapshot, _with_each(image, flipped, places))
    best: NDArray[np.int64] | None = None
    for target in sorted(goal.targets, key=lambda digit: -float(singles[:, digit].max())):
        most = MOST_PIXELS if best is None else len(best) - 1
        first = places[[int(Goal(goal.read, target).margins(singles).argmax())]]
        search = _Search(snapshot, image, flipped, goal, target)
        found = yield from search.run(first, most)
        if found is not None and (best is None or len(found) < len(best)):
            best = found
    if best is None:
        return None
    changed = _with_all(image, flipped, best)
    return PixelChange(changed, *described(snapshot, changed), best, len(best) <= 2)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """Looks for pixels that make a network read `target`, until the goal is reached."""

    snapshot: Snapshot
    image: Image
    flipped: Image
    goal: Goal
    target: int

    def run(
        self, pixels: NDArray[np.int64], most: int
    ) -> Generator[None, None, NDArray[np.int64] | None]:
        """Add pixels to these, at most so many in all; return those that are needed."""
        while len(pixels) <= most:
            changed = _with_all(self.image, self.flipped, pixels)
            logits = yield from read_in_slices(self.snapshot, changed[np.newaxis])
            if self.goal.is_reached(logits)[0]:
                needed = yield from self._needed(pixels)
                return needed
            if len(pixels) == most:
                return None
            pixel = yield from self._next(changed, logits[0], pixels)
            pixels = np.concatenate([pixels, pixel])
        return None

    def _next(
        self, changed: Image, logits: Logits, pixels: NDArray[np.int64]
    ) -> Generator[None, None, NDArray[np.int64]]:
        rivals = logits.copy()
        rivals[self.target] = -np.inf
        wanted = np.zeros((1, CLASSES))
        wanted[0, self.target], wanted[0, int(rivals.argmax())] = 1, -1
        gradient = image_gradients(self.snapshot, changed, wanted)[0]
        promise = gradient * (self.flipped.astype(np.float32) - changed)
        promise[tuple(pixels.T)] = -np.inf
        tried = np.argsort(-promise, axis=None, kind="stable")[:_TRIED]
        places = np.stack(np.divmod(tried, changed.shape[1]), axis=1)
        read = yield from read_in_slices(self.snapshot, _with_each(changed, self.flipped, places))
        best = int(Goal(self.goal.read, self.target).margins(read).argmax())
        return places[[best]]

    def _needed(self, pixels: NDArray[np.int64]) -> Generator[None, None, NDArray[np.int64]]:
        """Leave out one pixel after the other without which the goal is reached as well."""
        while len(pixels) > 1:
            changed = _with_all(self.image, self.flipped, pixels)
            undone = _with_each(changed, self.image, pixels)
            margins = self.goal.margins((yield from read_in_slices(self.snapshot, undone)))
            if margins.max() < _LEAST_MARGIN:
                break
            pixels = np.delete(pixels, int(margins.argmax()), axis=0)
        return pixels


def _with_each(image: Image, other: Image, places: NDArray[np.int64]) -> Image:
    """Return copies of an image, each with one pixel of another one."""
    copies = np.repeat(image[np.newaxis], len(places), axis=0)
    rows, columns = places.T
    copies[np.arange(len(places)), rows, columns] = other[rows, columns]
    return copies


def _with_all(image: Image, other: Image, places: NDArray[np.int64]) -> Image:
    """Return an image with these pixels of another one."""
    changed = image.copy()
    changed[tuple(places.T)] = other[tuple(places.T)]
    return changed


# --- fast gradient ------------------------------------------------------------------------------


def fast_gradient(
    snapshot: Snapshot, image: Image, goal: Goal
) -> Generator[None, None, GradientChange | None]:
    """Change all pixels a little, each by as much, in the way in which the loss changes fastest.

    Away from what is read, or towards the target; by the fewest levels of grey that will do, of
    all 255. None if none will. Source: I. Goodfellow, J. Shlens and C. Szegedy, Explaining and
    harnessing adversarial examples, 2015 (the fast gradient sign method).
    """
    signs = _signs(snapshot, image, goal)
    for start in range(1, _FULL + 1, _BATCH):
        levels = np.arange(start, min(start + _BATCH, _FULL + 1))
        moved = image + levels[:, np.newaxis, np.newaxis] * signs.astype(np.int64)
        images = moved.clip(0, _FULL).astype(np.uint8)
        reached = goal.is_reached((yield from read_in_slices(snapshot, images)))
        if reached.any():
            place = int(reached.argmax())
            changed = images[place]
            return GradientChange(changed, *described(snapshot, changed), signs, int(levels[place]))
    return None


def _signs(snapshot: Snapshot, image: Image, goal: Goal) -> NDArray[np.int8]:
    """Return the signs (28, 28) of the loss' gradient, or against it for a target."""
    logits = features_and_logits(snapshot, image[np.newaxis])[1][0]
    wanted = softmax(logits)
    digit = goal.read if goal.target is None else goal.target
    # Of a sure network the probability is rounded to 1, but not what it lacks to that.
    wanted[digit] = -np.delete(wanted, digit).sum()
    away = 1 if goal.target is None else -1
    scale = max(float(np.abs(wanted).max()), np.finfo(np.float64).tiny)
    gradient = image_gradients(snapshot, image, away * wanted[np.newaxis] / scale)[0]
    signs: NDArray[np.int8] = np.sign(gradient).astype(np.int8)
    return signs
