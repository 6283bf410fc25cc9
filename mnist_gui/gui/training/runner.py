"""Training runs and tests: at most one at a time, each to exactly one ending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import RecipeError, TrainingError, is_out_of_memory, sentence
from mnist_gui.engine.events import (
    BestRestored,
    DigitsDrawn,
    Event,
    ImagesRead,
    Paused,
    Progress,
    Resumed,
    RunPrepared,
    RunState,
    SnapshotTaken,
    StepsEnded,
    Tested,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.resume import RecordedRun, count_in, evaluate_and_count, resume_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session

# Figures that change more often than this cannot be read.
_PROGRESS_SECONDS = 0.25


class RunNews(QObject):
    """Takes the events of one run or test after the other, and tells them as signals.

    A run's events are collected in its history. `history_changed` says that it grew;
    `progress_changed` comes a few times a second, and at the end of what was followed.
    """

    history_changed = Signal(History)
    progress_changed = Signal(Progress)
    digits_drawn = Signal(int, int)
    images_read = Signal(int, int)
    snapshot_taken = Signal(Snapshot)
    tested = Signal(Tested, LabelledImages)

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
        self._test_images: LabelledImages | None = None
        self._progress_shown = 0.0
        self._step_shown = 0

    def follow(self, history: History | None, test_images: LabelledImages | None = None) -> None:
        """Tell from now on of the run with this history, or of a test that belongs to none."""
        self.history = history
        self._test_images = test_images
        self._step_shown = 0

    def take(self, event: Event) -> None:
        """Tell what happened next."""
        if self.history is not None:
            self.history.append(event)
        match event:
            case StepsEnded() | Validated() | BestRestored():
                self.show_history()
                if perf_counter() - self._progress_shown > _PROGRESS_SECONDS:
                    self.show_progress()
            case SnapshotTaken():
                self.snapshot_taken.emit(event.snapshot)
            case DigitsDrawn():
                self.digits_drawn.emit(event.done, event.total)
            case ImagesRead(split="test"):
                self.images_read.emit(event.done, event.total)
            case Tested():
                assert self._test_images is not None
                self.tested.emit(event, self._test_images)
            case _:
                pass

    def show_history(self) -> None:
        """Tell that the run's history grew."""
        if self.history is not None:
            self.history_changed.emit(self.history)

    def show_progress(self) -> None:
        """Tell how far the run is, unless that was told last."""
        if self.history is not None and self.history.step != self._step_shown:
            self._step_shown = self.history.step
            self._progress_shown = perf_counter()
            self.progress_changed.emit(self.history.progress)


def state_after(event: Event) -> RunState | None:
    """Return the state that a run has come to with an event, if that can be told from it."""
    match event:
        # A run that goes on is not prepared anew.
        case RunPrepared() | StepsEnded() | Validated():
            return RunState.TRAINING
        case ImagesRead(split="test"):
            return RunState.TESTING
    return None


@dataclass(frozen=True, slots=True)
class ActiveRun:
    """A run, active or kept so that it can go on."""

    recorded: RecordedRun
    history: History
    test_images: LabelledImages

    @property
    def run(self) -> TrainingRun:
        """The run itself."""
        return self.recorded.run

    @property
    def can_resume(self) -> bool:
        """Whether it got so far that there is something to go on from."""
        return self.history.prepared is not None

    @property
    def identity(self) -> str | None:
        """Under which the ledger keeps it, once its folder could be made."""
        return self.recorded.recorder.identity

    def has_come_to(self, snapshot: Snapshot) -> bool:
        """Whether the run, which must not be active, ended with these very weights."""
        # One of the ledger may have been stopped before its network was there again.
        return self.run.is_prepared and self.run.snapshot() is snapshot

    def extend(self, steps: int) -> None:
        """Let it have so many more steps than it has done; raises RecipeError."""
        self.run.extend(steps)
        self.history.recipe = self.run.recipe

    def note(self, event: Event) -> None:
        """Take in what was done to the run from outside."""
        self.history.append(event)
        self.recorded.recorder.take(event)

    def work(self) -> Job:
        """Return the work that is left of it."""
        return Job(self.recorded.events, at_stop=self.recorded.last_events)


class KeptRun:
    """Finds a run that the ledger keeps, on the engine's thread, and goes on with it there."""

    def __init__(self, find: Callable[[], ActiveRun]) -> None:
        """`find` raises MnistGuiError where the run cannot go on."""
        self._find = find
        self._found: ActiveRun | None = None

    def work(self) -> Job:
        """Return the work, whose first event is the ActiveRun that was found."""
        return Job(self._events, at_stop=self._last_events)

    def _events(self) -> Iterator[ActiveRun | Event]:
        self._found = self._find()
        yield self._found
        yield from self._found.recorded.events()

    def _last_events(self) -> Iterator[Event]:
        assert self._found is not None
        yield from self._found.recorded.last_events()


class RunKeeper:
    """Makes runs, finds those of the ledger, and holds the last one as long as it can go on.

    Runs are computed on the device of the key `device`. `tell` is called, on whatever thread, with
    a sentence where something is wrong with a record.
    """

    def __init__(self, ledger: RunStore, tell: Callable[[str], None]) -> None:
        """`ledger` is used by nobody else."""
        self.ledger = ledger
        self.device = AUTOMATIC
        self.last: ActiveRun | None = None
        self._tell = tell
        # Of runs that are gone: nothing may keep these, with the images they learnt from.
        self._unwritten: list[RunRecorder] = []

    def new(self, dataset: Dataset, recipe: Recipe) -> ActiveRun:
        """Return a run that is to begin."""
        run = TrainingRun(dataset, recipe, self.device)
        recorder = self.ledger.start(recipe, dataset, self._tell)
        return ActiveRun(RecordedRun(run, recorder), History(recipe), dataset.test)

    def kept(self, dataset: Dataset, identity: str, more_steps: int) -> KeptRun:
        """Return the run of this identity, to go on, with so many more steps if there are any."""
        return KeptRun(partial(self._find, dataset, identity, more_steps))

    def _find(self, dataset: Dataset, identity: str, more_steps: int) -> ActiveRun:
        recorded, history = resume_run(self.ledger, identity, dataset, self.device, tell=self._tell)
        run = ActiveRun(recorded, history, dataset.test)
        try:
            if more_steps:
                run.extend(more_steps)
        except RecipeError:
            recorded.recorder.close()
            raise
        return run

    @property
    def can_resume(self) -> bool:
        """Whether there is a last run that there is something to go on from."""
        return self.last is not None and self.last.can_resume

    @property
    def is_recorded(self) -> bool:
        """Whether all that happened in the last run is on the disk."""
        return self.last is None or self.last.recorded.recorder.is_written

    def counter(
        self, dataset: Dataset, snapshot: Snapshot, identity: str
    ) -> Callable[[Tested], object]:
        """Return what notes with its run that a network was tested; no run may be active.

        `identity` is of the run that the network was loaded from, "" if it was not.
        """
        if self.last is not None and self.last.has_come_to(snapshot):
            return self.last.recorded.recorder.take
        if self.last is not None and self.last.identity == identity:
            recorder = self.last.recorded.recorder
            return lambda _: recorder.count_test()
        ledger, tell = self.ledger, self._tell
        return lambda _: count_in(ledger, identity, dataset, tell) if identity else None

    def drop(self) -> None:
        """Let the last run go."""
        if self.last is not None:
            self._unwritten.append(self.last.recorded.recorder)
        self.last = None
        self._unwritten = [record for record in self._unwritten if not record.close(0)]

    def leave(self) -> None:
        """Let the last run be stopped such that the next session offers to go on with it."""
        if self.last is not None:
            self.last.recorded.leave()

    def close(self, wait_seconds: float) -> None:
        """Let the last run go, and wait for all records to be written."""
        self.drop()
        for record in self._unwritten:
            record.close(wait_seconds)


class TrainingRunner(QObject):
    """Starts, pauses and stops runs on the engine's thread, and records them.

    `news` tells what happens in them, `runs` holds them. `run_started` brings a new run's History.
    Every run and every test ends with `run_ended`, after `failed` with its sentence if it failed,
    or after `memory_ran_out` with its sentence and a batch size that may do; `came_to_nothing`
    says before them that its weights are not worth reading with. A run that was
    completed or stopped is kept, so that it can go on, until the next one starts or another data
    set is used: `run_kept_changed`. `recording_told` brings a sentence when the record of a run
    cannot be written, and another one when it can be again.
    """

    run_started = Signal(History)
    failed = Signal(str)
    memory_ran_out = Signal(str, int)
    came_to_nothing = Signal()
    run_kept_changed = Signal(bool)
    recording_told = Signal(str)
    run_ended = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.news = RunNews()
        self.runs = RunKeeper(RunStore(session.runs_folder.value), self.recording_told.emit)
        self._session = session
        self._state_before_pause = RunState.TRAINING
        self._waiting: Recipe | None = None
        self._job: Job | None = None
        self._is_held = False
        session.dataset.follow(self._use_dataset)
        session.device.follow(self._use_device)
        session.runs_folder.changed.connect(self._use_runs_folder)

    @property
    def _state(self) -> RunState:
        return self._session.run_state.value

    @property
    def _dataset(self) -> Dataset | None:
        return self._session.dataset.value

    @Slot(object)
    def _use_dataset(self, dataset: Dataset | None) -> None:
        if not self._state.is_active:
            self._drop_run()
        if self._waiting is not None and dataset is not None:
            self._begin(self._waiting, dataset)

    @Slot(object)
    def _use_runs_folder(self, folder: Path) -> None:
        self.runs.ledger = RunStore(folder)

    @Slot(object)
    def _use_device(self, key: str) -> None:
        self.runs.device = key

    @Slot(object)
    def start(self, recipe: Recipe) -> None:
        """Start a run as soon as there is a data set, unless one is active."""
        if self._state.is_active:
            return
        self._set_state(RunState.PREPARING)
        if self._dataset is None:
            self._waiting = recipe
        else:
            self._begin(recipe, self._dataset)

    def _begin(self, recipe: Recipe, dataset: Dataset) -> None:
        self._waiting = None
        self._drop_run()
        run = self.runs.new(dataset, recipe)
        self._adopt(run)
        self._submit(run.work())

    def _adopt(self, run: ActiveRun) -> None:
        self.runs.last = run
        self.news.follow(run.history, run.test_images)
        self.run_started.emit(run.history)

    @Slot(str)
    @Slot(str, int)
    def resume_kept(self, identity: str, more_steps: int = 0) -> None:
        """Go on with a run of the ledger, with more steps if there are any; needs a data set."""
        if self._state.is_active or self._dataset is None:
            return
        last = self.runs.last
        if last is not None and last.identity == identity and last.can_resume:
            self._go_on(last, more_steps)
            return
        self._set_state(RunState.PREPARING)
        self._drop_run()
        self.news.follow(None)
        self._submit(self.runs.kept(self._dataset, identity, more_steps).work())

    @Slot(int)
    def train_on(self, steps: int) -> None:
        """Let the run that is kept do so many more steps, unless one is active."""
        last = self.runs.last
        if not self._state.is_active and last is not None and last.can_resume:
            self._go_on(last, steps)

    def _go_on(self, run: ActiveRun, more_steps: int) -> None:
        try:
            if more_steps:
                run.extend(more_steps)
        except RecipeError as error:
            self.failed.emit(str(error))
            return
        self._set_state(RunState.PREPARING)
        self.news.follow(run.history, run.test_images)
        self._submit(run.work())

    @Slot(float)
    def set_learning_rate(self, learning_rate: float) -> None:
        """Let the run, active or kept, learn at this rate from its next steps on."""
        if self.runs.last is not None:
            self.runs.last.run.learning_rate = learning_rate

    def test(self, snapshot: Snapshot, identity: str = "") -> None:
        """Read the test images with a network, unless a run is active.

        `identity` is of the run that it was loaded from: the more often a run's test images are
        read, the less its accuracy is worth, so that the run has to count it.
        """
        if self._state.is_active or self._dataset is None:
            return
        count = self.runs.counter(self._dataset, snapshot, identity)
        self.news.follow(None, self._dataset.test)
        self._set_state(RunState.TESTING)
        self._submit(Job(partial(evaluate_and_count, snapshot, self._dataset, count)))

    @Slot()
    def pause(self) -> None:
        """Hold the run after the call that is under way."""
        if self._job and self._state in (RunState.TRAINING, RunState.TESTING):
            self._state_before_pause = self._state
            self._job.pause()
            self._set_state(RunState.PAUSED)

    @Slot()
    def _hold(self) -> None:
        # Unless the user has changed their mind since.
        if self._state is RunState.PAUSED:
            self._is_held = True
            self._note_pause(Paused)
            self.news.show_progress()

    @Slot()
    def resume(self) -> None:
        """Go on with a paused run."""
        if self._job and self._state is RunState.PAUSED:
            if self._is_held:
                self._note_pause(Resumed)
            self._is_held = False
            self._job.resume()
            self._set_state(self._state_before_pause)

    @Slot()
    def stop(self) -> None:
        """End the run soon; the weights it has reached are kept."""
        if self._job and self._state.is_active:
            self._set_state(RunState.STOPPING)
            self._job.stop()
        elif self._waiting:
            self._end()

    @Slot(str)
    def forget_run(self, identity: str) -> None:
        """Do not go on with the run of this identity, which is deleted."""
        last = self.runs.last
        if not self._state.is_active and last and last.identity == identity:
            self._drop_run()

    @property
    def is_recorded(self) -> bool:
        """Whether all that happened in the last run is on the disk."""
        return self.runs.is_recorded

    def _note_pause(self, event: type[Paused] | type[Resumed]) -> None:
        last = self.runs.last
        # A test of a network has no record.
        if last is not None and self.news.history is last.history:
            last.note(event(last.history.step))
            self.news.show_history()

    def _submit(self, job: Job) -> None:
        self._job = job
        self._is_held = False
        job.happened.connect(self._take)
        job.held.connect(self._hold)
        job.completed.connect(self._end)
        job.cancelled.connect(self._end)
        job.failed.connect(self._fail)
        self._session.engine_thread.submit(job)

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case ActiveRun():
                self._adopt(event)
            case DigitsDrawn() if self._state is RunState.STOPPING:
                pass
            case _:
                assert isinstance(event, Event)
                # Unless the user has asked for something since.
                if self._state in (RunState.PREPARING, RunState.TRAINING):
                    self._set_state(state_after(event) or self._state)
                self.news.take(event)

    @Slot()
    def _end(self) -> None:
        self.news.show_progress()
        self._job = None
        self._waiting = None
        self._set_state(RunState.IDLE)
        self.run_kept_changed.emit(self.runs.can_resume)
        self.run_ended.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        history = self.news.history
        if history is not None:
            self._drop_run()
            # What diverged may have been of no use long before its loss was not finite any more.
            if isinstance(error, TrainingError) or history.step == 0:
                self.came_to_nothing.emit()
        if history is not None and is_out_of_memory(error) and history.recipe.batch_size > 1:
            self.memory_ran_out.emit(sentence(error), history.recipe.batch_size // 2)
        else:
            self.failed.emit(sentence(error))
        self._end()

    def _drop_run(self) -> None:
        self.runs.drop()
        self.run_kept_changed.emit(False)

    def _set_state(self, state: RunState) -> None:
        self._session.run_state.set(state)
