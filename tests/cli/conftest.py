"""What the tests of the command line share."""

import signal

from mnist_gui.cli.training import Interrupt


class CtrlC(Interrupt):
    """Has Ctrl-C pressed once a run has told of so many events."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self._events = events

    @property
    def is_requested(self) -> bool:
        self._events -= 1
        if self._events == 0:
            signal.raise_signal(signal.SIGINT)
        return super().is_requested
