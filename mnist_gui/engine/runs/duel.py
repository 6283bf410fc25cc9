"""A duel: two recipes trained side by side on the same images in the same order."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import Event, StepsTrained
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.runs.run import Comparison
from mnist_gui.engine.training.policies import Timing
from mnist_gui.engine.training.trainer import Trainer

VALIDATIONS = 10
"""How often each network is validated, besides a few times early on."""

_MEASUREMENTS = 100
_SECONDS_BETWEEN = 0.05
# One step a chunk, so that both learn in turns.
_TIMING = Timing(chunk=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class SideEvent:
    """What happened on one side of a duel: the first is 0, the second is 1.

    A TrainingError in place of an event ends the duel.
    """

    side: int
    event: Event | TrainingError


class Duel:
    """Trains two recipes in alternating steps; for one thread but for `hold`, `go_on` and `cut`.

    Both have the seed of the first, so that they see the same images in the same order, in the
    same batches where these are as large. It can be held: `events` then ends, and goes on where it
    was when it is called again.
    """

    def __init__(
        self, dataset: Dataset, recipes: tuple[Recipe, Recipe], images: int, device: str = AUTOMATIC
    ) -> None:
        """Each side sees as many images; a last batch is always whole."""
        seed = recipes[0].seed
        self.recipes = tuple(duel_recipe(recipe, images, seed) for recipe in recipes)
        self.images = images
        self._dataset = dataset
        self._trainers = [
            Trainer(dataset, recipe, device, timing=_TIMING) for recipe in self.recipes
        ]
        self._streams: list[Iterator[Event] | None] = [each.events() for each in self._trainers]
        self._steps: list[list[StepsTrained]] = [[], []]
        self._told = 0.0
        self._seen = [0, 0]
        self._held, self._cut = threading.Event(), threading.Event()
        self._is_ending = False

    @property
    def has_same_batches(self) -> bool:
        """Whether the batches are the same, not only the order of the images."""
        first, second = self.recipes
        return first.dataset_per_batch == second.dataset_per_batch

    @property
    def is_over(self) -> bool:
        """Whether both sides have come to their end."""
        return self._streams == [None, None]

    def hold(self) -> None:
        """Let `events` end soon, to be called again; on any thread."""
        self._held.set()

    def go_on(self) -> None:
        """Hold it no longer; before `events` is called again."""
        self._held.clear()

    def cut(self) -> None:
        """Let both sides be tested as they are, without more training; on any thread."""
        self._cut.set()

    def events(self) -> Iterator[SideEvent]:
        """Train, and yield what `Trainer.events` yields on each side, the steps joined."""
        while not (self.is_over or self._held.is_set()):
            if self._cut.is_set() and not self._is_ending:
                self._is_ending = True
                self._streams = [self._tests(side) for side in range(2)]
            side = self._next_side()
            try:
                event = next(self._streams[side] or iter(()), None)
            except TrainingError as error:
                self._streams = [None, None]
                yield SideEvent(side, error)
                return
            if event is None:
                self._streams[side] = None
            elif isinstance(event, StepsTrained):
                self._seen[side] = event.step * self.recipes[side].dataset_per_batch
                self._steps[side].append(event)
            if not isinstance(event, StepsTrained) or self._is_due:
                yield from self._joined_steps()
            if event is not None and not isinstance(event, StepsTrained):
                yield SideEvent(side, event)
        yield from self._joined_steps()

    def _next_side(self) -> int:
        """Return the side that has seen fewer images, of those that have not ended."""
        going = [side for side in range(2) if self._streams[side] is not None]
        return min(going, key=self._seen.__getitem__)

    @property
    def _is_due(self) -> bool:
        return perf_counter() - self._told > _SECONDS_BETWEEN

    def _joined_steps(self) -> Iterator[SideEvent]:
        self._told = perf_counter()
        for side, steps in enumerate(self._steps):
            if steps:
                self._steps[side] = []
                yield SideEvent(side, joined(steps))

    def _tests(self, side: int) -> Iterator[Event]:
        trainer = self._trainers[side]
        if trainer.is_prepared:
            yield from trainer.stop_events()
            yield from evaluate_network(trainer.snapshot(), self._dataset.test)


def duel_recipe(recipe: Recipe, images: int, seed: int) -> Recipe:
    """Return the recipe for so many images, validated as often as the other side's."""
    size = recipe.dataset_per_batch
    steps = max(1, -(-images // size))
    return replace(
        recipe,
        steps=steps,
        seed=seed,
        validate_every=max(1, round(images / VALIDATIONS / size)),
        measure_every=max(1, steps // _MEASUREMENTS),
        patience=0,
    )


def joined(steps: list[StepsTrained]) -> StepsTrained:
    """Return chunks that follow one another as one."""
    losses: list[float] = []
    accuracies: list[tuple[int, float]] = []
    for each in steps:
        accuracies += [(len(losses) + place, share) for place, share in each.accuracies]
        losses += each.losses
    last, seconds = steps[-1], sum(each.seconds for each in steps)
    return StepsTrained(last.step, last.epoch, losses, accuracies, seconds)


def compared(first: Evaluation, second: Evaluation) -> Comparison:
    """Compare two networks' evaluations of the same images."""
    right, other = (each.predicted == each.labels for each in (first, second))
    only_first, only_second = np.count_nonzero(right & ~other), np.count_nonzero(other & ~right)
    return Comparison(int(only_first), int(only_second), len(first.labels))


def disagreements(first: Evaluation, second: Evaluation) -> list[tuple[float, ...]]:
    """Return the images that two networks read differently, numbered from 0.

    Each with its label, and what the first and the second read, with the probabilities.
    """
    rows = []
    for place in np.flatnonzero(first.predicted != second.predicted).tolist():
        row: list[float] = [place, int(first.labels[place])]
        for each in (first, second):
            row += [int(each.predicted[place]), float(each.probabilities[place].max())]
        rows.append(tuple(row))
    return rows
