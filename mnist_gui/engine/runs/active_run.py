"""A run as it is trained here: one state, one stream of events, recorded as they happen."""

from collections.abc import Callable, Iterator

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import RunStoreError, sentence
from mnist_gui.engine.events import (
    Annotation,
    EvaluationProgress,
    Event,
    Paused,
    Resumed,
    RunPrepared,
    RunState,
    StepsTrained,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.policies import RECORDED, Timing
from mnist_gui.engine.training.trainer import Trainer


class Activity:
    """What is done on the engine's thread, and where it stands as far as its watcher has seen.

    To be used by the thread that watches.
    """

    def __init__(self, state: RunState = RunState.PREPARING) -> None:
        self.state = state
        self._paused_state = state
        self._is_held = False

    def begin(self) -> None:
        """Let it be under way again."""
        self.state = RunState.PREPARING
        self._is_held = False

    def handle(self, event: Event) -> None:
        """Take in what happened next."""
        # Unless something else was asked for since.
        if self.state in (RunState.PREPARING, RunState.TRAINING):
            self.state = _state_after(event) or self.state

    def pause(self) -> bool:
        """Let it be paused, and return whether it can be; it is held after its current event."""
        if self.state not in (RunState.TRAINING, RunState.TESTING):
            return False
        self._paused_state, self.state = self.state, RunState.PAUSED
        return True

    def hold(self) -> bool:
        """Note that it is held now; return whether that is still asked for."""
        self._is_held = self.state is RunState.PAUSED
        return self._is_held

    def resume(self) -> bool:
        """Let it go on where it was paused, and return whether it was."""
        if self.state is not RunState.PAUSED:
            return False
        self.state, self._is_held = self._paused_state, False
        return True

    def stop(self) -> None:
        """Note that it is to end soon."""
        self.state = RunState.STOPPING

    def end(self) -> None:
        """Note that it has ended, in whatever way."""
        self.state = RunState.IDLE


def _state_after(event: Event) -> RunState | None:
    match event:
        # A run that is resumed in this process is not prepared anew.
        case RunPrepared() | StepsTrained() | Validated():
            return RunState.TRAINING
        case EvaluationProgress(split="test"):
            return RunState.TESTING
    return None


class Run(Activity):
    """A run: what trains it, its history, and its record unless it has no `recorder`.

    `events` does the work and records it, on whatever thread iterates it. All else is for the
    thread that watches: it gives each event to `handle`, which is what `history` and `state` tell
    of. Where both are one thread, `events_until` does all of it.

    Who stops asking `events` for more asks `stop_events`; without that the record says that the
    run was interrupted, and it can be resumed from its last checkpoint. Before `events` was asked
    for the first, nothing was begun, and the record stays what it is.
    """

    def __init__(
        self, trainer: Trainer, history: History, recorder: RunRecorder | None = None
    ) -> None:
        super().__init__()
        self.history = history
        self.recorder = recorder
        self._trainer = trainer
        self._is_begun = False
        self._is_left = False

    @property
    def run_id(self) -> str | None:
        """The ID in its store, once its folder could be made."""
        return self.recorder.run_id if self.recorder else None

    @property
    def test_images(self) -> LabelledImages:
        """What it is tested on."""
        return self._trainer.dataset.test

    @property
    def can_resume(self) -> bool:
        """Whether it got so far that there is something to resume."""
        return self.history.prepared is not None

    @property
    def is_recorded(self) -> bool:
        """Whether all that happened in it is on the disk, or it is not to be."""
        return self.recorder is None or self.recorder.is_written

    @property
    def learning_rate(self) -> float:
        """The rate that it learns at, from its next steps on; may be set at any time."""
        return self._trainer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self._trainer.learning_rate = learning_rate

    def extend(self, steps: int) -> None:
        """Let it have so many more steps than it has done; raises RecipeError."""
        self._trainer.extend(steps)
        self.history.recipe = self._trainer.recipe

    # --- the work ------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Train, and yield what happens, as `Trainer.events` does."""
        self._is_begun = True
        if self.recorder:
            self.recorder.mark_resumed()
        yield from self._recorded(self._trainer.events(), RunStatus.COMPLETED)

    def stop_events(self) -> Iterator[Event]:
        """Yield what the run leaves behind where it is stopped."""
        ending = RunStatus.STOPPED if self._is_begun and not self._is_left else None
        yield from self._recorded(self._trainer.stop_events(), ending)

    def events_until(self, is_stopped: Callable[[], bool]) -> Iterator[Event]:
        """Train on the watching thread, until `is_stopped`: yield each event, handled already."""
        for event in self._events_until(is_stopped):
            self.handle(event)
            yield event
        self.end()

    def _events_until(self, is_stopped: Callable[[], bool]) -> Iterator[Event]:
        for event in self.events():
            yield event
            if is_stopped():
                yield from self.stop_events()
                return

    def _recorded(self, events: Iterator[Event], ending: RunStatus | None) -> Iterator[Event]:
        if self.recorder is None:
            yield from events
            return
        try:
            for event in events:
                self._record(event, self.recorder)
                yield event
        except Exception as error:
            self.recorder.end(RunStatus.FAILED, sentence(error))
            raise
        if ending is not None:
            self.recorder.end(ending)

    def _record(self, event: Event, recorder: RunRecorder) -> None:
        recorder.record(event)
        best = recorder.info.best_validation
        if isinstance(event, Validated) and best is not None and best.step == event.step:
            recorder.save_best(self._trainer.snapshot())

    # --- what its watcher does -----------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Take in what happened next."""
        self.history.append(event)
        super().handle(event)

    def hold(self) -> bool:
        """Note that it is held now; return whether that is still asked for."""
        is_held = super().hold()
        if is_held:
            self.note(Paused(self.history.step))
        return is_held

    def resume(self) -> bool:
        """Let it go on where it was paused, and return whether it was."""
        was_held = self._is_held
        is_resumed = super().resume()
        if is_resumed and was_held:
            self.note(Resumed(self.history.step))
        return is_resumed

    def note(self, event: Annotation) -> None:
        """Take in, and record, what was done to the run while it waits."""
        self.history.append(event)
        if self.recorder:
            self.recorder.record(event)

    def test_counter(
        self, snapshot: Snapshot, run_id: str
    ) -> Callable[[TestEvaluated], None] | None:
        """Return what notes that a network was tested, None for one that is not of this run.

        `run_id` is of the run that it was loaded from. The run must not be under way.
        """
        if self.recorder is None:
            return None
        # One of the store may have been stopped before its network was there again.
        if self._trainer.is_prepared and self._trainer.snapshot() is snapshot:
            return self.recorder.record
        count = self.recorder.count_test_evaluation
        return (lambda _: count()) if run_id == self.run_id else None

    def leave(self) -> None:
        """Let the record say from now on that a stop interrupts the run: the program ends."""
        self._is_left = True

    def close(self, wait_seconds: float | None = None) -> bool:
        """Write what is left of its record; return whether all could be written."""
        return self.recorder is None or self.recorder.close(wait_seconds)


def start_run(
    store: RunStore | None,
    dataset: Dataset,
    recipe: Recipe,
    *,
    device: str = AUTOMATIC,
    warn: Callable[[str], None],
    timing: Timing = RECORDED,
) -> Run:
    """Return a run that is to begin, recorded in a store if there is one.

    `device` is a device's key; `warn` is called, on any thread, with what the user should know of
    its record.
    """
    if store is None:
        return Run(Trainer(dataset, recipe, device), History(recipe))
    trainer = Trainer(dataset, recipe, device, timing=timing)
    return Run(trainer, History(recipe), store.start(recipe, dataset, warn))


def resume_run(
    store: RunStore,
    run_id: str,
    dataset: Dataset,
    *,
    device: str = AUTOMATIC,
    warn: Callable[[str], None],
    timing: Timing = RECORDED,
) -> Run:
    """Return a run of a store, to be resumed to the same bits, or restarted without a checkpoint.

    Its history is what happened in it before. `device` and `warn` are as for `start_run`. Raises
    RunStoreError.
    """
    checkpoint, recorder = store.resume(run_id, dataset, warn)
    if checkpoint is None:
        recipe = recorder.info.recipe
        return Run(Trainer(dataset, recipe, device, timing=timing), History(recipe), recorder)
    trainer = Trainer.from_checkpoint(dataset, checkpoint, device, timing=timing)
    try:
        history = store.history(run_id, checkpoint.step).history
    except RunStoreError as error:
        # Without its curves a run is still worth resuming.
        warn(str(error))
        history = History(trainer.recipe)
    history.recipe = trainer.recipe
    return Run(trainer, history, recorder)


class NetworkTest(Activity):
    """A test of a network on a data set's test images; `count` is called when all are read."""

    def __init__(
        self, snapshot: Snapshot, dataset: Dataset, count: Callable[[TestEvaluated], None]
    ) -> None:
        super().__init__(RunState.TESTING)
        self._snapshot = snapshot
        self._dataset = dataset
        self._count = count

    def events(self) -> Iterator[EvaluationProgress | TestEvaluated]:
        """Do it, and yield what `evaluate_network` yields."""
        for event in evaluate_network(self._snapshot, self._dataset.test):
            if isinstance(event, TestEvaluated):
                self._count(event)
            yield event


def record_test_evaluation(
    store: RunStore, run_id: str, dataset: Dataset, warn: Callable[[str], None]
) -> None:
    """Note with a run that its network has read the test images of a data set once more.

    `run_id` is "" for a network of no run. Where it cannot be noted, `warn` is called with the
    reason: the result is no worse for it.
    """
    if not run_id:
        return
    try:
        store.count_test_evaluation(run_id, dataset.fingerprint)
    except RunStoreError as error:
        warn(str(error))
