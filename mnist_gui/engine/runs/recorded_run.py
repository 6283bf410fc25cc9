"""A training run that is recorded: to be iterated in the place of the run itself."""

from collections.abc import Iterator

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.events import Event, Validated
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.status import RunStatus
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
