"""The state of the window: each piece once, with one signal that says when it changed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.model import UserDigitPredictions, UserDigits
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.inside.set_reader import SetReader
from mnist_gui.engine.io.patience import Asked, ask_disks
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.models.network_copies import NetworkCopies
from mnist_gui.engine.recipe import AUTOMATIC, DEFAULT_RECIPE, RECIPES, Recipe
from mnist_gui.engine.runs.run import RunRecord, UnreadableRun
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.displayed import Displayed, Source
from mnist_gui.gui.jobs import JobThread

__all__ = ["Displayed", "Observable", "Session", "Source"]

T = TypeVar("T")
# A thread cannot be interrupted inside a call; the longest is TensorFlow's import.
_LONGEST_WAIT_MILLISECONDS = 60_000
# What is still being read then, say from a disk that does not answer, nobody waits for.
_LONGEST_READING_MILLISECONDS = 3_000
# Nor is what works with a folder of the user's waited for much longer if it is on such a disk.
_LONGEST_HUNG_MILLISECONDS = 2_000
# What is saved now is on another disk, but what is saved after it may not be.
_LONGEST_SAVING_MILLISECONDS = 10_000
_LONGEST_ANSWER_MILLISECONDS = 1_000


class Observable(QObject, Generic[T]):
    """A value that is held once; `changed` brings each new one."""

    changed = Signal(object)

    def __init__(self, value: T) -> None:
        super().__init__()
        self._value = value

    @property
    def value(self) -> T:
        """The value at present."""
        return self._value

    def set(self, value: T) -> None:
        """Replace the value, and say so unless it is the very same."""
        if value is not self._value:
            self._value = value
            self.changed.emit(value)

    def follow(self, slot: Callable[[Any], object]) -> None:
        """Call a slot with each new value, and at once with the present one unless it is None.

        So it does not matter who comes first, who sets the value or who follows it.
        """
        self.changed.connect(slot)
        if self._value is not None:
            slot(self._value)


class Session(QObject):
    """What the window is about, each piece held once, and the threads that it works on.

    It knows no presenter: whoever changes a piece sets it here, whoever shows it follows it here.
    `reader` is the network that predicts, and is set with `network` and `is_calibrated` alone.
    """

    def __init__(self, data_folder: Path, runs_folder: Path) -> None:
        """`data_folder` is for the user's digits, `runs_folder` for runs."""
        super().__init__()
        self.data_folder = data_folder
        self.runs_folder = Observable[Path](runs_folder)
        self.dataset = Observable[Dataset | None](None)
        # What views look at: the data set, or the first images of a large one; set with it alone.
        self.view_dataset = Observable[Dataset | None](None)
        self.dataset.changed.connect(self._take_sample)
        self.network = Observable[Snapshot | None](None)
        # Whether percentages are calibrated; if not, `reader` is the network without temperature.
        self.is_calibrated = Observable[bool](True)
        self.reader = Observable[Snapshot | None](None)
        # Before all others, so that those who follow the network find its reader.
        self.network.changed.connect(self._choose_reader)
        self.is_calibrated.changed.connect(self._choose_reader)
        self.run_of_network = ""
        self.file_of_network: Path | None = None
        self.history_of_network = Observable[History | None](None)
        self.devices = Observable[tuple[Device, ...] | None](None)
        # What would be trained next: the recipe in the form, with its values as edited.
        self.recipe = Observable[Recipe](RECIPES[DEFAULT_RECIPE])
        self.device = Observable[str](AUTOMATIC)
        self.runs = Observable[tuple[RunRecord | UnreadableRun, ...]](())
        self.digits = Observable[UserDigits | None](None)
        self.digit_predictions = Observable[tuple[Snapshot, UserDigitPredictions] | None](None)
        self.run_state = Observable[RunState](RunState.IDLE)
        self.drawing = Observable[Drawing](Drawing())
        self.displayed = Observable[Displayed](Displayed())
        self.engine_thread = JobThread("engine")
        self.prediction_thread = JobThread("predictions")
        self.view_thread = JobThread("views")
        # What is saved, and the user's digits; it never waits for what others have written.
        self.file_thread = JobThread("files")
        self.reading_thread = JobThread("reading files")
        # What tells that another window has changed a file; nobody waits for it.
        self.watching_thread = JobThread("watching files")
        self.export_thread = JobThread("export")
        self.camera_thread = JobThread("camera")
        # Networks are built once for all who predict on the thread for it.
        self.classifier = Classifier()
        # What the views read with on their thread.
        self.set_reader = SetReader()
        self.copies = NetworkCopies()
        self.threads_have_ended = False
        # Whether the disk of the runs did not answer when the threads were ended.
        self.runs_hang = False

    def use_network(self, snapshot: Snapshot, run: str = "", file: Path | None = None) -> None:
        """Make this the current network, loaded from the recorded run `run` or from `file`."""
        self.run_of_network, self.file_of_network = run, file
        self.network.set(snapshot)

    @Slot(object)
    def _take_sample(self, dataset: Dataset | None) -> None:
        self.view_dataset.set(dataset.sample if dataset else None)

    @Slot()
    def _choose_reader(self) -> None:
        network = self.network.value
        if network is not None and not self.is_calibrated.value:
            network = network.uncalibrated
        self.reader.set(network)

    def display_drawing(self) -> None:
        """Display the drawing on the canvas again, in place of whatever is displayed."""
        self.displayed.set(Displayed(drawing=self.drawing.value))

    @property
    def is_awaited(self) -> bool:
        """Whether a presenter waits for what it could not ask for again; a run's is not such."""
        return (
            self.engine_thread.is_awaited
            or self.file_thread.is_awaited
            or self.reading_thread.is_awaited
            or self.export_thread.is_busy
        )

    def end_threads(self) -> None:
        """Stop what the threads do but for the files, which are written first; wait for them.

        A thread that does not end in time is left to itself, and `threads_have_ended` stays False.
        """
        stopped = (
            self.engine_thread,
            self.prediction_thread,
            self.view_thread,
            self.export_thread,
            self.camera_thread,
        )
        for thread in (*stopped, self.reading_thread, self.watching_thread):
            thread.stop()
        self.file_thread.finish()
        saved_to = self.file_thread.place or self.data_folder
        data_hangs, self.runs_hang, saving_hangs = _which_hang(
            self.data_folder, self.runs_folder.value, saved_to
        )
        longest = dict.fromkeys(stopped, _longest(self.runs_hang))
        longest[self.reading_thread] = _LONGEST_READING_MILLISECONDS
        longest[self.watching_thread] = _longest(data_hangs)
        longest[self.file_thread] = _longest(saving_hangs)
        if data_hangs or self.runs_hang:
            # What is saved next may be there.
            longest[self.file_thread] = min(longest[self.file_thread], _LONGEST_SAVING_MILLISECONDS)
        # The time is the same for all of them.
        until = {thread: QDeadlineTimer(time) for thread, time in longest.items()}
        ended = [thread.wait(each.remainingTime()) for thread, each in until.items()]
        self.threads_have_ended = all(ended)


def _which_hang(*folders: Path) -> list[bool]:
    """Return of each folder whether its disk does not answer."""
    asked = [Asked(partial(ask_disks, folder)) for folder in folders]
    until = QDeadlineTimer(_LONGEST_ANSWER_MILLISECONDS)
    return [not each.is_answered(until.remainingTime() / 1_000) for each in asked]


def _longest(hangs: bool) -> int:
    """Return for how many milliseconds a thread is waited for."""
    return _LONGEST_HUNG_MILLISECONDS if hangs else _LONGEST_WAIT_MILLISECONDS
