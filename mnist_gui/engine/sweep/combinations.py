"""The combinations of a sweep and their runs; what is told of them while they are trained."""

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError, SweepError, is_out_of_memory
from mnist_gui.engine.events import EvaluationProgress, Event, StepsTrained, Validated
from mnist_gui.engine.io.files import locked
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.runs.active_run import Run, resume_run, start_run
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.sweep.choices import ended_run, open_run

# A disk that has not answered by then is unlikely to answer at all.
LONGEST_WAIT_SECONDS = 60.0
# Often enough for a progress bar.
_NEWS_SECONDS = 0.2

Warn = Callable[[MnistGuiError], None]
IsStopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Trained:
    """The run of a combination has done `step` steps; loss and accuracy are the last ones known."""

    recipe: Recipe
    step: int
    loss: float | None = None
    accuracy: float | None = None
    is_testing: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more is trained of a combination; `problem` says why, unless it is done or stopped.

    One that `is_given_up` has no result because what trained it was ended from outside, not
    because of its values; one that `is_pruned` was ended early, as others were better by then.
    """

    recipe: Recipe
    problem: MnistGuiError | None = None
    is_given_up: bool = False
    is_pruned: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Something went wrong in the record of a run, or with what trains it; the sweep goes on."""

    problem: MnistGuiError


News = Trained | Ended | Told


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Combinations of values, and where their runs are recorded.

    `names` are the hyperparameters in which the recipes differ, `device` is a device's key.
    """

    recipes: tuple[Recipe, ...]
    names: tuple[str, ...]
    store: RunStore
    dataset: Dataset
    device: str = AUTOMATIC

    def remaining(self) -> list[Recipe]:
        """Return the combinations without a run that has ended, each once; raise RunStoreError."""
        runs = self.store.runs().runs
        fingerprint = self.dataset.fingerprint
        return [r for r in dict.fromkeys(self.recipes) if not ended_run(r, fingerprint, runs)]

    def has_ended(self, recipe: Recipe) -> bool:
        """Whether a combination has a run that has ended; raise RunStoreError."""
        runs = self.store.runs().runs
        return ended_run(recipe, self.dataset.fingerprint, runs) is not None

    def ended_runs(self) -> list[RunRecord]:
        """Return the runs that have ended, in the combinations' order; raise RunStoreError."""
        runs = self.store.runs().runs
        found = (ended_run(each, self.dataset.fingerprint, runs) for each in self.recipes)
        return list(dict.fromkeys(filter(None, found)))

    def values(self, recipe: Recipe) -> list[str]:
        """Return the values of a combination as they are written on the command line."""
        return [f"{name}={_text(getattr(recipe, name))}" for name in self.names]

    def open(self, recipe: Recipe, warn: Warn) -> Run:
        """Return the run of a combination: the one begun before, or a new one."""
        last = open_run(recipe, self.dataset.fingerprint, self.store.runs().runs)
        if last is None:
            return start_run(self.store, self.dataset, recipe, device=self.device, warn=warn)
        return resume_run(self.store, last.run_id, self.dataset, device=self.device, warn=warn)


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


class Reporter:
    """Make news of the events of one run: every 0.2 s, and whenever it was validated."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._step = 0
        self._loss: float | None = None
        self._accuracy: float | None = None
        self._last = 0.0

    def news(self, event: Event) -> Iterator[Trained]:
        """Yield what is to be told after an event, if it is time."""
        is_due = perf_counter() - self._last > _NEWS_SECONDS
        is_testing = False
        match event:
            case StepsTrained():
                self._step, self._loss = event.step, event.losses[-1]
            case Validated():
                self._step, self._accuracy, is_due = event.step, event.accuracy, True
            case EvaluationProgress(split="test"):
                is_testing = True
            case _:
                return
        if is_due:
            self._last = perf_counter()
            yield Trained(self._recipe, self._step, self._loss, self._accuracy, is_testing)


def trained_events(
    sweep: Sweep, recipe: Recipe, is_stopped: IsStopped, warn: Warn
) -> Iterator[Event]:
    """Train the run of a combination to its end or until `is_stopped`; yield its events.

    `warn` is called on any thread with problems of the record. Raise what training raises.
    """
    run = sweep.open(recipe, warn)
    try:
        yield from run.events_until(is_stopped)
    finally:
        if not run.close(LONGEST_WAIT_SECONDS):
            warn(RunStoreError("run-end-not-recorded", folder=sweep.store.folder))


def train_combination(
    sweep: Sweep, recipe: Recipe, is_stopped: IsStopped, warn: Warn
) -> Iterator[News]:
    """Train the run of a combination as `trained_events` does; yield Trained and at last Ended.

    What another sweep in the same folder trains now, or has trained meanwhile, is left to it. Raise
    what is neither a known problem nor a lack of memory.
    """
    reporter = Reporter(recipe)
    try:
        for event in _events_if_left(sweep, recipe, is_stopped, warn):
            yield from reporter.news(event)
    except Exception as error:
        problem = expected_problem(error)
        if problem is None:
            raise
        # The run is recorded as failed; the next one may succeed.
        yield Ended(recipe, problem)
    else:
        yield Ended(recipe)


def _events_if_left(
    sweep: Sweep, recipe: Recipe, is_stopped: IsStopped, warn: Warn
) -> Iterator[Event]:
    """Yield what `trained_events` does, unless another sweep has trained it meanwhile."""
    with _claimed(sweep, recipe):
        if not sweep.has_ended(recipe):
            yield from trained_events(sweep, recipe, is_stopped, warn)


@contextmanager
def _claimed(sweep: Sweep, recipe: Recipe) -> Iterator[None]:
    """Keep a combination from other sweeps in the folder; raise SweepError if one trains it."""
    name = sha256(f"{sweep.dataset.fingerprint} {recipe}".encode()).hexdigest()[:32]
    path = sweep.store.folder / f".sweep-{name}"
    with ExitStack() as claim:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            claim.enter_context(locked(path, wait_seconds=0))
        except OSError as error:
            # In a folder that cannot be written to, the record says what is wrong.
            if error.errno == errno.EBUSY:
                raise SweepError("sweep-elsewhere", values=sweep.values(recipe)) from error
        else:
            claim.callback(_remove, path)
        yield


def _remove(path: Path) -> None:
    """Remove a file, if the system lets an open one be removed; it is empty."""
    with suppress(OSError):
        path.unlink()


def expected_problem(error: Exception) -> MnistGuiError | None:
    """Return what a user can do something about; None for an error that nobody has thought of."""
    if is_out_of_memory(error):
        return MnistGuiError("out-of-memory")
    return error if isinstance(error, MnistGuiError) else None


def sweep_here(sweep: Sweep, is_stopped: IsStopped, warn: Warn) -> Iterator[News]:
    """Train the combinations that have not ended in this process, one after the other."""
    for recipe in sweep.remaining():
        if is_stopped():
            return
        yield from train_combination(sweep, recipe, is_stopped, warn)
