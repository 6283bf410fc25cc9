"""Train a network by a recipe: a generator of events."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine import events
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import Event
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.models.devices import find_device, load_tensorflow, pick_precision
from mnist_gui.engine.models.networks import network_weights
from mnist_gui.engine.recipe import AUTOMATIC, RECIPES, Recipe
from mnist_gui.engine.snapshot import Checkpoint, Snapshot, best_arrays, best_snapshot
from mnist_gui.engine.synthetic.generate import generate_digit_images, join
from mnist_gui.engine.training import policies
from mnist_gui.engine.training.policies import UNRECORDED, Timing
from mnist_gui.engine.training.replicas import prepare_training
from mnist_gui.engine.training.train_step import TrainStep, ValidationStep

if TYPE_CHECKING:
    import keras

# Guessing has a loss of 2.3. Beyond this, training has diverged, even if dead ReLUs keep the loss
# finite.
_LARGEST_LOSS = 1e6


@dataclass(frozen=True, slots=True)
class _Traced:
    """The network of a recipe, and what trains and validates it on its device."""

    network: "keras.Model"
    precision: str
    validation_step: ValidationStep
    train_step: TrainStep


class Trainer:
    """Train a network by a recipe on a data set; for one thread only.

    `learning_rate` may be set from any thread, and is used from the next chunk on. If `timing` asks
    for checkpoints, one is also taken at the end. With the recipe's `patience`, the run may stop
    early, and ends with the weights of its best validation, which are tested. Resumed from a
    checkpoint with the same data, processor and versions, it ends with the bits that it would have
    had without a break.
    """

    def __init__(
        self,
        dataset: Dataset,
        start: Recipe | Checkpoint,
        device: str = AUTOMATIC,
        *,
        timing: Timing = UNRECORDED,
    ) -> None:
        """`start` is the recipe, or what to resume from; `device` is a key, see `find_device`."""
        checkpoint = start if isinstance(start, Checkpoint) else None
        recipe = start.recipe if isinstance(start, Checkpoint) else start
        self.dataset = dataset
        self.recipe = replace(recipe, steps=start.steps)
        self._device_key = device
        self.learning_rate = self._rate_in_use = start.learning_rate
        self.checkpoints = policies.CheckpointTimer(timing.checkpoint, timing.first_checkpoint)
        self._restored = checkpoint
        self._started_recipe = recipe
        self._steps_announced = start.steps
        self._step = checkpoint.step if checkpoint else 0
        self._validated = checkpoint.validated if checkpoint else -1
        self._temperature = checkpoint.temperature if checkpoint else 1.0
        self._chunk = policies.ChunkSize(timing.chunk)
        self._batches = policies.BatchSampler(
            images=len(dataset.train), batch_size=recipe.dataset_per_batch, seed=recipe.seed
        )
        self._network: _Traced | None = None
        self._stopping = policies.EarlyStopping(recipe.patience)
        if checkpoint and checkpoint.best:
            self._stopping.best_validation = checkpoint.best
            self._stopping.best = best_snapshot(checkpoint)
        self._snapshot: Snapshot | None = None
        self._snapshot_step = -1

    def events(self) -> Iterator[Event]:
        """Train, and yield what happens; to stop the run, stop iterating.

        Yield SyntheticDigitsProgress, RunPrepared and a first snapshot; then StepsTrained every 20
        to 50 ms, SnapshotTaken now and then, EvaluationProgress and Validated at the steps of
        `validation_steps`; at the end BestWeightsRestored if others than the last weights are kept,
        a last snapshot, and EvaluationProgress and TestEvaluated of the test images. In between
        come CheckpointTaken, Resumed, StepsAdded and LearningRateChanged. Losses and accuracies do
        not depend on time. Raise TrainingError when training diverges; the last snapshot is good.

        Called again after a stop or `extend`, it continues from the current step.
        """
        network = self._network
        is_unprepared = network is None
        if network is None:
            self._network = network = yield from self._prepare()
            self._restored = None
        self.checkpoints.begin(is_new=self._step == 0)
        if self.recipe.steps != self._steps_announced:
            # First, so that no record has more steps than were announced.
            self._steps_announced = self.recipe.steps
            self.checkpoints.make_due()
            yield events.StepsAdded(self._step, self.recipe.steps)
        if is_unprepared:
            yield events.SnapshotTaken(self.snapshot())
        yield from self._train(network)
        yield from self._restored_best()
        yield events.SnapshotTaken(self.snapshot())
        if self.checkpoints.seconds is not None:
            yield events.CheckpointTaken(self.checkpoint())
        yield from evaluate_network(self.snapshot(), self.dataset.test)

    @property
    def is_prepared(self) -> bool:
        """Whether RunPrepared was yielded: before that, there is no network."""
        return self._network is not None

    def extend(self, steps: int) -> None:
        """Give the run `steps` more steps than it has done; raise RecipeError."""
        self.recipe = replace(self.recipe, steps=self._step + steps)
        self._stopping.reset_patience()

    def snapshot(self) -> Snapshot:
        """Return the current weights, at the end the best ones; RunPrepared must have come before.

        Raise TrainingError if a weight is not finite.
        """
        if self._snapshot is None or self._snapshot_step != self._step:
            assert self._network is not None
            weights = network_weights(self._network.network)
            self._check_finite(weights)
            self._snapshot = Snapshot(self.recipe, self._step, weights, self._temperature)
            self._snapshot_step = self._step
        return self._snapshot

    def checkpoint(self) -> Checkpoint:
        """Return a checkpoint of the current step; RunPrepared must have come before.

        Raise TrainingError if a number is not finite.
        """
        assert self._network is not None
        arrays = self._network.train_step.arrays() | best_arrays(self._stopping.best)
        self._check_finite(arrays)
        return Checkpoint(
            self._started_recipe,
            self.recipe.steps,
            self._step,
            self._rate_in_use,
            self._network.precision,
            self._validated,
            arrays,
            self._stopping.best_validation,
            self._temperature,
        )

    def stop_events(self) -> Iterator[Event]:
        """Yield the last snapshot and checkpoint of a run that is stopped, if there are any."""
        if self._snapshot is not None:
            yield events.SnapshotTaken(self.snapshot())
            if self.checkpoints.seconds is not None:
                yield events.CheckpointTaken(self.checkpoint())

    def _check_finite(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        if not all(np.isfinite(array.sum()) for array in arrays.values()):
            raise self._diverged(self._step)

    def _prepare(self) -> Generator[Event, None, _Traced]:
        """Load TensorFlow, generate synthetic digits, build and trace; raise DeviceError."""
        started = perf_counter()
        load_tensorflow()
        import tensorflow as tf

        recipe, restored = self._started_recipe, self._restored
        device = find_device(self._device_key)
        wanted = restored.precision if restored else self.recipe.precision
        precision = pick_precision(wanted, recipe.network, device)
        synthetic = yield from _synthetic_digits(recipe)
        network, train_step = prepare_training(
            device, recipe, precision, self.dataset.train, synthetic
        )
        with tf.device(device.placement):
            batch = recipe.architecture.evaluation_batch
            validation_step = ValidationStep(network, self.dataset.validation, batch)
        if restored:
            train_step.restore(restored.arrays)
            train_step.set_learning_rate(restored.learning_rate)
        parameters = recipe.architecture.parameters
        yield events.RunPrepared(str(device), precision, parameters, perf_counter() - started)
        if restored:
            yield events.Resumed(self._step, from_checkpoint=True)
        return _Traced(network, precision, validation_step, train_step)

    def _train(self, network: _Traced) -> Iterator[Event]:
        snapshots = policies.SnapshotTimer(self._step, self.recipe.steps)
        for stop in policies.validation_steps(self.recipe):
            if self._stopping.is_over:
                return
            while self._step < stop:
                yield from self._changed_rate(network.train_step)
                steps = min(self._chunk.steps, stop - self._step)
                yield self._run_steps(network.train_step, steps)
                if snapshots.is_due(self._step):
                    yield events.SnapshotTaken(self.snapshot())
                    snapshots.restart(self._step)
                if self.checkpoints.is_due:
                    yield events.CheckpointTaken(self.checkpoint())
                    self.checkpoints.restart()
            if self._step == self.recipe.steps:
                network.train_step.finish()
                self._snapshot = None
            if self._step == stop != self._validated:
                accuracy, loss, self._temperature = yield from network.validation_step.run()
                self._validated = self._step
                # One of these weights may have been taken with the temperature of before.
                self._snapshot_step = -1
                self._stopping.update(accuracy, self.snapshot)
                yield events.Validated(self._step, accuracy, loss)

    def _changed_rate(self, train_step: TrainStep) -> Iterator[Event]:
        rate = self.learning_rate
        if rate != self._rate_in_use:
            self._rate_in_use = rate
            train_step.set_learning_rate(rate)
            self.checkpoints.make_due()
            yield events.LearningRateChanged(self._step, rate)

    def _restored_best(self) -> Iterator[Event]:
        """Return to the best weights; continued training would start from the last ones."""
        best, validation = self._stopping.best, self._stopping.best_validation
        if best is None or validation is None or best.step == self._step:
            return
        self._snapshot, self._snapshot_step = best, self._step
        yield events.BestWeightsRestored(
            self._step,
            best.step,
            validation.accuracy,
            validation.since,
            is_early=self._step < self.recipe.steps,
        )

    def _run_steps(self, train_step: TrainStep, steps: int) -> Event:
        indices = self._batches.indices(self._step, steps)
        started = perf_counter()
        losses, accuracies = train_step.run(indices, self._step)
        seconds = perf_counter() - started
        self._chunk.adjust(steps, seconds)
        is_good = losses < _LARGEST_LOSS
        if not np.all(is_good):
            raise self._diverged(self._step + int(np.argmin(is_good)) + 1)
        self._step += steps
        measured = np.flatnonzero(np.isfinite(accuracies))
        return events.StepsTrained(
            self._step,
            self._batches.epoch(self._step),
            losses.tolist(),
            list(zip(measured.tolist(), accuracies[measured].tolist(), strict=True)),
            seconds,
        )

    def _diverged(self, step: int) -> TrainingError:
        rate, usual = self._rate_in_use, RECIPES.get(self.recipe.name, self.recipe).learning_rate
        if usual < rate:
            return TrainingError("diverged-at-raised-rate", step=step, rate=rate, usual=usual)
        return TrainingError("diverged", step=step, rate=rate)


def _synthetic_digits(
    recipe: Recipe,
) -> Generator[events.SyntheticDigitsProgress, None, LabelledImages | None]:
    """Return the recipe's synthetic digits, None if it has none."""
    parts: list[LabelledImages] = []
    for part in generate_digit_images(recipe.synthetic_images, recipe.seed):
        parts.append(part)
        yield events.SyntheticDigitsProgress(sum(map(len, parts)), recipe.synthetic_images)
    return join(parts) if parts else None
