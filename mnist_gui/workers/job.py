"""Jobs: generators that run on a thread, can be paused and stopped, and report by signals."""

import threading
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from mnist_gui.engine.errors import log_unexpected


class Job(QObject):
    """One piece of work, given as a function that returns an iterable of events.

    Belongs to the thread it is made on; `run` is called once, on another. Emits `happened` with
    each event, `held` once a pause is reached, then exactly one of `completed`, `cancelled`,
    `failed` (with the exception). If it is stopped once it has begun, the events of `at_stop`
    come before `cancelled`.
    """

    happened = Signal(object)
    held = Signal()
    completed = Signal()
    cancelled = Signal()
    failed = Signal(object)

    def __init__(
        self,
        work: Callable[[], Iterable[object]],
        at_stop: Callable[[], Iterable[object]] = tuple,
    ) -> None:
        super().__init__()
        self._work = work
        self._at_stop = at_stop
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def stop(self) -> None:
        """Ask the work to end after its current event, paused or not."""
        self._stopped.set()
        self._running.set()

    def pause(self) -> None:
        """Ask the work to wait after its current event."""
        self._running.clear()

    def resume(self) -> None:
        """Let the work go on."""
        self._running.set()

    def run(self) -> None:
        """Do the work on the calling thread, to its one ending."""
        try:
            finished = self._iterate()
        except Exception as error:  # noqa: BLE001 - nothing above a thread would catch it
            log_unexpected(error)
            self.failed.emit(error)
        else:
            (self.completed if finished else self.cancelled).emit()

    def _iterate(self) -> bool:
        if self._stopped.is_set():
            return False
        for event in self._work():
            self.happened.emit(event)
            self._wait_while_paused()
            if self._stopped.is_set():
                for last_event in self._at_stop():
                    self.happened.emit(last_event)
                return False
        return True

    def _wait_while_paused(self) -> None:
        if not self._running.is_set():
            self.held.emit()
            self._running.wait()
