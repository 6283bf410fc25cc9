"""Jobs, and the threads they run on one after the other."""

import threading
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mnist_gui.engine.errors import log_unexpected

# NumPy and TensorFlow need more than the half megabyte that macOS gives (numpy#11551).
_STACK_BYTES = 8 << 20


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


class JobThread(QObject):
    """A QThread that lives as long as the window and runs the jobs it is given in their order."""

    _submitted = Signal(object)
    _finish_requested = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._runner = _Runner()
        self._thread = _LoopThread()
        self._thread.setObjectName(name)
        self._thread.setStackSize(_STACK_BYTES)
        self._runner.moveToThread(self._thread)
        self._submitted.connect(self._runner.run, Qt.ConnectionType.QueuedConnection)
        self._finish_requested.connect(self._runner.quit, Qt.ConnectionType.QueuedConnection)
        # Held until they ended: a queued signal alone does not keep a job alive.
        self._jobs: set[Job] = set()
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Run the job after those that were submitted before."""
        self._jobs.add(job)
        for ended in (job.completed, job.cancelled, job.failed):
            ended.connect(self._forget)
        self._submitted.emit(job)

    def run(
        self,
        work: Callable[[], Iterable[object]],
        *,
        take: Callable[[object], None] | None = None,
        end: Callable[[], None] | None = None,
        fail: Callable[[object], None] | None = None,
    ) -> Job:
        """Submit a job for this work; return it.

        Of the slots, `take` gets each event, `fail` the exception if it failed, and `end` hears
        that it was completed or cancelled. They are methods of QObjects of the calling thread.
        """
        job = Job(work)
        if take is not None:
            job.happened.connect(take)
        if end is not None:
            job.completed.connect(end)
            job.cancelled.connect(end)
        if fail is not None:
            job.failed.connect(fail)
        self.submit(job)
        return job

    def finish(self) -> None:
        """Let the thread end once the jobs it has are done; returns at once."""
        self._finish_requested.emit()

    def stop(self) -> None:
        """Ask the jobs it has to stop, and let the thread end after them; returns at once."""
        for job in self._jobs:
            job.stop()
        self.finish()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread's end; return whether it came in time."""
        return self._thread.wait(milliseconds)

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        assert isinstance(job, Job)
        self._jobs.discard(job)


class _LoopThread(QThread):
    """A thread with an event loop, entered from Python.

    So the thread's Python state lives as long as the thread. Entered from C++, each slot would
    get a state of its own, and TensorFlow, which keeps Python objects for each thread, crashes in
    the second one.
    """

    def run(self) -> None:
        """Run the event loop until the thread is to end."""
        self.exec()


class _Runner(QObject):
    """Lives on the thread and runs there what it is given."""

    @Slot(object)
    def run(self, job: Job) -> None:
        """Run one job to its end."""
        job.run()

    @Slot()
    def quit(self) -> None:
        """End the thread's event loop; the jobs submitted before have had their turn."""
        QThread.currentThread().quit()
