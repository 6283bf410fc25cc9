"""Going on with a run that has ended."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import BOUNDS
from mnist_gui.widgets.training.number_fields import CountField


class TrainOn(QWidget):
    """Asks for more steps of the last run, while it is kept and no other is active."""

    more_steps_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._state = RunState.IDLE
        self._is_run_kept = False
        self._run = ""
        self.button = QPushButton(self.tr("Train on"))
        self.steps = CountField(BOUNDS["steps"])
        self.button.setObjectName("train_on_button")
        self.button.setAccessibleName(self.tr("Train on"))
        self.steps.setSuffix(self.tr(" more steps"))
        self.steps.setObjectName("more_steps_field")
        self.steps.setAccessibleName(self.tr("More steps"))
        self.steps.setToolTip(self.tr("How many more steps the last run gets."))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button)
        layout.addWidget(self.steps, stretch=1)
        self.button.clicked.connect(self.ask)
        self._offer()

    def propose_half(self, steps: int) -> None:
        """Propose half as many steps as a run of this length has."""
        self.steps.setValue(max(1, steps // 2))

    def show_run(self, title: str) -> None:
        """Name the run that would go on."""
        self._run = title
        self._offer()

    def set_state(self, state: RunState) -> None:
        """Offer it in this state of the run, or not."""
        self._state = state
        self._offer()

    def set_run_kept(self, *, kept: bool) -> None:
        """Offer it with this last run, or not."""
        self._is_run_kept = kept
        self._offer()

    @Slot()
    def ask(self) -> None:
        """Ask for the steps in the field."""
        self.steps.interpretText()
        self.more_steps_requested.emit(self.steps.value())

    def _offer(self) -> None:
        idle = not self._state.is_active
        self.button.setEnabled(idle and self._is_run_kept)
        self.steps.setEnabled(idle and self._is_run_kept)
        self.button.setToolTip(self._explanation(idle=idle))

    def _explanation(self, *, idle: bool) -> str:
        if not idle:
            return self.tr("Not now: first the run must have ended.")
        if not self._is_run_kept:
            return self.tr("There is nothing to go on with: start a run. One that failed is over.")
        text = self.tr("Go on with the last run, {run}, from the weights it reached (Ctrl+Shift+R)")
        return text.format(run=self._run)
