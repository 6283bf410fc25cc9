"""Has a duel trained on the engine's thread, and lets runs go first."""

from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import TrainingError
from mnist_gui.engine.events import EvaluationProgress, RunState, SnapshotTaken
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.duel import Duel, SideEvent
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.duel.text import LETTERS, side_title
from mnist_gui.gui.session import Session
from mnist_gui.words.errors import sentence


class DuelState(Enum):
    """Where a duel stands."""

    NONE = auto()
    PREPARING = auto()
    TRAINING = auto()
    PAUSED = auto()
    WAITING = auto()
    """It goes on by itself once a run has ended."""
    TESTING = auto()
    OVER = auto()
    FAILED = auto()

    @property
    def is_active(self) -> bool:
        """Whether there is a duel that has not ended."""
        return self not in (DuelState.NONE, DuelState.OVER, DuelState.FAILED)

    @property
    def is_running(self) -> bool:
        """Whether it computes at the moment."""
        return self in (DuelState.PREPARING, DuelState.TRAINING, DuelState.TESTING)


@dataclass(eq=False)
class Match:
    """A duel, and what is known of its sides on the window's thread."""

    duel: Duel
    changed: str
    """The hyperparameter of which side B has another value, "" if there is none."""
    sides: tuple[History, History]
    snapshots: list[Snapshot | None] = field(default_factory=lambda: [None, None])

    @property
    def titles(self) -> tuple[str, str]:
        """What the sides are called, in the language of the window."""
        first, second = (side.recipe for side in self.sides)
        return side_title(0, first, ""), side_title(1, second, self.changed)

    @property
    def networks(self) -> tuple[Snapshot, Snapshot] | None:
        """Both networks as far as they are, once both are built."""
        first, second = self.snapshots
        return (first, second) if first is not None and second is not None else None


class DuelRunner(QObject):
    """Starts, holds and stops one duel at a time.

    `changed` says that its state is another one, `grown` that the sides learnt more,
    `networks_changed` that one of them has a new snapshot, `tested` how many test images are read.
    """

    changed = Signal()
    grown = Signal()
    networks_changed = Signal()
    tested = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.state = DuelState.NONE
        self.match: Match | None = None
        self.problem = ""
        self._session = session
        self._has_job = False
        session.run_state.changed.connect(self._follow_run)

    def start(
        self,
        dataset: Dataset,
        recipes: tuple[Recipe, Recipe],
        images: int,
        changed: str,
    ) -> None:
        """Begin a duel, unless one is active or a run trains."""
        if self.state.is_active or self._session.run_state.value.is_active:
            return
        duel = Duel(dataset, recipes, images, self._session.device.value)
        first, second = duel.recipes
        self.match, self.problem = Match(duel, changed, (History(first), History(second))), ""
        self._run(DuelState.PREPARING)

    def pause(self) -> None:
        """Hold it after the step that is under way."""
        self._hold(DuelState.PAUSED)

    def resume(self) -> None:
        """Let it go on."""
        if self.state is DuelState.PAUSED:
            self._run(DuelState.TRAINING)

    def stop(self) -> None:
        """End the training; both networks are tested as far as they are."""
        if self.match is not None and self.state in (DuelState.TRAINING, DuelState.PAUSED):
            self.match.duel.cut()
            self._run(DuelState.TESTING)

    def take_over(self, before: "DuelRunner") -> None:
        """Have the duel of another one, which does not compute."""
        self.state, self.match, self.problem = before.state, before.match, before.problem
        self.changed.emit()

    def _hold(self, state: DuelState) -> None:
        if self.match is not None and self.state.is_running:
            self.match.duel.hold()
            self._enter(state)

    def _run(self, state: DuelState) -> None:
        assert self.match is not None
        duel = self.match.duel
        duel.go_on()
        self._enter(state)
        # One that was held just now may not have noticed.
        if not self._has_job:
            self._has_job = True
            thread = self._session.engine_thread
            thread.run(duel.events, each=self._take, ended=self._end, failed=self._fail)

    def _enter(self, state: DuelState) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit()

    def _take(self, happened: SideEvent) -> None:
        match, event = self.match, happened.event
        assert match is not None
        if isinstance(event, TrainingError):
            self.problem = f"{LETTERS[happened.side]}: {sentence(event)}"
            return
        match.sides[happened.side].append(event)
        if isinstance(event, SnapshotTaken):
            match.snapshots[happened.side] = event.snapshot
            self.networks_changed.emit()
        if self.state is DuelState.PREPARING and match.networks is not None:
            self._enter(DuelState.TRAINING)
        if isinstance(event, EvaluationProgress) and event.split == "test":
            if self.state is DuelState.TRAINING:
                self._enter(DuelState.TESTING)
            self.tested.emit(event.done, event.total)
        else:
            self.grown.emit()

    def _end(self) -> None:
        self._has_job = False
        assert self.match is not None
        if not self.match.duel.is_over:
            if self.state.is_running:
                # It was to go on just after it had noticed that it was held.
                self._run(self.state)
            return
        self.grown.emit()
        is_tested = all(side.evaluation is not None for side in self.match.sides)
        self._enter(DuelState.OVER if is_tested else DuelState.FAILED)

    def _fail(self, sentence: str) -> None:
        self._has_job = False
        self.problem = sentence
        self._enter(DuelState.FAILED)

    @Slot(object)
    def _follow_run(self, state: RunState) -> None:
        if state.is_active:
            self._hold(DuelState.WAITING)
        elif self.state is DuelState.WAITING:
            self._run(DuelState.TRAINING)
