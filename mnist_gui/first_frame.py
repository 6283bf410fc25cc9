"""What can wait until a window has been seen."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

# A window that opens minimized is not painted, but has to work all the same.
_LONGEST_WAIT_MILLISECONDS = 500
_NO_MORE = object()


class AfterFirstFrame(QObject):
    """Takes steps one after another once the window has been painted, one each turn of the loop.

    Between two of them the window answers its user. It ends with the window.
    """

    def __init__(self, window: QWidget, steps: Iterator[None]) -> None:
        super().__init__(window)
        self._steps = steps
        self._timer = QTimer(self, interval=_LONGEST_WAIT_MILLISECONDS)
        self._timer.timeout.connect(self._take_step)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take note of the window being shown, painted and closed; never keeps it from anyone."""
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Paint:
            self._timer.start(0)
        elif event.type() == QEvent.Type.Close:
            self._timer.stop()
        return False

    @Slot()
    def _take_step(self) -> None:
        if next(self._steps, _NO_MORE) is _NO_MORE:
            self.deleteLater()
