"""What the tests of the command line share."""

import signal

from mnist_gui.cli.train import Interrupt


class CtrlC(Interrupt):
    """Presses Ctrl-C after so many events of a run."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self._events = events

    @property
    def is_requested(self) -> bool:
        self._events -= 1
        if self._events == 0:
            signal.raise_signal(signal.SIGINT)
        return super().is_requested
