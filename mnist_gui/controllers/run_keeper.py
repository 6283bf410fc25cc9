"""The runs that training works with: new ones, those that are kept, and the last one."""

from collections.abc import Callable
from functools import partial

from mnist_gui.controllers.active_run import ActiveRun, KeptRun
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.events import Tested
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import AUTOMATIC, Recipe
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.resume import RecordedRun, count_in, resume_run
from mnist_gui.engine.runs.store import RunLedger
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun


class RunKeeper:
    """Makes runs, finds those of the ledger, and holds the last one as long as it can go on.

    Runs are computed on the device of the key `device`. `tell` is called, on whatever thread, with
    a sentence where something is wrong with a record.
    """

    def __init__(self, ledger: RunLedger, tell: Callable[[str], None]) -> None:
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
    def can_go_on(self) -> bool:
        """Whether there is a last run that there is something to go on from."""
        return self.last is not None and self.last.can_go_on

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
