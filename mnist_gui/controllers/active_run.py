"""A run with all that goes along with it: its history, its record, and what it is tested on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.events import Event, Tested
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.runs.recorded_run import RecordedRun
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun
from mnist_gui.workers.job import Job

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ActiveRun:
    """A run, active or kept so that it can go on."""

    run: TrainingRun
    recorded: RecordedRun
    history: History
    test_images: LabelledImages

    @property
    def can_go_on(self) -> bool:
        """Whether it got so far that there is something to go on from."""
        return self.history.prepared is not None

    @property
    def identity(self) -> str | None:
        """Under which the ledger keeps it, once its folder could be made."""
        return self.recorded.recorder.identity

    def has_come_to(self, snapshot: Snapshot) -> bool:
        """Whether the run, which must not be active, ended with these very weights."""
        return self.can_go_on and self.run.snapshot() is snapshot

    def note(self, event: Event) -> None:
        """Take in what was done to the run from outside."""
        self.history.append(event)
        self.recorded.recorder.take(event)

    def work(self) -> Job:
        """Return the work that is left of it."""
        return Job(self.recorded.events, at_stop=self.recorded.last_events)


def new_run(
    ledger: RunLedger, dataset: Dataset, recipe: Recipe, device: str, tell: Tell
) -> ActiveRun:
    """Return a run that is to begin; `tell` is called with a sentence if recording fails."""
    run = TrainingRun(dataset, recipe, device)
    recorder = ledger.start(recipe, dataset, tell)
    return ActiveRun(run, RecordedRun(run, recorder), History(recipe), dataset.test)


class KeptRun:
    """Finds a run that the ledger keeps, on the engine's thread, and goes on with it there."""

    def __init__(self, find: Callable[[], ActiveRun]) -> None:
        """`find` raises RunRecordError where the run cannot go on."""
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


def find_run(
    ledger: RunLedger, dataset: Dataset, identity: str, device: str, tell: Tell
) -> ActiveRun:
    """Return the run of this identity, to go on from its checkpoint; raises RunRecordError."""
    checkpoint, recorder = ledger.resume(identity, dataset, tell)
    run = TrainingRun.from_checkpoint(dataset, checkpoint, device)
    try:
        history = ledger.history(identity, checkpoint.step).history
    except RunRecordError as error:
        # Without its curves a run is still worth going on with.
        tell(str(error))
        history = History(run.recipe)
    return ActiveRun(run, RecordedRun(run, recorder), history, dataset.test)


class LastRun:
    """Holds the run that is active or can go on, and the records that are still being written."""

    def __init__(self) -> None:
        self.run: ActiveRun | None = None
        # Of runs that are gone: nothing may keep these, with the images they learnt from.
        self._unwritten: list[RunRecorder] = []

    @property
    def can_go_on(self) -> bool:
        """Whether there is a run that there is something to go on from."""
        return self.run is not None and self.run.can_go_on

    @property
    def is_recorded(self) -> bool:
        """Whether all that happened in the run is on the disk."""
        return self.run is None or self.run.recorded.recorder.is_written

    def counter(self, snapshot: Snapshot, identity: str) -> Callable[[Tested], None] | None:
        """Return what counts a test of a network of the run of this identity, if it is this run.

        It must not be active. A network that was never loaded from a run has "" for an identity.
        """
        if self.run is None:
            return None
        recorder = self.run.recorded.recorder
        if self.run.has_come_to(snapshot):
            return recorder.take
        return (lambda _: recorder.count_test()) if self.run.identity == identity else None

    def drop(self) -> None:
        """Let the run go."""
        if self.run is not None:
            self._unwritten.append(self.run.recorded.recorder)
        self.run = None
        self._unwritten = [record for record in self._unwritten if not record.close(0)]

    def leave(self) -> None:
        """Let the run be stopped such that the next session offers to go on with it."""
        if self.run is not None:
            self.run.recorded.leave()

    def close(self, wait_seconds: float) -> None:
        """Let the run go, and wait for all records to be written."""
        self.drop()
        for record in self._unwritten:
            record.close(wait_seconds)
