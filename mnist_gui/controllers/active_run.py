"""A run with all that goes along with it: its history, its record, and what it is tested on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import Event
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.resume import RecordedRun
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import TrainingRun
from mnist_gui.workers.job import Job


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
    def can_go_on(self) -> bool:
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
