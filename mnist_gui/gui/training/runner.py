"""Training runs and tests: at most one at a time, each to exactly one ending."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import MnistGuiError, RecipeError, TrainingError, is_out_of_memory
from mnist_gui.engine.events import (
    BestWeightsRestored,
    EvaluationProgress,
    Event,
    Progress,
    RunState,
    SnapshotTaken,
    StepsTrained,
    SyntheticDigitsProgress,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.active_run import (
    Activity,
    NetworkTest,
    Run,
    record_test_evaluation,
    resume_run,
    start_run,
)
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session
from mnist_gui.words.errors import sentence

# Figures that change more often than this cannot be read.
_PROGRESS_SECONDS = 0.25


class RunReporter(QObject):
    """Tells what happens in one run or test after the other as signals.

    `history_changed` says that a run's history grew; `progress_changed` comes a few times a
    second, and at the end of what was followed.
    """

    history_changed = Signal(History)
    progress_changed = Signal(Progress)
    digits_drawn = Signal(int, int)
    images_read = Signal(int, int)
    snapshot_taken = Signal(Snapshot)
    tested = Signal(TestEvaluated, LabelledImages)

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
        self._test_images: LabelledImages | None = None
        self._progress_shown = 0.0
        self._step_shown = 0

    def start(self, history: History | None, test_images: LabelledImages | None = None) -> None:
        """Tell from now on of the run with this history, or of a test that belongs to none."""
        self.history = history
        self._test_images = test_images
        self._step_shown = 0

    def handle(self, event: Event) -> None:
        """Tell what happened next; the history has it already."""
        match event:
            case StepsTrained() | Validated() | BestWeightsRestored():
                self.show_history()
                if perf_counter() - self._progress_shown > _PROGRESS_SECONDS:
                    self.show_progress()
            case SnapshotTaken():
                self.snapshot_taken.emit(event.snapshot)
            case SyntheticDigitsProgress():
                self.digits_drawn.emit(event.done, event.total)
            case EvaluationProgress(split="test"):
                self.images_read.emit(event.done, event.total)
            case TestEvaluated():
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


class TrainingRunner(QObject):
    """Starts, pauses and stops runs on the engine's thread, and has them recorded.

    `news` tells what happens in them, `run` is the last one. `run_started` brings a new run's
    History. Every run and every test ends with `run_ended`, after `failed` with its sentence if it
    failed, or after `memory_ran_out` with its sentence and a batch size that may do;
    `came_to_nothing` says before them that its weights are not worth reading with. A run that was
    completed or stopped is kept, so that it can be resumed, until the next one starts or another
    data set is used: `run_kept_changed`. `recording_told` brings a sentence when the record of a
    run cannot be written, and another one when it can be again.
    """

    run_started = Signal(History)
    failed = Signal(str)
    memory_ran_out = Signal(str, int)
    came_to_nothing = Signal()
    run_kept_changed = Signal(bool)
    recording_told = Signal(str)
    run_ended = Signal()

    def __init__(self, session: Session, start: Callable[..., Run] = start_run) -> None:
        """`start` is called as `start_run` is."""
        super().__init__()
        self.news = RunReporter()
        self.run: Run | None = None
        self._session = session
        self._start_run = start
        # Used by nobody else.
        self._store = RunStore(session.runs_folder.value)
        self._waiting: Recipe | None = None
        self._job: Job | None = None
        self._activity = Activity(RunState.IDLE)
        # Of runs that are gone: nothing may keep these, with the images they learnt from.
        self._unwritten: list[RunRecorder] = []
        session.dataset.follow(self._use_dataset)
        session.runs_folder.changed.connect(self._use_runs_folder)

    @property
    def _state(self) -> RunState:
        return self._activity.state

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
        self._store = RunStore(folder)

    @Slot(object)
    def start(self, recipe: Recipe) -> None:
        """Start a run as soon as there is a data set, unless one is active."""
        if self._state.is_active:
            return
        self._watch(Activity())
        if self._dataset is None:
            self._waiting = recipe
        else:
            self._begin(recipe, self._dataset)

    def _begin(self, recipe: Recipe, dataset: Dataset) -> None:
        self._waiting = None
        self._drop_run()
        device, warn = self._session.device.value, self._warn
        run = self._start_run(self._store, dataset, recipe, device=device, warn=warn)
        self._adopt(run)
        self._train(run)

    def _adopt(self, run: Run) -> None:
        if self._state is RunState.STOPPING:
            run.stop()
        self.run = self._activity = run
        self.news.start(run.history, run.test_images)
        self.run_started.emit(run.history)

    def _train(self, run: Run) -> None:
        self._submit(Job(run.events, at_stop=run.stop_events), self._end)

    @Slot(str)
    @Slot(str, int)
    def resume_kept(self, run_id: str, more_steps: int = 0) -> None:
        """Resume a run of the store, with more steps if there are any; needs a data set."""
        if self._state.is_active or self._dataset is None:
            return
        if self.run is not None and self.run.run_id == run_id and self.run.can_resume:
            self._resume(self.run, more_steps)
            return
        self._watch(Activity())
        self._drop_run()
        self.news.start(None)
        device, warn = self._session.device.value, self._warn
        find = partial(resume_run, self._store, run_id, self._dataset, device=device, warn=warn)
        # On the engine's thread, as its checkpoint has to be read.
        self._submit(Job(partial(_find, find, more_steps)), self._train_found)

    @Slot()
    def _train_found(self) -> None:
        if self.run is None or self._state is RunState.STOPPING:
            self._end()
        else:
            self._train(self.run)

    @Slot(int)
    def train_on(self, steps: int) -> None:
        """Let the run that is kept do so many more steps, unless one is active."""
        if not self._state.is_active and self.run is not None and self.run.can_resume:
            self._resume(self.run, steps)

    def _resume(self, run: Run, more_steps: int) -> None:
        try:
            if more_steps:
                run.extend(more_steps)
        except RecipeError as error:
            self.failed.emit(sentence(error))
            return
        run.begin()
        self._watch(run)
        self.news.start(run.history, run.test_images)
        self._train(run)

    @Slot(float)
    def set_learning_rate(self, learning_rate: float) -> None:
        """Let the run, active or kept, learn at this rate from its next steps on."""
        if self.run is not None:
            self.run.learning_rate = learning_rate

    def test(self, snapshot: Snapshot, run_id: str = "") -> None:
        """Read the test images with a network, unless a run is active.

        `run_id` is of the run that it was loaded from: the more often a run's test images are
        read, the less its accuracy is worth, so that the run has to count it.
        """
        if self._state.is_active or self._dataset is None:
            return
        count = self._test_counter(snapshot, run_id, self._dataset)
        test = NetworkTest(snapshot, self._dataset, count)
        self.news.start(None, self._dataset.test)
        self._watch(test)
        self._submit(Job(test.events), self._end)

    def _test_counter(
        self, snapshot: Snapshot, run_id: str, dataset: Dataset
    ) -> Callable[[TestEvaluated], None]:
        count = self.run.test_counter(snapshot, run_id) if self.run is not None else None
        if count is not None:
            return count
        store, warn = self._store, self._warn
        return lambda _: record_test_evaluation(store, run_id, dataset, warn)

    @Slot()
    def pause(self) -> None:
        """Hold the run after the call that is under way."""
        if self._job and self._activity.pause():
            self._job.pause()
            self._tell_state()

    @Slot()
    def _hold(self) -> None:
        if self._activity.hold():
            self.news.show_history()
            self.news.show_progress()

    @Slot()
    def resume(self) -> None:
        """Go on with a paused run."""
        if self._job and self._activity.resume():
            self.news.show_history()
            self._job.resume()
            self._tell_state()

    @Slot()
    def stop(self) -> None:
        """End the run soon; the weights it has reached are kept."""
        if self._job and self._state.is_active:
            self._activity.stop()
            self._tell_state()
            self._job.stop()
        elif self._waiting:
            self._end()

    @Slot(str)
    def forget_run(self, run_id: str) -> None:
        """Do not resume the run of this ID, which is deleted."""
        if not self._state.is_active and self.run is not None and self.run.run_id == run_id:
            self._drop_run()

    @property
    def is_recorded(self) -> bool:
        """Whether all that happened in the last run is on the disk."""
        return self.run is None or self.run.is_recorded

    def leave(self) -> None:
        """Let the run be stopped such that the next session offers to resume it."""
        if self.run is not None:
            self.run.leave()

    def close(self, wait_seconds: float) -> None:
        """Let the run go, and wait for all records to be written."""
        self._drop_run()
        for recorder in self._unwritten:
            recorder.close(wait_seconds)

    def _submit(self, job: Job, then: Callable[[], None]) -> None:
        self._job = job
        job.happened.connect(self._handle)
        job.held.connect(self._hold)
        job.completed.connect(then)
        job.cancelled.connect(self._end)
        job.failed.connect(self._fail)
        self._session.engine_thread.submit(job)

    @Slot(object)
    def _handle(self, event: object) -> None:
        match event:
            case Run():
                self._adopt(event)
            case SyntheticDigitsProgress() if self._state is RunState.STOPPING:
                pass
            case _:
                assert isinstance(event, Event)
                self._activity.handle(event)
                self._tell_state()
                self.news.handle(event)

    @Slot()
    def _end(self) -> None:
        self.news.show_progress()
        self._job = None
        self._waiting = None
        self._activity.end()
        self._watch(Activity(RunState.IDLE))
        self.run_kept_changed.emit(self.run is not None and self.run.can_resume)
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

    def _warn(self, problem: MnistGuiError) -> None:
        """Tell a problem of the record, on any thread."""
        self.recording_told.emit(sentence(problem))

    def _drop_run(self) -> None:
        if self.run is not None and self.run.recorder is not None:
            self._unwritten.append(self.run.recorder)
        self.run = None
        self._unwritten = [recorder for recorder in self._unwritten if not recorder.close(0)]
        self.run_kept_changed.emit(False)

    def _watch(self, activity: Activity) -> None:
        self._activity = activity
        self._tell_state()

    def _tell_state(self) -> None:
        self._session.run_state.set(self._state)


def _find(find: Callable[[], Run], more_steps: int) -> Iterator[Run]:
    run = find()
    try:
        if more_steps:
            run.extend(more_steps)
    except RecipeError:
        run.close()
        raise
    yield run
