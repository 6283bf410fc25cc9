"""Personalize a network: train it further on the user's digits, cross-validated."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.digits.model import same_points
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import DrawingError, TrainingError
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.finetune.recipe import augmented_copies, finetuning_recipe, user_per_batch
from mnist_gui.engine.finetune.result import (
    FineTuningEvent,
    FineTuningPhase,
    FineTuningProgress,
    FineTuningResult,
)
from mnist_gui.engine.models import networks
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.models.devices import Device, find_device, load_tensorflow, pick_precision
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.preprocessing import MADE_AT_ONCE, PEN_WIDTH, preprocess_all
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import Deformation, join
from mnist_gui.engine.training.policies import BatchSampler, ChunkSize
from mnist_gui.engine.training.train_step import TrainStep

if TYPE_CHECKING:
    import keras

LEAST_DIGITS = 10
"""The fewest user digits to fine-tune on: fewer could not be cross-validated."""

# Seconds of one call: long enough for its overhead, short enough to stop soon.
_CALL_SECONDS = 0.035
# Fewer digits than this are cross-validated in 3 rounds; of more, a quarter is held out once.
_MANY = 200
_ROUNDS = 3
_HELD_OUT_PARTS = 4
# Standard deviations: less than synthetic digits', as one person's writing differs less.
_BEND = 0.05  # heights
_LOG_ASPECT = 0.12
_SLANT = 0.12
_TURN = 0.08  # radians
_LOG_PEN_WIDTH = 0.12
# Training on an image takes about as long as predicting three.
_TRAINING_COST = 3


@dataclass(frozen=True, slots=True)
class MixedBatchSampler:
    """Samples batches of data-set images and of user digits, whose images have the indices `own`.

    Both kinds are sampled without replacement, epoch for epoch.
    """

    data: BatchSampler
    user: BatchSampler
    own: NDArray[np.int32]

    def indices(self, first_step: int, steps: int) -> NDArray[np.int32]:
        """Return the image indices (steps, batch_size) of the batches from `first_step` on."""
        data = self.data.indices(first_step, steps)
        own = self.own[self.user.indices(first_step, steps)]
        return np.concatenate([data, own], axis=1)


class _FineTuning:
    """The state of one fine-tuning; for one thread only."""

    def __init__(
        self,
        dataset: Dataset,
        base: Snapshot,
        drawings: Sequence[LabelledDrawing],
        seed: int,
        device: str,
        classifier: Classifier,
    ) -> None:
        self._indices = _distinct(drawings)
        distinct = [drawings[index] for index in self._indices]
        self._labels = _checked_labels(distinct)
        self._drawings = [labelled.drawing for labelled in distinct]
        self._dataset = dataset
        self._base = base
        self._device_key = device
        self._classifier = classifier
        self._folds = stratified_folds(self._labels, seed)
        self._recipe = finetuning_recipe(base.recipe, seed)
        self._pace = ChunkSize(_CALL_SECONDS)
        self._step_cost = self._recipe.batch_size * _TRAINING_COST
        learning = self._step_cost * self._recipe.steps * (len(self._folds) + 1)
        self._cost = learning + 2 * len(dataset.test) + len(dataset.validation)
        self._spent = 0

    def events(self) -> Iterator[FineTuningEvent]:
        """Do the work; see `finetune`."""
        started = perf_counter()
        yield from self._prepare()
        test_before = yield from self._evaluate(self._base, self._dataset.test)
        held_out, user_before, user_after = yield from self._check()
        everything = np.arange(len(self._labels))
        snapshot = yield from self._train(everything, FineTuningPhase.TRAINING)
        validation = yield from self._evaluate(snapshot, self._dataset.validation)
        snapshot = replace(snapshot, temperature=validation.temperature)
        test_after = yield from self._evaluate(snapshot, self._dataset.test)
        yield FineTuningResult(
            base=self._base,
            snapshot=snapshot,
            held_out=self._indices[held_out],
            user_before=user_before,
            user_after=user_after,
            test_before=test_before,
            test_after=test_after,
            rounds=len(self._folds),
            seconds=perf_counter() - started,
        )

    def _prepare(self) -> Iterator[FineTuningEvent]:
        yield self._progress(FineTuningPhase.PREPARING)
        load_tensorflow()
        import tensorflow as tf

        copies, parts = augmented_copies(len(self._labels)), []
        for part in augment_drawings(self._drawings, copies, self._recipe.seed):
            parts.append(part)
            yield self._progress(FineTuningPhase.PREPARING)
        own = LabelledImages(np.concatenate(parts), np.tile(self._labels, copies))
        self._images = own.images[: len(self._labels)]
        device = find_device(self._device_key)
        with tf.device(device.placement):
            self._network = self._build(device)
            images = join([self._dataset.train, own])
            self._train_step = TrainStep(self._network, images, self._recipe)
        self._start = self._train_step.arrays()

    def _check(
        self,
    ) -> Generator[FineTuningEvent, None, tuple[NDArray[np.int64], Evaluation, Evaluation]]:
        """Return the indices of the held-out digits, and their evaluations before and after."""
        held_out, after = [], []
        for fold in self._folds:
            snapshot = yield from self._train(fold.trained, FineTuningPhase.CROSS_VALIDATING)
            held_out.append(fold.held_out)
            after.append(self._read(snapshot, fold.held_out))
        indices = np.concatenate(held_out)
        order = np.argsort(indices)
        indices = indices[order]
        labels = self._labels[indices]
        before = Evaluation(labels, self._read(self._base, indices))
        return indices, before, Evaluation(labels, np.concatenate(after)[order])

    def _train(
        self, indices: NDArray[np.int64], phase: FineTuningPhase
    ) -> Generator[FineTuningEvent, None, Snapshot]:
        """Train the network that it came from on the user digits at these indices (n,)."""
        self._train_step.restore(self._start)
        batches = self._batches(indices)
        step = 0
        while step < self._recipe.steps:
            steps = min(self._pace.steps, self._recipe.steps - step)
            started = perf_counter()
            self._train_step.run(batches.indices(step, steps), step)
            self._pace.adjust(steps, perf_counter() - started)
            step += steps
            self._spent += steps * self._step_cost
            yield self._progress(phase)
        self._train_step.finish()
        return self._snapshot()

    def _snapshot(self) -> Snapshot:
        """Return the fine-tuned network; raises TrainingError if a weight is not finite."""
        weights = networks.network_weights(self._network)
        if not all(np.isfinite(weight).all() for weight in weights.values()):
            raise TrainingError("hand-diverged")
        return Snapshot(self._recipe, self._recipe.steps, weights)

    def _build(self, device: Device) -> "keras.Model":
        recipe = self._recipe
        network = networks.build_network(
            recipe.network,
            dropout=recipe.dropout,
            seed=recipe.seed,
            precision=pick_precision(recipe.precision, recipe.network, device),
            for_training=True,
        )
        networks.set_network_weights(network, self._base.weights)
        # A hundred steps, half of each batch in one person's writing, would unsettle it.
        networks.freeze_normalization(network)
        return network

    def _batches(self, indices: NDArray[np.int64]) -> MixedBatchSampler:
        """Mix the data set with all copies of the user digits at these indices (n,)."""
        images, recipe = len(self._dataset.train), self._recipe
        share = user_per_batch(recipe)
        firsts = images + len(self._labels) * np.arange(augmented_copies(len(self._labels)))
        own = (firsts[:, np.newaxis] + indices).reshape(-1).astype(np.int32)
        return MixedBatchSampler(
            BatchSampler(images=images, batch_size=recipe.batch_size - share, seed=recipe.seed),
            BatchSampler(images=len(own), batch_size=share, seed=recipe.seed),
            own,
        )

    def _evaluate(
        self, snapshot: Snapshot, images: LabelledImages
    ) -> Generator[FineTuningEvent, None, Evaluation]:
        done = 0
        for event in evaluate_network(snapshot, images, self._classifier):
            if isinstance(event, TestEvaluated):
                return event.evaluation
            self._spent += event.done - done
            done = event.done
            yield self._progress(FineTuningPhase.TESTING)
        raise AssertionError("an evaluation ends with TestEvaluated")

    def _read(self, snapshot: Snapshot, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._classifier.probabilities(snapshot, self._images[indices])

    def _progress(self, phase: FineTuningPhase) -> FineTuningProgress:
        return FineTuningProgress(phase, self._spent / self._cost)


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """The indices (n,) of the user digits to train on, and of those held out."""

    trained: NDArray[np.int64]
    held_out: NDArray[np.int64]


def stratified_folds(labels: NDArray[np.uint8], seed: int) -> tuple[Fold, ...]:
    """Return the rounds of a cross-validation, stratified: labels are spread evenly over them.

    Many digits are divided only once: a part of them tells enough.
    """
    parts = _HELD_OUT_PARTS if len(labels) >= _MANY else _ROUNDS
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    by_label = shuffled[np.argsort(labels[shuffled], kind="stable")]
    part = np.empty(len(labels), np.int64)
    part[by_label] = np.arange(len(labels)) % parts
    return tuple(
        Fold(np.flatnonzero(part != number), np.flatnonzero(part == number))
        for number in range(1 if len(labels) >= _MANY else parts)
    )


def augment_drawings(
    drawings: Sequence[Drawing], copies: int, seed: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield images (n, 28, 28), a few at a time: all drawings, repeated `copies` times.

    The first copy is unchanged, the others are deformed at random by `seed`.
    """
    random = np.random.default_rng(seed)
    for copy in range(copies):
        for first in range(0, len(drawings), MADE_AT_ONCE):
            some = drawings[first : first + MADE_AT_ONCE]
            if copy == 0:
                yield preprocess_all(some)
            else:
                widths = PEN_WIDTH * np.exp(random.normal(0, _LOG_PEN_WIDTH, len(some)))
                yield preprocess_all(_redrawn(some, random), widths.tolist())


def _redrawn(drawings: Sequence[Drawing], random: np.random.Generator) -> list[Drawing]:
    """Deform each drawing in its own way; size and position stay."""
    strokes = [stroke.points for drawing in drawings for stroke in drawing.strokes]
    counts = [sum(len(stroke.points) for stroke in drawing.strokes) for drawing in drawings]
    owner = np.repeat(np.arange(len(drawings)), counts)
    points = np.concatenate(strokes).astype(np.float64)
    starts = np.cumsum([0, *counts[:-1]])
    low, high = (edge.reduceat(points, starts) for edge in (np.minimum, np.maximum))
    middle = ((low + high) / 2)[owner]
    # A dot has no extent to divide by.
    extent = np.maximum((high - low).max(axis=1, keepdims=True), 1e-6)[owner]
    moved = _random_deformation(len(drawings), random).apply((points - middle) / extent, owner)
    moved = moved * extent + middle
    lines = iter(np.split(moved, np.cumsum([len(stroke) for stroke in strokes])[:-1]))
    return [Drawing(tuple(Stroke(next(lines)) for _ in each.strokes)) for each in drawings]


def _random_deformation(count: int, random: np.random.Generator) -> Deformation:
    waves = random.normal(size=(8, count))
    waves[:4] *= _BEND
    return Deformation(
        waves=waves,
        aspect=np.exp(random.normal(0, _LOG_ASPECT, count)),
        slant=random.normal(0, _SLANT, count),
        turn=random.normal(0, _TURN, count),
    )


def finetune(
    dataset: Dataset,
    base: Snapshot,
    drawings: Sequence[LabelledDrawing],
    *,
    seed: int = 1,
    device: str = AUTOMATIC,
    classifier: Classifier | None = None,
) -> Iterator[FineTuningEvent]:
    """Train a network further on labelled drawings mixed with the data set's training images.

    Yields FineTuningProgress, about every 50 ms, and FineTuningResult at the end; closing the
    iterator stops the work. The same arguments give the same weights. Raises DrawingError for fewer
    than LEAST_DIGITS drawings or one without a label or a stroke, and TrainingError.
    """
    return _FineTuning(dataset, base, drawings, seed, device, classifier or Classifier()).events()


def _distinct(drawings: Sequence[LabelledDrawing]) -> NDArray[np.int64]:
    """Return the indices of the drawings without those that are repeated later.

    A copy of a held-out drawing must not be trained on; of two labels the later one counts.
    """
    last = {same_points(each.drawing): index for index, each in enumerate(drawings)}
    return np.sort(np.fromiter(last.values(), np.int64))


def _checked_labels(drawings: Sequence[LabelledDrawing]) -> NDArray[np.uint8]:
    if len(drawings) < LEAST_DIGITS:
        missing = LEAST_DIGITS - len(drawings)
        raise DrawingError("hand-too-few", least=LEAST_DIGITS, found=len(drawings), missing=missing)
    if any(labelled.label is None or not labelled.drawing for labelled in drawings):
        raise DrawingError("hand-unlabelled")
    return np.array([labelled.label for labelled in drawings], np.uint8)
