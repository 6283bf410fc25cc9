"""Learning the user's hand: from the current network and the digits that are kept."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.model import UserDigit, UserDigits
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.events import RunState
from mnist_gui.engine.finetune.finetune import LEAST_DIGITS, finetune
from mnist_gui.engine.finetune.result import FineTuned, FineTuningProgress, FineTuningResult
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import Job, JobThread


class PersonalizePresenter(QObject):
    """Learns on the thread for training, one go at a time, never beside a run.

    `obstacle_changed` tells why it cannot begin, "" if it can. A go is told by `began`, by
    `progress_changed`, and ends with `learnt`, `stopped` or `failed`. `network_chosen` brings the
    network that is to be the current one: what was learnt, or the one before.
    """

    obstacle_changed = Signal(str)
    began = Signal()
    progress_changed = Signal(FineTuningProgress)
    learnt = Signal(FineTuningResult)
    stopped = Signal()
    failed = Signal(str)
    network_chosen = Signal(Snapshot)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._digits: tuple[UserDigit, ...] = ()
        self._device_key = AUTOMATIC
        self._is_training = False
        self._job: Job | None = None
        self._result: FineTuningResult | None = None

    @property
    def is_learning(self) -> bool:
        """Whether it is learning at the moment."""
        return self._job is not None

    @property
    def obstacle(self) -> str:
        """Why it cannot begin, and what to do; "" if it can."""
        missing = LEAST_DIGITS - len(self._digits)
        if missing > 0:
            text = self.tr("Keep {missing} more: a hand is learnt from {least} digits or more.")
            return text.format(missing=missing, least=LEAST_DIGITS)
        if self._is_training:
            return self.tr("A training run is active; wait for its end or stop it.")
        if self._dataset is None or self._snapshot is None:
            return self.tr("The data set and a network are still to be loaded.")
        return ""

    @Slot(object)
    def use_dataset(self, dataset: Dataset) -> None:
        """Learn beside the training images of this data set, so that they are not forgotten."""
        self._dataset = dataset
        self._tell_obstacle()

    @Slot(object)
    def use_network(self, snapshot: Snapshot) -> None:
        """Begin from this network."""
        self._snapshot = snapshot
        self._tell_obstacle()

    @Slot(object)
    def use_digits(self, kept: UserDigits) -> None:
        """Learn from these digits."""
        self._digits = kept.digits
        self._tell_obstacle()

    @Slot(str)
    def use_device(self, key: str) -> None:
        """Compute on the device of this key."""
        self._device_key = key

    @Slot(object)
    def follow_training(self, state: RunState) -> None:
        """Make room for a run: the user asked for it later."""
        self._is_training = state.is_active
        if self._is_training:
            self.stop()
        self._tell_obstacle()

    @Slot()
    def start(self) -> None:
        """Begin to learn, if nothing is in the way."""
        if self._job is not None or self.obstacle:
            return
        assert self._dataset is not None
        assert self._snapshot is not None
        self._result = None
        drawings = [digit.labelled for digit in self._digits]
        work = partial(finetune, self._dataset, self._snapshot, drawings, device=self._device_key)
        self._job = self._thread.run(work, take=self._take, end=self._end, fail=self._fail)
        self.began.emit()

    @Slot()
    def stop(self) -> None:
        """End the learning soon; the current network stays as it is."""
        if self._job is not None:
            self._job.stop()

    @Slot()
    def keep(self) -> None:
        """Make what was learnt the current network."""
        if self._result is not None:
            self.network_chosen.emit(self._result.snapshot)

    @Slot()
    def go_back(self) -> None:
        """Make the network it came from the current one, unless it still is."""
        if self._result is not None and self._snapshot is self._result.snapshot:
            self.network_chosen.emit(self._result.base)

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case FineTuningProgress():
                self.progress_changed.emit(event)
            case FineTuned(result):
                self._result = result

    @Slot()
    def _end(self) -> None:
        self._job = None
        if self._result is None:
            self.stopped.emit()
        else:
            self.learnt.emit(self._result)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._job = None
        self.failed.emit(sentence(error))

    def _tell_obstacle(self) -> None:
        self.obstacle_changed.emit(self.obstacle)
