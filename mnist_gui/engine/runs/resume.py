"""Resume a recorded run to the same bits."""

from collections.abc import Callable, Iterator

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError, sentence
from mnist_gui.engine.events import Event, ImagesRead, Tested, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.models.classifier import evaluate_network
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun

# So that no more than five seconds of training can be lost, the writing included.
CHECKPOINT_SECONDS = 4.5


class RecordedRun:
    """Passes on the events of a run, and has them recorded; to be iterated by one thread only.

    Who stops asking `events` for more asks `last_events`; without that the record says that the
    run was interrupted, and it can go on from its last checkpoint. Before `events` was asked for
    the first, nothing was begun, and the record stays what it is.
    """

    def __init__(self, run: TrainingRun, recorder: RunRecorder) -> None:
        self.run = run
        self.recorder = recorder
        self._is_begun = False
        self._is_left = False
        run.checkpoints.seconds = CHECKPOINT_SECONDS

    def events(self) -> Iterator[Event]:
        """Yield what `TrainingRun.events` yields."""
        self._is_begun = True
        self.recorder.go_on()
        yield from self._recorded(self.run.events(), RunStatus.COMPLETED)

    def last_events(self) -> Iterator[Event]:
        """Yield what `TrainingRun.last_events` yields."""
        ending = RunStatus.STOPPED if self._is_begun and not self._is_left else None
        yield from self._recorded(self.run.last_events(), ending)

    def leave(self) -> None:
        """Let the record say from now on that a stop interrupts the run: the program ends."""
        self._is_left = True

    def _recorded(self, events: Iterator[Event], ending: RunStatus | None) -> Iterator[Event]:
        try:
            for event in events:
                self._record(event)
                yield event
        except Exception as error:
            self.recorder.end(RunStatus.FAILED, sentence(error))
            raise
        if ending is not None:
            self.recorder.end(ending)

    def _record(self, event: Event) -> None:
        self.recorder.take(event)
        best = self.recorder.facts.best_validation
        if isinstance(event, Validated) and best is not None and best.step == event.step:
            self.recorder.keep_best(self.run.snapshot())


def resume_run(
    ledger: RunStore,
    identity: str,
    dataset: Dataset,
    device: str = AUTOMATIC,
    *,
    tell: Callable[[str], None],
) -> tuple[RecordedRun, History]:
    """Return the run of this identity, to go on from its checkpoint or to begin again.

    With it comes what happened in it before. `device` is a device's key; `tell` is called with
    sentences that the user should know. Raises RunStoreError.
    """
    checkpoint, recorder = ledger.resume(identity, dataset, tell)
    if checkpoint is None:
        recipe = recorder.facts.recipe
        again = TrainingRun(dataset, recipe, device)
        return RecordedRun(again, recorder), History(recipe)
    run = TrainingRun.from_checkpoint(dataset, checkpoint, device)
    try:
        history = ledger.history(identity, checkpoint.step).history
    except RunStoreError as error:
        # Without its curves a run is still worth going on with.
        tell(str(error))
        history = History(run.recipe)
    history.recipe = run.recipe
    return RecordedRun(run, recorder), history


def evaluate_and_count(
    snapshot: Snapshot, dataset: Dataset, count: Callable[[Tested], object]
) -> Iterator[ImagesRead | Tested]:
    """Yield what `evaluate_network` yields; `count` is called once all test images are read."""
    for event in evaluate_network(snapshot, dataset.test):
        if isinstance(event, Tested):
            count(event)
        yield event


def count_in(
    ledger: RunStore, identity: str, dataset: Dataset, tell: Callable[[str], None]
) -> None:
    """Note with a run that its network has read the test images of a data set once more.

    Where that cannot be noted, `tell` is called with the reason: the result is no worse for it.
    """
    try:
        ledger.count_test(identity, dataset.fingerprint)
    except RunStoreError as error:
        tell(str(error))
