"""What a worker of a cluster computes: a part of a run, from one checkpoint to the next.

The worker keeps the run that it trained last, so that the next part of it goes on without being
prepared anew. One that comes to another worker begins with the checkpoint, to the same bits.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from time import perf_counter

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import MnistGuiError, SweepError, as_problem
from mnist_gui.engine.events import (
    EvaluationProgress,
    Event,
    SnapshotTaken,
    StepsTrained,
    SyntheticDigitsProgress,
    Validated,
)
from mnist_gui.engine.models.devices import processor_name, use_threads
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.engine.runs.run import RunVersions
from mnist_gui.engine.snapshot import Checkpoint, Snapshot, is_spaced, thin_out
from mnist_gui.engine.training.policies import Timing
from mnist_gui.engine.training.trainer import Trainer

# So that a result can be sent: large networks keep fewer snapshots than when trained at home.
_MOST_SNAPSHOT_BYTES = 64 << 20
# The only checkpoint is the one at the end.
_TIMING = Timing(checkpoint=inf, first_checkpoint=inf)
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the last bits of a network depend on, beside its recipe and its data."""

    versions: RunVersions
    processor: str
    threads: int


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A part of a run to be trained, of about `seconds`, from its recipe or a checkpoint on.

    `fingerprint` is that of the data set, `threads` how many TensorFlow is to use. `key` tells
    apart the runs, `device` is a device's key.
    """

    key: str
    start: Recipe | Checkpoint
    fingerprint: str
    device: str
    threads: int
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class SegmentResult:
    """What happened in a part of a run; `best` are the weights of the best validation in it.

    With a `problem`, the run has failed after these events.
    """

    events: tuple[Event, ...]
    conditions: Conditions
    best: Snapshot | None = None
    is_done: bool = False
    problem: MnistGuiError | None = None


class _Kept:
    """The run that was trained last in this process, as it is after `step` steps."""

    key = ""
    step = -1
    trainer: Trainer | None = None


def train_segment(segment: Segment, dataset: Dataset | None) -> SegmentResult:
    """Train a part of a run; without a data set, on the MNIST that ships."""
    # TensorFlow divides the processor itself, and one run at a time is what is kept.
    with _ONE_AT_A_TIME:
        conditions = Conditions(versions(), processor_name(), use_threads(segment.threads))
        part = _Part(segment)
        try:
            trainer = _trainer(segment, dataset or _shipped())
            part.train(trainer)
        except Exception as error:  # noqa: BLE001 - the one who asked gets it
            return SegmentResult(part.sent(), conditions, part.best, problem=as_problem(error))
        if not part.is_done:
            _Kept.key, _Kept.step, _Kept.trainer = segment.key, part.step, trainer
        return SegmentResult(part.sent(), conditions, part.best, part.is_done)


@lru_cache(maxsize=1)
def _shipped() -> Dataset:
    return load_dataset()


def _trainer(segment: Segment, dataset: Dataset) -> Trainer:
    """Return what trains this part; nothing is kept from now on, lest two be in memory."""
    if dataset.fingerprint != segment.fingerprint:
        raise SweepError("cluster-other-data")
    kept, _Kept.trainer = _Kept.trainer, None
    start = segment.start
    step = start.step if isinstance(start, Checkpoint) else 0
    if kept is not None and (_Kept.key, _Kept.step) == (segment.key, step):
        return kept
    return Trainer(dataset, start, segment.device, timing=_TIMING)


class _Part:
    """The events of a part of a run, which is at `step`."""

    def __init__(self, segment: Segment) -> None:
        self._seconds = segment.seconds
        self._steps = segment.start.steps
        self._events: list[Event] = []
        self._spaced: list[Snapshot] = []
        self._last: Snapshot | None = None
        self._best_accuracy = -1.0
        self.step = 0
        self.best: Snapshot | None = None
        self.is_done = False

    def train(self, trainer: Trainer) -> None:
        """Train until it is time, or to the end of the run."""
        deadline = inf
        for event in trainer.events():
            self._keep(event, trainer)
            if not isinstance(event, StepsTrained):
                continue
            deadline = min(deadline, perf_counter() + self._seconds)
            if perf_counter() >= deadline and event.step < self._steps:
                for last in trainer.stop_events():
                    self._keep(last, trainer)
                return
        self.is_done = True

    def sent(self) -> tuple[Event, ...]:
        """Return the events; of the snapshots those that a run would keep, and the last one.

        There are the fewer, the larger they are.
        """
        if self._last is None:
            return tuple(self._events)
        size = sum(array.nbytes for array in self._last.weights.values())
        steps = thin_out((one.step for one in self._spaced), _MOST_SNAPSHOT_BYTES // size)
        kept = [one for one in self._spaced if one.step in steps and one.step < self._last.step]
        return (*self._events, *map(SnapshotTaken, (*kept, self._last)))

    def _keep(self, event: Event, trainer: Trainer) -> None:
        match event:
            case EvaluationProgress() | SyntheticDigitsProgress():
                return
            case SnapshotTaken():
                self._keep_snapshot(event.snapshot)
                return
            case StepsTrained():
                self.step = event.step
            case Validated() if event.accuracy > self._best_accuracy:
                self.best, self._best_accuracy = trainer.snapshot(), event.accuracy
        self._events.append(event)

    def _keep_snapshot(self, snapshot: Snapshot) -> None:
        self._last = snapshot
        if not self._spaced or is_spaced(self._spaced[-1].step, snapshot.step, self._steps):
            self._spaced.append(snapshot)
