"""Learning the user's hand as a generator of events: what it gains, and what it forgets."""

from collections.abc import Generator, Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.classifier import Classifier, evaluate_network
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.devices import find_device
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.evaluation import Evaluation
from mnist_gui.engine.events import Tested
from mnist_gui.engine.own_digits.kept_digit import same_points
from mnist_gui.engine.personal.folds import divide
from mnist_gui.engine.personal.recipe import copies_of, personal_recipe
from mnist_gui.engine.personal.result import (
    PersonalEvent,
    PersonalLearnt,
    PersonalProgress,
    PersonalResult,
    PersonalStage,
)
from mnist_gui.engine.personal.tuner import Tuner
from mnist_gui.engine.personal.variations import vary
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.strokes import LabelledDrawing
from mnist_gui.engine.tensorflow_loader import load_tensorflow

LEAST_DIGITS = 10
"""From fewer own digits than this nothing is learnt that could be checked."""

# A step of training costs about as much for each of its images as reading three.
_TRAINING_COST = 3


def learn_hand(
    dataset: Dataset,
    base: Snapshot,
    drawings: Sequence[LabelledDrawing],
    *,
    seed: int = 1,
    device: str = AUTOMATIC,
    classifier: Classifier | None = None,
) -> Iterator[PersonalEvent]:
    """Train a network on with labelled drawings among the data set's training images.

    Yields PersonalProgress, about every 50 ms, and at the end PersonalLearnt; not asking for the
    next event stops the work. The same arguments give the same weights. `classifier` is used to
    read with, where there is one already. Raises DrawingError for fewer than LEAST_DIGITS
    drawings or one without a label or a stroke, and TrainingError.
    """
    return _HandRun(dataset, base, drawings, seed, device, classifier or Classifier()).events()


class _HandRun:
    """One go at learning a hand."""

    def __init__(
        self,
        dataset: Dataset,
        base: Snapshot,
        drawings: Sequence[LabelledDrawing],
        seed: int,
        device: str,
        classifier: Classifier,
    ) -> None:
        self._places = _distinct(drawings)
        distinct = [drawings[place] for place in self._places]
        self._labels = _checked_labels(distinct)
        self._drawings = [labelled.drawing for labelled in distinct]
        self._dataset = dataset
        self._base = base
        self._seed = seed
        self._device_key = device
        self._classifier = classifier
        self._folds = divide(self._labels, seed)
        recipe = personal_recipe(base.recipe, seed)
        self._step_cost = recipe.batch_size * _TRAINING_COST
        learning = self._step_cost * recipe.steps * (len(self._folds) + 1)
        self._cost = learning + 2 * len(dataset.test)
        self._spent = 0

    def events(self) -> Iterator[PersonalEvent]:
        """Do the work; see `learn_hand`."""
        started = perf_counter()
        tuner = yield from self._prepare()
        test_before = yield from self._test(self._base)
        held_out, own_before, own_after = yield from self._check(tuner)
        everything = np.arange(len(self._labels))
        snapshot = yield from self._learn(tuner, everything, PersonalStage.LEARNING)
        test_after = yield from self._test(snapshot)
        yield PersonalLearnt(
            PersonalResult(
                base=self._base,
                snapshot=snapshot,
                held_out=self._places[held_out],
                own_before=own_before,
                own_after=own_after,
                test_before=test_before,
                test_after=test_after,
                rounds=len(self._folds),
                seconds=perf_counter() - started,
            )
        )

    def _prepare(self) -> Generator[PersonalEvent, None, Tuner]:
        yield self._progress(PersonalStage.PREPARING)
        load_tensorflow()
        copies, parts = copies_of(len(self._labels)), []
        for part in vary(self._drawings, copies, self._seed):
            parts.append(part)
            yield self._progress(PersonalStage.PREPARING)
        own = LabelledImages(np.concatenate(parts), np.tile(self._labels, copies))
        self._images = own.images[: len(self._labels)]
        return Tuner(
            self._base,
            self._dataset.train,
            own,
            copies=copies,
            seed=self._seed,
            device=find_device(self._device_key),
        )

    def _check(
        self, tuner: Tuner
    ) -> Generator[PersonalEvent, None, tuple[NDArray[np.int64], Evaluation, Evaluation]]:
        """Return which digits were held out, and how they are read before and after."""
        held_out, after = [], []
        for fold in self._folds:
            snapshot = yield from self._learn(tuner, fold.learnt, PersonalStage.CHECKING)
            held_out.append(fold.held_out)
            after.append(self._read(snapshot, fold.held_out))
        places = np.concatenate(held_out)
        order = np.argsort(places)
        places = places[order]
        labels = self._labels[places]
        before = Evaluation(labels, self._read(self._base, places))
        return places, before, Evaluation(labels, np.concatenate(after)[order])

    def _learn(
        self, tuner: Tuner, places: NDArray[np.int64], stage: PersonalStage
    ) -> Generator[PersonalEvent, None, Snapshot]:
        done = 0
        for step in tuner.learn(places):
            self._spent += (step - done) * self._step_cost
            done = step
            yield self._progress(stage)
        return tuner.snapshot()

    def _test(self, snapshot: Snapshot) -> Generator[PersonalEvent, None, Evaluation]:
        done = 0
        for event in evaluate_network(snapshot, self._dataset.test, self._classifier):
            if isinstance(event, Tested):
                return event.evaluation
            self._spent += event.done - done
            done = event.done
            yield self._progress(PersonalStage.TESTING)
        raise AssertionError("an evaluation ends with Tested")

    def _read(self, snapshot: Snapshot, places: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._classifier.probabilities(snapshot, self._images[places])

    def _progress(self, stage: PersonalStage) -> PersonalProgress:
        return PersonalProgress(stage, self._spent / self._cost)


def _distinct(drawings: Sequence[LabelledDrawing]) -> NDArray[np.int64]:
    """Return the places of the drawings but for those that come again later.

    What is held out must not be learnt from a copy; of two labels the later one counts.
    """
    last = {same_points(each.drawing): place for place, each in enumerate(drawings)}
    return np.sort(np.fromiter(last.values(), np.int64))


def _checked_labels(drawings: Sequence[LabelledDrawing]) -> NDArray[np.uint8]:
    if len(drawings) < LEAST_DIGITS:
        raise DrawingError(
            f"Learning a hand takes at least {LEAST_DIGITS} different labelled drawings, and "
            f"there are {len(drawings)}; draw {LEAST_DIGITS - len(drawings)} more."
        )
    if any(labelled.label is None or not labelled.drawing for labelled in drawings):
        raise DrawingError("Learning a hand takes drawings with strokes and labels from 0 to 9.")
    return np.array([labelled.label for labelled in drawings], np.uint8)
