"""What tells the program from outside to end: Ctrl-C in its terminal, the end of the session."""

import signal
import socket
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QWidget


class Interrupts(QObject):
    """Closes a window when the program is told to end.

    Python's handlers run only when Python does. In a window that waits for its user nothing does,
    so that the signals also come as bytes through a socket, which Qt listens to.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._heard, self._told = socket.socketpair()
        for end in (self._heard, self._told):
            end.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self._window.close())
        notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._wake)

    @Slot()
    def _wake(self) -> None:
        with suppress(BlockingIOError):
            self._heard.recv(64)
