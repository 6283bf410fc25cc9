"""A run that is trained in this program: its state and its events, recorded as they happen."""

from collections.abc import Callable, Iterator

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import MnistGuiError, RunStoreError
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
    """The state of what the engine's thread does, for the thread that handles its events."""

    def __init__(self, state: RunState = RunState.PREPARING) -> None:
        self.state = state
        self._paused_state = state
        self._is_held = False

    def begin(self) -> None:
        """Start it again."""
        self.state = RunState.PREPARING
        self._is_held = False

    def handle(self, event: Event) -> None:
        """Update the state after an event."""
        # A pause or stop that was requested since stays.
        if self.state not in (RunState.PREPARING, RunState.TRAINING):
            return
        match event:
            # No RunPrepared comes for a run that is resumed in this process.
            case RunPrepared() | StepsTrained() | Validated():
                self.state = RunState.TRAINING
            case EvaluationProgress(split="test"):
                self.state = RunState.TESTING

    def pause(self) -> bool:
        """Request a pause after the current event; return whether it can be paused."""
        if self.state not in (RunState.TRAINING, RunState.TESTING):
            return False
        self._paused_state, self.state = self.state, RunState.PAUSED
        return True

    def hold(self) -> bool:
        """Note that it is held now; return whether that is still asked for."""
        self._is_held = self.state is RunState.PAUSED
        return self._is_held

    def resume(self) -> bool:
        """Resume it; return whether it was paused."""
        if self.state is not RunState.PAUSED:
            return False
        self.state, self._is_held = self._paused_state, False
        return True

    def stop(self) -> None:
        """Request its end."""
        self.state = RunState.STOPPING

    def end(self) -> None:
        """Note that it has ended."""
        self.state = RunState.IDLE


class Run(Activity):
    """A run: its trainer, its history, and its recorder unless it is not recorded.

    `events` trains and records, on the thread that iterates it. All else is for the thread that
    passes the events to `handle`, which updates `history` and `state`. Where both are one thread,
    `events_until` does everything.

    Whoever stops iterating `events` iterates `stop_events`; otherwise the record says that the run
    was interrupted. Before the first event, the record is left as it is.
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
        """The run ID, once its folder was made."""
        return self.recorder.run_id if self.recorder else None

    @property
    def test_images(self) -> LabelledImages:
        """The test images of its data set."""
        return self._trainer.dataset.test

    @property
    def can_resume(self) -> bool:
        """Whether its network was prepared, so that there is something to resume."""
        return self.history.prepared is not None

    @property
    def is_recorded(self) -> bool:
        """Whether everything is on the disk, or is not to be recorded."""
        return self.recorder is None or self.recorder.is_written

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next steps; may be set at any time."""
        return self._trainer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self._trainer.learning_rate = learning_rate

    def extend(self, steps: int) -> None:
        """Give it `steps` more steps than it has done; raise RecipeError."""
        self._trainer.extend(steps)
        self.history.recipe = self._trainer.recipe

    # --- the thread that trains ----------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Train, and yield the events of `Trainer.events`."""
        self._is_begun = True
        if self.recorder:
            self.recorder.mark_resumed()
        yield from self._recorded(self._trainer.events(), RunStatus.COMPLETED)

    def stop_events(self) -> Iterator[Event]:
        """Yield the last snapshot and checkpoint of a run that is stopped."""
        ending = RunStatus.STOPPED if self._is_begun and not self._is_left else None
        yield from self._recorded(self._trainer.stop_events(), ending)

    def events_until(self, is_stopped: Callable[[], bool]) -> Iterator[Event]:
        """Train and handle on one thread until `is_stopped`; yield each event once handled."""
        for event in self.events():
            self.handle(event)
            yield event
            if is_stopped():
                for last in self.stop_events():
                    self.handle(last)
                    yield last
                break
        self.end()

    def _recorded(self, events: Iterator[Event], ending: RunStatus | None) -> Iterator[Event]:
        if self.recorder is None:
            yield from events
            return
        try:
            for event in events:
                self._record(event, self.recorder)
                yield event
        except Exception as error:
            self.recorder.end(RunStatus.FAILED, error)
            raise
        if ending is not None:
            self.recorder.end(ending)

    def _record(self, event: Event, recorder: RunRecorder) -> None:
        recorder.record(event)
        best = recorder.info.best_validation
        if isinstance(event, Validated) and best is not None and best.step == event.step:
            recorder.save_best(self._trainer.snapshot())

    # --- the thread that handles the events ----------------------------------------------------

    def handle(self, event: Event) -> None:
        """Update the history and the state after an event."""
        self.history.append(event)
        super().handle(event)

    def hold(self) -> bool:
        """Note that it is held now; return whether that is still asked for."""
        is_held = super().hold()
        if is_held:
            self.note(Paused(self.history.step))
        return is_held

    def resume(self) -> bool:
        """Resume it; return whether it was paused."""
        was_held = self._is_held
        is_resumed = super().resume()
        if is_resumed and was_held:
            self.note(Resumed(self.history.step))
        return is_resumed

    def note(self, event: Annotation) -> None:
        """Record what was done to the run while it is paused."""
        self.history.append(event)
        if self.recorder:
            self.recorder.record(event)

    def test_counter(
        self, snapshot: Snapshot, run_id: str
    ) -> Callable[[TestEvaluated], None] | None:
        """Return what counts an evaluation of a network on the test images.

        None if the network, loaded from the run `run_id`, is not of this run. The run must not be
        training.
        """
        if self.recorder is None:
            return None
        # A resumed run may have been stopped before its network was prepared.
        if self._trainer.is_prepared and self._trainer.snapshot() is snapshot:
            return self.recorder.record
        count = self.recorder.count_test_evaluation
        return (lambda _: count()) if run_id == self.run_id else None

    def leave(self) -> None:
        """Let a stop from now on count as an interruption: the program ends."""
        self._is_left = True

    def close(self, wait_seconds: float | None = None) -> bool:
        """Write the rest of its record; return whether all could be written."""
        return self.recorder is None or self.recorder.close(wait_seconds)


def start_run(
    store: RunStore | None,
    dataset: Dataset,
    recipe: Recipe,
    *,
    device: str = AUTOMATIC,
    warn: Callable[[MnistGuiError], None],
    timing: Timing = RECORDED,
) -> Run:
    """Return a new run, recorded if there is a store.

    `device` is a device's key; `warn` is called on any thread with problems of the record.
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
    warn: Callable[[MnistGuiError], None],
    timing: Timing = RECORDED,
) -> Run:
    """Return a run of a store, to be resumed with the same bits, or restarted without checkpoint.

    Its history has the events until the checkpoint. `device` and `warn` are as for `start_run`.
    Raise RunStoreError.
    """
    checkpoint, recorder = store.resume(run_id, dataset, warn)
    if checkpoint is None:
        recipe = recorder.info.recipe
        return Run(Trainer(dataset, recipe, device, timing=timing), History(recipe), recorder)
    trainer = Trainer(dataset, checkpoint, device, timing=timing)
    try:
        history = store.history(run_id, checkpoint.step).history
    except RunStoreError as error:
        # A run can be resumed without its curves.
        warn(error)
        history = History(trainer.recipe)
    history.recipe = trainer.recipe
    # The history may be damaged, or too long to be read to its end.
    history.step = checkpoint.step
    return Run(trainer, history, recorder)


class NetworkTest(Activity):
    """The evaluation of a network on test images; `count` is called at its end."""

    def __init__(
        self, snapshot: Snapshot, dataset: Dataset, count: Callable[[TestEvaluated], None]
    ) -> None:
        super().__init__(RunState.TESTING)
        self._snapshot = snapshot
        self._dataset = dataset
        self._count = count

    def events(self) -> Iterator[EvaluationProgress | TestEvaluated]:
        """Yield what `evaluate_network` yields."""
        for event in evaluate_network(self._snapshot, self._dataset.test):
            if isinstance(event, TestEvaluated):
                self._count(event)
            yield event


def record_test_evaluation(
    store: RunStore, run_id: str, dataset: Dataset, warn: Callable[[MnistGuiError], None]
) -> None:
    """Count one more evaluation of a run's network on the test images of a data set.

    `run_id` is "" for a network of no run. If it cannot be written, `warn` is called.
    """
    if not run_id:
        return
    try:
        store.count_test_evaluation(run_id, dataset.fingerprint)
    except RunStoreError as error:
        warn(error)
