"""When to validate, save, report and stop; the order of batches."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import BestValidation, Snapshot, is_spaced

# Seconds between the snapshots that predictions are made with during training.
_SNAPSHOT_SECONDS = 0.5
_SLOWEST_SNAPSHOT_SECONDS = 2.0
# The time between snapshots is about this fraction of the training time.
_GROWTH_PER_SNAPSHOT = 0.06
_MOST_GROWTH = 4.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a run waits, in seconds.

    `chunk` is how long a chunk takes: long enough for its overhead, short enough for a stop.
    `checkpoint` is the time between checkpoints, None for none; `first_checkpoint` that before the
    first one of a new run.
    """

    chunk: float = 0.05
    checkpoint: float | None = None
    first_checkpoint: float = 1.0


# At most five seconds of training can be lost, with the time for writing.
CHECKPOINT_SECONDS = 4.5
RECORDED = Timing(checkpoint=CHECKPOINT_SECONDS)
UNRECORDED = Timing()


class SnapshotTimer:
    """Decide when to take a snapshot: the less often, the longer a run has trained.

    Early in a run they come sooner, as close as those that the run keeps (see `is_spaced`).
    """

    def __init__(self, step: int, steps: int) -> None:
        """The last snapshot is of `step`; the run is to have `steps` steps."""
        self._started = self._last = perf_counter()
        self._last_step, self._steps = step, steps

    def is_due(self, step: int) -> bool:
        """Whether it is time for the next one, after `step` steps."""
        if is_spaced(self._last_step, step, self._steps):
            return True
        wanted = (self._last - self._started) * _GROWTH_PER_SNAPSHOT
        seconds = min(max(wanted, _SNAPSHOT_SECONDS), _SLOWEST_SNAPSHOT_SECONDS)
        return perf_counter() - self._last > seconds

    def restart(self, step: int) -> None:
        """Wait for the next one after that of `step`."""
        self._last = perf_counter()
        self._last_step = step


class CheckpointTimer:
    """Decide when to take a checkpoint: every `seconds`, never if None; see `Timing`."""

    def __init__(self, seconds: float | None, first_seconds: float) -> None:
        self.seconds = seconds
        self._first_seconds = first_seconds
        self._due = 0.0

    def begin(self, *, is_new: bool) -> None:
        """Wait for the first one of a new run or of one that is resumed."""
        if self.seconds is not None:
            first = min(self._first_seconds, self.seconds) if is_new else self.seconds
            self._due = perf_counter() + first

    def make_due(self) -> None:
        """Let the next one be due at once."""
        self._due = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next one."""
        return self.seconds is not None and perf_counter() > self._due

    def restart(self) -> None:
        """Wait for the next one."""
        self._due = perf_counter() + (self.seconds or 0.0)


def validation_steps(recipe: Recipe) -> tuple[int, ...]:
    """Return the steps at which a run validates: a few early, then evenly spaced, and the last."""
    every = recipe.validate_every
    early = {every // 10, every // 5, every // 2} - {0}
    steps = early | set(range(every, recipe.steps, every)) | {recipe.steps}
    return tuple(sorted(step for step in steps if step <= recipe.steps))


class ChunkSize:
    """Adjust the number of steps in a chunk so that it takes `target` seconds."""

    def __init__(self, target: float) -> None:
        self._target = target
        self._steps = 1.0

    @property
    def steps(self) -> int:
        """How many steps the next chunk should have."""
        return max(1, round(self._steps))

    def adjust(self, steps: int, seconds: float) -> None:
        """Adjust to a chunk of `steps` steps that took `seconds`."""
        wanted = steps * self._target / max(seconds, 1e-6)
        self._steps = min(max(wanted, 1.0), self._steps * _MOST_GROWTH)


class BatchSampler:
    """The batches of a run as a function of the step.

    The permutations of all epochs form one sequence; step s has the items s * batch_size to
    (s + 1) * batch_size of it, so a batch may be of two epochs.
    """

    def __init__(self, *, images: int, batch_size: int, seed: int) -> None:
        self._images = images
        self._batch_size = batch_size
        self._permutation = lru_cache(maxsize=2)(
            lambda epoch: np.random.default_rng((seed, epoch)).permutation(images).astype(np.int32)
        )

    def indices(self, first_step: int, steps: int) -> NDArray[np.int32]:
        """Return the image indices (steps, batch_size) of the batches from `first_step` on."""
        start = first_step * self._batch_size
        end = start + steps * self._batch_size
        parts = []
        while start < end:
            epoch, index = divmod(start, self._images)
            parts.append(self._permutation(epoch)[index : index + end - start])
            start += len(parts[-1])
        return np.concatenate(parts).reshape(steps, self._batch_size)

    def epoch(self, step: int) -> float:
        """Return how many times the images were seen after `step` steps."""
        return step * self._batch_size / self._images


class EarlyStopping:
    """Early stopping: over once `patience` validations in a row were not better than the best one.

    The weights of the best validation, the first of equals, are kept. With a patience of 0 nothing
    is kept, and it is never over. Source: I. Goodfellow, Y. Bengio and A. Courville, Deep Learning,
    2016, algorithm 7.1.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self.best_validation: BestValidation | None = None
        self.best: Snapshot | None = None

    @property
    def is_over(self) -> bool:
        """Whether the run should end."""
        return self.best_validation is not None and self.best_validation.since >= self._patience

    def update(self, accuracy: float, snapshot: Callable[[], Snapshot]) -> None:
        """Handle a validation of the weights that `snapshot` returns."""
        if not self._patience:
            return
        if self.best_validation is None or accuracy > self.best_validation.accuracy:
            self.best = snapshot()
            self.best_validation = BestValidation(
                self.best.step, accuracy, temperature=self.best.temperature
            )
        else:
            self.best_validation = replace(
                self.best_validation, since=self.best_validation.since + 1
            )

    def reset_patience(self) -> None:
        """Count from 0 again, for a run that got more steps."""
        if self.best_validation is not None:
            self.best_validation = replace(self.best_validation, since=0)
