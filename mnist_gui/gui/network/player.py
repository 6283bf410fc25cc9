"""Goes through the steps that a run kept, one after the other, and all views with it."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from mnist_gui.gui.network.bar import NetworkBar
from mnist_gui.gui.session import Session

_STEP_MILLISECONDS = 300


class StepPlayer(QObject):
    """Chooses one step after the other in the network bar, from the first after the last.

    The next one is chosen once the network of the one before is there. It ends at the last step,
    and where the user or a run chooses another network meanwhile.
    """

    def __init__(self, session: Session, bar: NetworkBar, action: QAction) -> None:
        # It ends with the bar, also while it plays.
        super().__init__(bar)
        self._session, self._bar, self._action = session, bar, action
        self._wanted: int | None = None
        self._timer = QTimer(self, interval=_STEP_MILLISECONDS)
        self._timer.timeout.connect(self._go_on)
        action.triggered.connect(self.play_or_stop)
        bar.steps_offered.connect(self._offer)
        self._show()

    @property
    def is_playing(self) -> bool:
        """Whether it goes through the steps."""
        return self._timer.isActive()

    @Slot()
    def play_or_stop(self) -> None:
        """Begin, or end where it is."""
        if self.is_playing:
            self.stop()
        elif self._bar.steps:
            steps = self._bar.steps
            self._choose(steps[0] if self._bar.step == steps[-1] else self._bar.step)
            self._timer.start()
            self._show()

    def stop(self) -> None:
        """End where it is."""
        self._timer.stop()
        self._wanted = None
        self._show()

    @Slot()
    def _go_on(self) -> None:
        network, steps = self._session.network.value, self._bar.steps
        if self._wanted not in steps or self._bar.step != self._wanted:
            self.stop()
        elif network is not None and network.step == self._wanted:
            place = steps.index(self._wanted) + 1
            if place < len(steps):
                self._choose(steps[place])
            else:
                self.stop()

    def _choose(self, step: int) -> None:
        self._wanted = step
        self._bar.choose_step(step)

    @Slot(bool)
    def _offer(self, offered: bool) -> None:
        if not offered and self.is_playing:
            self.stop()
        self._action.setEnabled(offered)

    def _show(self) -> None:
        playing = self.is_playing
        self._action.setText(
            self.tr("Stop playing the &run") if playing else self.tr("Play the &run")
        )
        self._bar.play_button.show_icon("stop" if playing else "time")
