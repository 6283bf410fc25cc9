"""Training runs and tests: at most one at a time, each to exactly one ending."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.controllers.active_run import ActiveRun
from mnist_gui.controllers.run_keeper import RunKeeper
from mnist_gui.controllers.run_news import RunNews, state_after
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RecipeError, TrainingError, is_out_of_memory, sentence
from mnist_gui.engine.events import DigitsDrawn, Event, Paused, Resumed, RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.resume import counted_test
from mnist_gui.engine.runs.store import RunLedger
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.workers.job import Job
from mnist_gui.workers.job_thread import JobThread


class TrainingController(QObject):
    """Starts, pauses and stops runs on the engine's thread, and records them.

    `news` tells what happens in them, `runs` holds them. `run_started` brings a new run's History.
    Every run and every test ends with `run_ended`, after `failed` with its sentence if it failed,
    or after `memory_ran_out` with its sentence and a batch size that may do; `came_to_nothing`
    says before them that its weights are not worth reading with. A run that was
    completed or stopped is kept, so that it can go on, until the next one starts or another data
    set is used: `run_kept_changed`. `recording_told` brings a sentence when the record of a run
    cannot be written, and another one when it can be again.
    """

    state_changed = Signal(RunState)
    run_started = Signal(History)
    failed = Signal(str)
    memory_ran_out = Signal(str, int)
    came_to_nothing = Signal()
    run_kept_changed = Signal(bool)
    recording_told = Signal(str)
    run_ended = Signal()

    def __init__(self, thread: JobThread, ledger: RunLedger) -> None:
        """`ledger` is used by nobody else."""
        super().__init__()
        self.news = RunNews()
        self.runs = RunKeeper(ledger, self.recording_told.emit)
        self._thread = thread
        self._dataset: Dataset | None = None
        self._state = RunState.IDLE
        self._state_before_pause = RunState.TRAINING
        self._waiting: Recipe | None = None
        self._job: Job | None = None
        self._is_held = False

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        return self._state

    @Slot(object)
    def use_dataset(self, dataset: Dataset) -> None:
        """Train and test on this data set from the next start on."""
        self._dataset = dataset
        if not self._state.is_active:
            self._drop_run()
        if self._waiting is not None:
            self._begin(self._waiting, dataset)

    def use_ledger(self, ledger: RunLedger) -> None:
        """Keep the next runs in this ledger, which is used by nobody else."""
        self.runs.ledger = ledger

    @Slot(str)
    def use_device(self, key: str) -> None:
        """Compute the next runs on the device of this key."""
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
        if last is not None and last.identity == identity and last.can_go_on:
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
        if not self._state.is_active and last is not None and last.can_go_on:
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
        self._submit(Job(partial(counted_test, snapshot, self._dataset, count)))

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
        self._thread.submit(job)

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
        self.run_kept_changed.emit(self.runs.can_go_on)
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
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
