"""Personalizing the current network on the user's digits."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.events import RunState
from mnist_gui.engine.finetune.finetune import LEAST_DIGITS, finetune
from mnist_gui.engine.finetune.result import FineTuningProgress, FineTuningResult
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell


class PersonalizePresenter(QObject):
    """Trains the current network on the user's digits, once at a time and never beside a run.

    The panel shows the gain; the user accepts the new network, or goes back to the one before.
    """

    def __init__(self, session: Session, panel: PersonalizePanel, shell: Shell) -> None:
        super().__init__()
        self._session, self._panel, self._shell = session, panel, shell
        self._job: Job | None = None
        self._result: FineTuningResult | None = None
        # The run that the network before was loaded from.
        self._run_of_base = ""
        panel.start_button.clicked.connect(self._start)
        panel.stop_button.clicked.connect(self._stop)
        panel.accept_button.clicked.connect(self._accept)
        panel.back_button.clicked.connect(self._revert)
        for piece in (session.dataset, session.network, session.digits):
            piece.follow(self._show_obstacle)
        session.run_state.follow(self._follow_run)

    @property
    def is_training(self) -> bool:
        """Whether it is training at the moment."""
        return self._job is not None

    def _ready(self) -> tuple[Dataset, Snapshot, UserDigits] | str:
        """Return what training needs, or a sentence on why it cannot begin."""
        dataset, snapshot = self._session.dataset.value, self._session.network.value
        digits = self._session.digits.value or UserDigits()
        missing = LEAST_DIGITS - len(digits.digits)
        if missing > 0:
            text = self.tr("Keep {missing} more: a hand is learnt from {least} digits or more.")
            return text.format(missing=missing, least=LEAST_DIGITS)
        if self._session.run_state.value.is_active:
            return self.tr("A training run is active; wait for its end or stop it.")
        if dataset is None or snapshot is None:
            return self.tr("The data set and a network are still to be loaded.")
        return dataset, snapshot, digits

    @Slot(object)
    def _show_obstacle(self, _changed: object = None) -> None:
        ready = self._ready()
        self._panel.show_obstacle(ready if isinstance(ready, str) else "")

    @Slot(object)
    def _follow_run(self, state: RunState) -> None:
        """Stop for a run, which the user asked for later."""
        if state.is_active:
            self._stop()
        self._show_obstacle()

    @Slot()
    def _start(self) -> None:
        ready = self._ready()
        if self._job is not None or isinstance(ready, str):
            return
        dataset, snapshot, digits = ready
        self._result = None
        self._run_of_base = self._session.run_of_network
        drawings = [digit.labelled for digit in digits.digits]
        device = self._session.device.value
        self._job = self._session.engine_thread.run(
            partial(finetune, dataset, snapshot, drawings, device=device),
            each=self._handle,
            ended=self._end,
            failed=self._show_failure,
        )
        self._panel.show_begun()

    @Slot()
    def _stop(self) -> None:
        """End the training soon; the current network stays as it is."""
        if self._job is not None:
            self._job.stop()

    @Slot()
    def _accept(self) -> None:
        if self._result is not None:
            self._session.use_network(self._result.snapshot)

    @Slot()
    def _revert(self) -> None:
        """Use the network before again, unless another one has been chosen since."""
        if self._result is not None and self._session.network.value is self._result.snapshot:
            self._session.use_network(self._result.base, self._run_of_base)

    def _handle(self, event: object) -> None:
        match event:
            case FineTuningProgress():
                self._panel.show_progress(event)
            case FineTuningResult():
                self._result = event

    def _end(self) -> None:
        self._job = None
        if self._result is None:
            self._panel.show_ready()
        else:
            self._panel.show_result(self._result)

    def _show_failure(self, sentence: str) -> None:
        self._job = None
        self._panel.show_ready()
        self._shell.show_error(self.tr("Learning your hand failed"), sentence)
