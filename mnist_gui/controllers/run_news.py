"""What happens in a run or a test, told no faster than it can be read."""

from time import perf_counter

from PySide6.QtCore import QObject, Signal

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import (
    BestRestored,
    DigitsDrawn,
    Event,
    ImagesRead,
    Progress,
    RunPrepared,
    RunState,
    SnapshotTaken,
    StepsEnded,
    Tested,
    Validated,
)
from mnist_gui.engine.history import History
from mnist_gui.engine.snapshot import Snapshot

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
