"""Train a network by a recipe: a generator of events."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.checkpoint import Checkpoint, best_arrays, best_snapshot
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import (
    BestWeightsRestored,
    CheckpointTaken,
    EvaluationProgress,
    Event,
    LearningRateChanged,
    Resumed,
    RunPrepared,
    SnapshotTaken,
    StepsAdded,
    StepsTrained,
    SyntheticDigitsProgress,
    Validated,
)
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.models.devices import find_device, load_tensorflow, pick_precision
from mnist_gui.engine.models.networks import build_network, network_weights
from mnist_gui.engine.recipe import AUTOMATIC, RECIPES, Recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import generate_digit_images, join
from mnist_gui.engine.training.policies import (
    UNRECORDED,
    BatchSampler,
    CheckpointTimer,
    ChunkSize,
    EarlyStopping,
    SnapshotTimer,
    Timing,
    validation_steps,
)
from mnist_gui.engine.training.train_step import TrainState, TrainStep, ValidationStep

# Guessing has a loss of 2.3. From here on the weights are lost, though ReLUs that no longer
# answer to anything may keep the loss finite.
_LARGEST_LOSS = 1e6


class TrainedNetwork:
    """Trains and validates the network of a recipe; to be used by one thread only.

    `device` says in words what it computes on, `precision` how exactly.
    """

    def __init__(
        self,
        dataset: Dataset,
        recipe: Recipe,
        *,
        device: str,
        precision: str,
        drawn: LabelledImages | None,
    ) -> None:
        """`drawn` are the images that the recipe wants drawn by the program."""
        self.device = device
        self.precision = precision
        self._network = build_network(
            recipe.network,
            dropout=recipe.dropout,
            seed=recipe.seed,
            precision=precision,
            for_training=True,
        )
        self._validation_images = len(dataset.validation)
        self._batch = recipe.architecture.evaluation_batch
        self._validation_step = ValidationStep(self._network, dataset.validation, self._batch)
        self.steps = TrainStep(self._network, dataset.train, recipe, drawn)

    @property
    def state(self) -> TrainState:
        """All that the next step depends on."""
        return self.steps.state

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return copies of the weights."""
        return network_weights(self._network)

    def validate(self) -> Generator[EvaluationProgress, None, tuple[float, float]]:
        """Read the validation images; returns the accuracy 0..1 and the mean loss."""
        total, correct, loss = self._validation_images, 0, 0.0
        for start in range(0, total, self._batch):
            part_correct, part_loss = self._validation_step.run(start)
            correct += part_correct
            loss += part_loss
            yield EvaluationProgress("validation", min(start + self._batch, total), total)
        return correct / total, loss / total


def prepare_network(
    dataset: Dataset, recipe: Recipe, device_key: str, precision: str
) -> Generator[SyntheticDigitsProgress, None, TrainedNetwork]:
    """Load TensorFlow, draw what the recipe wants drawn, build and trace; raises DeviceError."""
    load_tensorflow()
    import tensorflow as tf

    device = find_device(device_key)
    picked = pick_precision(precision, recipe.network, device)
    drawn = yield from _drawn_digits(recipe)
    with tf.device(device.placement):
        return TrainedNetwork(dataset, recipe, device=str(device), precision=picked, drawn=drawn)


def _drawn_digits(recipe: Recipe) -> Generator[SyntheticDigitsProgress, Any, LabelledImages | None]:
    total = recipe.synthetic_images
    if not total:
        return None
    parts: list[LabelledImages] = []
    done = 0
    for part in generate_digit_images(total, recipe.seed):
        parts.append(part)
        done += len(part)
        yield SyntheticDigitsProgress(done, total)
    return join(parts)


class Trainer:
    """Trains a network by a recipe on a data set; to be iterated by one thread only.

    `learning_rate` may be set from any thread; it holds from the next call of steps on. With a time
    from one checkpoint to the next in `timing`, it also takes one at its end.

    With the recipe's `patience`, the run may end before its steps are done, and in any case with
    the weights of its best validation: the test images are read by those.
    """

    def __init__(
        self,
        dataset: Dataset,
        recipe: Recipe,
        device: str = AUTOMATIC,
        *,
        timing: Timing = UNRECORDED,
    ) -> None:
        """`device` is a device's key, as `find_device` takes it."""
        self.dataset = dataset
        self.recipe = recipe
        self._device_key = device
        self.learning_rate = recipe.learning_rate
        self.checkpoints = CheckpointTimer(timing.checkpoint, timing.first_checkpoint)
        self._restored: Checkpoint | None = None
        self._started_recipe = recipe
        self._rate_in_use = recipe.learning_rate
        self._steps_announced = recipe.steps
        self._step = 0
        self._validated = -1
        self._pace = ChunkSize(timing.chunk)
        self._order = BatchSampler(
            images=len(dataset.train), batch_size=recipe.dataset_per_batch, seed=recipe.seed
        )
        self._network: TrainedNetwork | None = None
        self._stopping = EarlyStopping(recipe.patience)
        self._snapshot: Snapshot | None = None
        self._snapshot_step = -1

    @classmethod
    def from_checkpoint(
        cls,
        dataset: Dataset,
        checkpoint: Checkpoint,
        device: str = AUTOMATIC,
        *,
        timing: Timing = UNRECORDED,
    ) -> Self:
        """Return a trainer that resumes from a checkpoint.

        On the same data, processor and versions it comes to the very weights, to the last bit,
        that it would have come to without a break.
        """
        recipe = replace(checkpoint.recipe, steps=checkpoint.steps)
        trainer = cls(dataset, recipe, device, timing=timing)
        trainer._restored = checkpoint
        trainer._started_recipe = checkpoint.recipe
        trainer._step = checkpoint.step
        trainer._validated = checkpoint.validated
        trainer.learning_rate = trainer._rate_in_use = checkpoint.learning_rate
        if checkpoint.best is not None:
            trainer._stopping.restore(checkpoint.best, best_snapshot(checkpoint))
        return trainer

    def events(self) -> Iterator[Event]:
        """Train, and yield what happens; not asking for the next event stops the run.

        Yields SyntheticDigitsProgress while the program draws what the recipe wants, RunPrepared
        and a first snapshot; then StepsTrained after every 20 to 50 ms, SnapshotTaken now and then,
        EvaluationProgress and Validated at the steps of `validation_steps`; at the end
        BestWeightsRestored where the last weights are not those that are kept, a last snapshot, and
        EvaluationProgress and TestEvaluated of the test images. Between them come CheckpointTaken,
        and Resumed, StepsAdded and LearningRateChanged where they take effect. Losses and
        accuracies depend on the recipe and the data only, not on time. Raises TrainingError when
        the loss grows beyond all use; the last snapshot that was yielded is a good one.

        Called again on a run that was stopped or extended, it goes on where the run is.
        """
        network = self._network
        is_unprepared = network is None
        if network is None:
            self._network = network = yield from self._prepare()
            self._restored = None
        self.checkpoints.begin(is_new=self._step == 0)
        yield from self._added_steps()
        if is_unprepared:
            yield SnapshotTaken(self.snapshot())
        yield from self._train(network)
        yield from self._restored_best()
        yield SnapshotTaken(self.snapshot())
        if self.checkpoints.seconds is not None:
            yield CheckpointTaken(self.checkpoint())
        yield from evaluate_network(self.snapshot(), self.dataset.test)

    @property
    def is_prepared(self) -> bool:
        """Whether RunPrepared was yielded; before that a run has no network, new or restored."""
        return self._network is not None

    def extend(self, steps: int) -> None:
        """Let the run have so many more steps than it has done; raises RecipeError."""
        self.recipe = replace(self.recipe, steps=self._step + steps)
        self._stopping.reset_patience()

    def snapshot(self) -> Snapshot:
        """Return the network as it is now, or as it is kept; RunPrepared must have been yielded.

        Raises TrainingError if a weight is not finite.
        """
        if self._snapshot is None or self._snapshot_step != self._step:
            self._snapshot = self._take_snapshot()
            self._snapshot_step = self._step
        return self._snapshot

    def checkpoint(self) -> Checkpoint:
        """Return what it takes to go on from here; RunPrepared must have been yielded.

        Raises TrainingError if a number is not finite.
        """
        assert self._network is not None
        arrays = self._network.state.arrays() | best_arrays(self._stopping.best)
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
        )

    def stop_events(self) -> Iterator[Event]:
        """Yield what a run that is stopped leaves behind: its weights, if there are any."""
        if self._snapshot is not None:
            yield SnapshotTaken(self.snapshot())
            if self.checkpoints.seconds is not None:
                yield CheckpointTaken(self.checkpoint())

    def _take_snapshot(self) -> Snapshot:
        assert self._network is not None
        weights = self._network.weights()
        self._check_finite(weights)
        return Snapshot(self.recipe, self._step, weights)

    def _check_finite(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        if not all(np.isfinite(array.sum()) for array in arrays.values()):
            raise self._diverged(self._step)

    def _prepare(self) -> Generator[Event, None, TrainedNetwork]:
        started = perf_counter()
        restored = self._restored
        precision = restored.precision if restored else self.recipe.precision
        network = yield from prepare_network(
            self.dataset, self._started_recipe, self._device_key, precision
        )
        if restored:
            network.state.restore(restored.arrays)
            network.steps.set_learning_rate(restored.learning_rate)
        parameters = self.recipe.architecture.parameters
        seconds = perf_counter() - started
        yield RunPrepared(network.device, network.precision, parameters, seconds)
        if restored:
            yield Resumed(self._step, from_checkpoint=True)
        return network

    def _train(self, network: TrainedNetwork) -> Iterator[Event]:
        snapshots = SnapshotTimer()
        for stop in validation_steps(self.recipe):
            if self._stopping.is_over:
                return
            while self._step < stop:
                yield from self._changed_rate(network.steps)
                yield self._run_steps(network.steps, min(self._pace.steps, stop - self._step))
                if snapshots.is_due:
                    yield SnapshotTaken(self.snapshot())
                    snapshots.restart()
                yield from self._due_checkpoint()
            if self._step == self.recipe.steps:
                network.steps.finish()
                self._snapshot = None
            if self._step == stop != self._validated:
                yield from self._validate(network)

    def _changed_rate(self, train_step: TrainStep) -> Iterator[Event]:
        rate = self.learning_rate
        if rate != self._rate_in_use:
            self._rate_in_use = rate
            train_step.set_learning_rate(rate)
            self.checkpoints.make_due()
            yield LearningRateChanged(self._step, rate)

    def _due_checkpoint(self) -> Iterator[Event]:
        if self.checkpoints.is_due:
            yield CheckpointTaken(self.checkpoint())
            self.checkpoints.restart()

    def _added_steps(self) -> Iterator[Event]:
        # Before anything of it can be kept, so that no record has more steps than it was told of.
        if self.recipe.steps != self._steps_announced:
            self._steps_announced = self.recipe.steps
            self.checkpoints.make_due()
            yield StepsAdded(self._step, self.recipe.steps)

    def _restored_best(self) -> Iterator[Event]:
        """Go back to the best weights, though training would go on from the last ones."""
        best, validation = self._stopping.best, self._stopping.best_validation
        if best is None or validation is None or best.step == self._step:
            return
        self._snapshot, self._snapshot_step = best, self._step
        yield BestWeightsRestored(
            self._step,
            best.step,
            validation.accuracy,
            validation.since,
            is_early=self._step < self.recipe.steps,
        )

    def _run_steps(self, train_step: TrainStep, steps: int) -> StepsTrained:
        indices = self._order.indices(self._step, steps)
        started = perf_counter()
        losses, accuracies = train_step.run(indices, self._step)
        seconds = perf_counter() - started
        self._pace.adjust(steps, seconds)
        is_good = losses < _LARGEST_LOSS
        if not np.all(is_good):
            raise self._diverged(self._step + int(np.argmin(is_good)) + 1)
        self._step += steps
        measured = np.flatnonzero(np.isfinite(accuracies))
        return StepsTrained(
            self._step,
            self._order.epoch(self._step),
            losses.tolist(),
            list(zip(measured.tolist(), accuracies[measured].tolist(), strict=True)),
            seconds,
        )

    def _validate(self, network: TrainedNetwork) -> Iterator[Event]:
        accuracy, loss = yield from network.validate()
        self._validated = self._step
        self._stopping.update(accuracy, self.snapshot)
        yield Validated(self._step, accuracy, loss)

    def _diverged(self, step: int) -> TrainingError:
        rate, usual = self._rate_in_use, RECIPES.get(self.recipe.name, self.recipe).learning_rate
        advice = f"the recipe's own is {usual:g}" if usual < rate else "try a tenth of it"
        return TrainingError(
            f"Training diverged at step {step:,}: the loss is not finite any more. "
            f"The learning rate of {rate:g} is probably too high; {advice}."
        )
