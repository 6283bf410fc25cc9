"""Training as a generator of events: who iterates decides about threads, pauses and the end."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.classifier import evaluate_network
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.devices import find_device, pick_precision
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import (
    CheckpointTaken,
    DigitsDrawn,
    Event,
    ImagesRead,
    LearningRateChanged,
    Resumed,
    RunPrepared,
    SnapshotTaken,
    StepsAdded,
    StepsEnded,
    Validated,
)
from mnist_gui.engine.networks import build_network, network_weights
from mnist_gui.engine.pen_images import draw_pen_digits, join
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.tensorflow_loader import load_tensorflow
from mnist_gui.engine.training.batch_order import BatchOrder
from mnist_gui.engine.training.checkpoint import Checkpoint
from mnist_gui.engine.training.pace import Pace
from mnist_gui.engine.training.train_step import TrainStep, ValidationStep

# A call of so many seconds is worth its overhead, and a stop comes soon enough.
_CALL_SECONDS = 0.05
# So often the weights are shown to whoever reads a drawing with them.
_SNAPSHOT_SECONDS = 0.5
_SLOWEST_SNAPSHOT_SECONDS = 1.0
# From one snapshot to the next the training grows by about this share.
_GROWTH_PER_SNAPSHOT = 0.03
# Guessing has a loss of 2.3. From here on the weights are lost, though ReLUs that no longer
# answer to anything may keep the loss finite.
_LARGEST_LOSS = 1e6


def train(dataset: Dataset, recipe: Recipe) -> Iterator[Event]:
    """Train a network by the recipe; see TrainingRun.events."""
    return TrainingRun(dataset, recipe).events()


class TrainingRun:
    """One run of a recipe on a data set; to be iterated by one thread only.

    `learning_rate` may be set from any thread; it holds from the next call of steps on. With
    `checkpoint_seconds` set, so much time at most passes from one checkpoint to the next, but for
    the last call of steps.
    """

    def __init__(self, dataset: Dataset, recipe: Recipe, device: str = AUTOMATIC) -> None:
        """`device` is a device's key, as `find_device` takes it."""
        self.recipe = recipe
        self._device_key = device
        self.learning_rate = recipe.learning_rate
        self.checkpoint_seconds: float | None = None
        self._checkpoint_due = 0.0
        self._restored: Checkpoint | None = None
        self._started_recipe = recipe
        self._rate_in_use = recipe.learning_rate
        self._steps_announced = recipe.steps
        self._dataset = dataset
        self._step = 0
        self._validated = -1
        self._pace = Pace(_CALL_SECONDS)
        self._order = BatchOrder(
            images=len(dataset.train), batch_size=recipe.data_batch, seed=recipe.seed
        )
        self._train_step: TrainStep | None = None
        self._snapshot: Snapshot | None = None

    @classmethod
    def from_checkpoint(
        cls, dataset: Dataset, checkpoint: Checkpoint, device: str = AUTOMATIC
    ) -> Self:
        """Return the run of a checkpoint, to go on from there.

        On the same data, processor and versions it comes to the very weights, to the last bit,
        that it would have come to without a break.
        """
        run = cls(dataset, replace(checkpoint.recipe, steps=checkpoint.steps), device)
        run._restored = checkpoint
        run._started_recipe = checkpoint.recipe
        run._step = checkpoint.step
        run._validated = checkpoint.validated
        run.learning_rate = run._rate_in_use = checkpoint.learning_rate
        return run

    def events(self) -> Iterator[Event]:
        """Train, and yield what happens; not asking for the next event stops the run.

        Yields DigitsDrawn while the program draws what the recipe wants, RunPrepared and a first
        snapshot; then StepsEnded after every 20 to 50 ms, SnapshotTaken now and then, ImagesRead
        and Validated at the steps of `validation_steps`; at the end a last snapshot, and
        ImagesRead and Tested of the test images. Between them come CheckpointTaken, and Resumed,
        StepsAdded and LearningRateChanged where they take effect. Losses and accuracies hang on
        the recipe and the data only, not on time. Raises TrainingError when the loss grows beyond
        all use; the last snapshot that was yielded is a good one.

        Called again on a run that was stopped or extended, it goes on where the run is.
        """
        train_step = self._train_step
        if train_step is None:
            self._train_step = train_step = yield from self._prepare()
            yield SnapshotTaken(self.snapshot())
        self._checkpoint_due = perf_counter() + (self.checkpoint_seconds or 0.0)
        if self.recipe.steps != self._steps_announced:
            self._steps_announced = self.recipe.steps
            self._checkpoint_due = 0.0
            yield StepsAdded(self._step, self.recipe.steps)
        yield from self._train(train_step)
        yield SnapshotTaken(self.snapshot())
        yield from evaluate_network(self.snapshot(), self._dataset.test)

    def extend(self, steps: int) -> None:
        """Let the run have so many more steps than it has done; raises RecipeError."""
        self.recipe = replace(self.recipe, steps=self._step + steps)

    def snapshot(self) -> Snapshot:
        """Return the network as it is now; RunPrepared must have been yielded.

        Raises TrainingError if a weight is not finite.
        """
        if self._snapshot is None or self._snapshot.step != self._step:
            self._snapshot = self._take_snapshot()
        return self._snapshot

    def checkpoint(self) -> Checkpoint:
        """Return what it takes to go on from here; RunPrepared must have been yielded.

        Raises TrainingError if a number is not finite.
        """
        assert self._train_step is not None
        arrays = self._train_step.state.arrays()
        self._check_finite(arrays)
        return Checkpoint(
            self._started_recipe,
            self.recipe.steps,
            self._step,
            self._rate_in_use,
            self._precision,
            self._validated,
            arrays,
        )

    def last_events(self) -> Iterator[Event]:
        """Yield what a run that is stopped leaves behind: its weights, if there are any."""
        if self._snapshot is not None:
            yield SnapshotTaken(self.snapshot())
            if self.checkpoint_seconds is not None:
                yield CheckpointTaken(self.checkpoint())

    def _take_snapshot(self) -> Snapshot:
        weights = network_weights(self._network)
        self._check_finite(weights)
        return Snapshot(self.recipe, self._step, weights)

    def _check_finite(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        if not all(np.isfinite(array.sum()) for array in arrays.values()):
            raise self._diverged(self._step)

    def _prepare(self) -> Generator[Event, None, TrainStep]:
        started = perf_counter()
        load_tensorflow()
        import tensorflow as tf

        device = find_device(self._device_key)
        restored = self._restored
        wanted = restored.precision if restored else self.recipe.precision
        self._precision = pick_precision(wanted, self.recipe.network, device)
        drawn = yield from self._draw_digits()
        with tf.device(device.placement):
            train_step = self._build(self._precision, drawn)
            if restored:
                train_step.state.restore(restored.arrays)
                train_step.set_learning_rate(restored.learning_rate)
                self._restored = None
        parameters = self.recipe.architecture.parameters
        yield RunPrepared(str(device), self._precision, parameters, perf_counter() - started)
        if restored:
            yield Resumed(self._step, from_checkpoint=True)
        return train_step

    def _build(self, precision: str, drawn: LabelledImages | None) -> TrainStep:
        recipe = self.recipe
        self._network = build_network(
            recipe.network,
            dropout=recipe.dropout,
            seed=recipe.seed,
            precision=precision,
            for_training=True,
        )
        self._validation_step = ValidationStep(
            self._network, self._dataset.validation, recipe.architecture.evaluation_batch
        )
        return TrainStep(self._network, self._dataset.train, self._started_recipe, drawn)

    def _draw_digits(self) -> Generator[Event, None, LabelledImages | None]:
        total = self._started_recipe.drawn_images
        if not total:
            return None
        parts: list[LabelledImages] = []
        done = 0
        for part in draw_pen_digits(total, self.recipe.seed):
            parts.append(part)
            done += len(part)
            yield DigitsDrawn(done, total)
        return join(parts)

    def _train(self, train_step: TrainStep) -> Iterator[Event]:
        started = shown = perf_counter()
        for stop in validation_steps(self.recipe):
            while self._step < stop:
                yield from self._changed_rate(train_step)
                yield self._run_steps(train_step, min(self._pace.steps, stop - self._step))
                if perf_counter() - shown > _snapshot_seconds(shown - started):
                    yield SnapshotTaken(self.snapshot())
                    shown = perf_counter()
                yield from self._due_checkpoint()
            if self._step == self.recipe.steps:
                train_step.finish()
                self._snapshot = None
            if self._step == stop != self._validated:
                yield from self._validate()

    def _changed_rate(self, train_step: TrainStep) -> Iterator[Event]:
        rate = self.learning_rate
        if rate != self._rate_in_use:
            self._rate_in_use = rate
            train_step.set_learning_rate(rate)
            self._checkpoint_due = 0.0
            yield LearningRateChanged(self._step, rate)

    def _due_checkpoint(self) -> Iterator[Event]:
        if self.checkpoint_seconds is not None and perf_counter() > self._checkpoint_due:
            yield CheckpointTaken(self.checkpoint())
            self._checkpoint_due = perf_counter() + self.checkpoint_seconds

    def _run_steps(self, train_step: TrainStep, steps: int) -> StepsEnded:
        indices = self._order.indices(self._step, steps)
        started = perf_counter()
        losses, accuracies = train_step.run(indices, self._step)
        seconds = perf_counter() - started
        self._pace.adjust(steps, seconds)
        is_good = losses < _LARGEST_LOSS
        if not np.all(is_good):
            raise self._diverged(self._step + int(np.argmin(is_good)) + 1)
        self._step += steps
        return StepsEnded(self._step, self._order.epoch(self._step), losses, accuracies, seconds)

    def _validate(self) -> Iterator[Event]:
        total = len(self._dataset.validation)
        batch = self.recipe.architecture.evaluation_batch
        correct, loss = 0, 0.0
        for start in range(0, total, batch):
            part_correct, part_loss = self._validation_step.run(start)
            correct += part_correct
            loss += part_loss
            yield ImagesRead("validation", min(start + batch, total), total)
        self._validated = self._step
        yield Validated(self._step, correct / total, loss / total)

    def _diverged(self, step: int) -> TrainingError:
        return TrainingError(
            f"Training diverged: the loss grew beyond all use at step {step:,}. "
            f"The learning rate of {self._rate_in_use:g} is probably too high for "
            f"{self.recipe.optimizer}; try a tenth of it."
        )


def _snapshot_seconds(trained: float) -> float:
    """Return how long after a snapshot the next one is due, `trained` seconds into a run."""
    wanted = trained * _GROWTH_PER_SNAPSHOT
    return min(max(wanted, _SNAPSHOT_SECONDS), _SLOWEST_SNAPSHOT_SECONDS)


def validation_steps(recipe: Recipe) -> tuple[int, ...]:
    """Return after which steps a run validates: early a few times, then evenly, and at the end.

    So the curve has a beginning, and validating costs less than a twentieth of the run.
    """
    every = recipe.validate_every
    early = {every // 10, every // 5, every // 2} - {0}
    steps = early | set(range(every, recipe.steps, every)) | {recipe.steps}
    return tuple(sorted(step for step in steps if step <= recipe.steps))
