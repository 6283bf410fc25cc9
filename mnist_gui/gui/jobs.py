"""Jobs, and the threads they run on one after the other."""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from mnist_gui.engine.errors import log_exception
from mnist_gui.words.errors import sentence

T = TypeVar("T")
# NumPy and TensorFlow need more than the half megabyte that macOS gives (numpy#11551).
_STACK_BYTES = 8 << 20
# Numbers of which NumPy takes the difference in place, where that is only a step to something.
_LARGE = 1 << 16
# A job that takes longer may wait for a disk that does not answer.
_SILENT_MILLISECONDS = 5_000
# Those that did not end in time: Qt ends the program if one is destroyed that still runs.
_left = list["JobThread"]()


class Job(QObject):
    """One piece of work, given as a function that returns an iterable of events.

    Belongs to the thread it is made on; `run` is called once, on another. Emits `happened` with
    each event, `held` once a pause is reached, then exactly one of `completed`, `cancelled`,
    `failed` (with the exception). If it is stopped once it has begun, the events of `at_stop`
    come before `cancelled`. `place` is the file or folder it is about, where that may be on any
    disk.
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
        place: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.place = Path(place) if place else None
        self._work = work
        self._at_stop = at_stop
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()

    @property
    def is_stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stopped.is_set()

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
            log_exception(error)
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

    fell_silent = Signal(object)
    _submitted = Signal(object)
    _finish_requested = Signal()

    def __init__(self, name: str) -> None:
        """`fell_silent` brings the place of a job whenever it has brought nothing for seconds."""
        super().__init__()
        self._silence = QTimer(self, interval=_SILENT_MILLISECONDS)
        self._silence.timeout.connect(self._tell_silence)
        self._runner = _Runner()
        self._thread = _LoopThread()
        self._thread.setObjectName(name)
        self._thread.setStackSize(_STACK_BYTES)
        self._runner.moveToThread(self._thread)
        self._submitted.connect(self._runner.run, Qt.ConnectionType.QueuedConnection)
        self._finish_requested.connect(self._runner.quit, Qt.ConnectionType.QueuedConnection)
        # In their order, held until they ended: a queued signal alone keeps no job alive.
        self._jobs: dict[Job, None] = {}
        self._answers: set[_Answers] = set()
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Run the job after those that were submitted before."""
        self._jobs[job] = None
        job.happened.connect(self._hear)
        for ended in (job.completed, job.cancelled, job.failed):
            ended.connect(self._forget)
        if not self._silence.isActive():
            self._silence.start()
        self._submitted.emit(job)

    def run(
        self,
        work: Callable[[], Iterable[Any]],
        *,
        each: Callable[[Any], object] | None = None,
        ended: Callable[[], object] | None = None,
        failed: Callable[[str], object] | None = None,
        place: str | Path | None = None,
    ) -> Job:
        """Run a generator as a job, about a file or folder of any disk; return it.

        On the calling thread `each` is called with what the work yields until the job is stopped,
        then `failed` with a sentence if it failed, else `ended`, also if it was stopped.
        """
        job = Job(work, place=place)
        self._answers.add(_Answers(job, each, ended, failed, self._answers))
        self.submit(job)
        return job

    def call(
        self,
        function: Callable[[], T],
        *,
        then: Callable[[T], object] | None = None,
        failed: Callable[[str], object] | None = None,
        place: str | Path | None = None,
    ) -> Job:
        """Call a function on the thread; on the calling thread `then` is called with its result.

        If it raises, `failed` is called with a sentence; nothing is called if the job is stopped.
        """
        return self.run(
            lambda: (function() for _ in range(1)), each=then, failed=failed, place=place
        )

    def adopt(self, worker: QObject) -> None:
        """Let an object live on the thread, where its slots are then called."""
        worker.moveToThread(self._thread)

    def finish(self) -> None:
        """Let the thread end once the jobs it has are done; returns at once."""
        self._finish_requested.emit()

    def stop(self) -> None:
        """Ask the jobs it has to stop, and let the thread end after them; returns at once."""
        for job in self._jobs:
            job.stop()
        self.finish()

    @property
    def is_busy(self) -> bool:
        """Whether it has jobs that have not ended."""
        return bool(self._jobs)

    @property
    def place(self) -> Path | None:
        """What file or folder the job under way is about, if it says so."""
        return next((job.place for job in self._jobs), None)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for the answers of its jobs, by `run` or `call`."""
        return bool(self._answers)

    def forget_answers(self) -> None:
        """Stop the jobs whose answers are waited for; nobody is answered."""
        for answers in self._answers:
            answers.stop()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread's end, after which nobody is answered; return whether it came."""
        has_ended = self._thread.wait(milliseconds)
        if not has_ended:
            _left.append(self)
        for answers in self._answers:
            answers.forget()
        return has_ended

    @property
    def has_ended(self) -> bool:
        """Whether it was asked to end, and has."""
        return self._thread.isFinished()

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        assert isinstance(job, Job)
        self._jobs.pop(job, None)
        self._silence.start() if self._jobs else self._silence.stop()

    @Slot()
    def _hear(self) -> None:
        self._silence.start()

    @Slot()
    def _tell_silence(self) -> None:
        self.fell_silent.emit(self.place)


def threads_are_left() -> bool:
    """Return whether threads still run that did not end in time, say as a disk does not answer."""
    return not all(thread.has_ended for thread in _left)


class _Answers(QObject):
    """Hands what a job brings to functions, on the thread that this is made on.

    A function connected to the job's signals would be called on the job's thread. It leaves
    `answers`, where it is kept alive, when the job has ended.
    """

    def __init__(
        self,
        job: Job,
        each: Callable[[Any], object] | None,
        ended: Callable[[], object] | None,
        failed: Callable[[str], object] | None,
        answers: "set[_Answers]",
    ) -> None:
        super().__init__()
        self._job, self._answers = job, answers
        self._each, self._ended, self._failed = each, ended, failed
        job.happened.connect(self._take)
        job.completed.connect(self._end)
        job.cancelled.connect(self._end)
        job.failed.connect(self._fail)

    def stop(self) -> None:
        """Stop the job, and call nothing any more."""
        self._job.stop()
        self.forget()

    def forget(self) -> None:
        """Call nothing any more."""
        self._each = self._ended = self._failed = None

    @Slot(object)
    def _take(self, event: object) -> None:
        if self._each is not None and not self._job.is_stopped:
            self._each(event)

    @Slot()
    def _end(self) -> None:
        self._answers.discard(self)
        if self._ended is not None:
            self._ended()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._answers.discard(self)
        if self._failed is not None and not self._job.is_stopped:
            self._failed(sentence(error))
        elif self._ended is not None:
            self._ended()


class LatestJob:
    """Runs one job at a time on a thread; of those that are asked for meanwhile, only the newest.

    What the job under way still brings counts. `cancel` ends that: it begins a new generation,
    and what belongs to an older one is dropped. The functions are called on the calling thread.
    """

    def __init__(self, thread: JobThread) -> None:
        self._thread = thread
        self._job: Job | None = None
        self._next: Callable[[], None] | None = None
        self._generation = 0

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way whose answer counts."""
        return self._job is not None

    def call(
        self,
        function: Callable[[], T],
        *,
        then: Callable[[T], object],
        failed: Callable[[str], object] | None = None,
        place: str | Path | None = None,
    ) -> None:
        """Call a function on the thread, as `JobThread.call` does."""
        results: list[T] = []
        self.run(
            lambda: (function() for _ in range(1)),
            each=results.append,
            ended=lambda: then(results[0]) if results else None,
            failed=failed,
            place=place,
        )

    def run(
        self,
        work: Callable[[], Iterable[Any]],
        *,
        each: Callable[[Any], object],
        ended: Callable[[], object] | None = None,
        failed: Callable[[str], object] | None = None,
        place: str | Path | None = None,
    ) -> None:
        """Run a generator on the thread, as `JobThread.run` does, now or after the one under way.

        `ended` is called after it was completed, not after it was cancelled.
        """

        def begin() -> None:
            generation = self._generation

            def end(then: Callable[[], object] | None) -> None:
                if generation != self._generation:
                    return
                self._job = None
                if then is not None:
                    then()
                self._begin_next()

            self._job = self._thread.run(
                work,
                each=each,
                ended=lambda: end(ended),
                failed=lambda text: end(partial(failed, text) if failed else None),
                place=place,
            )

        if self._job is None:
            begin()
        else:
            self._next = begin

    def cancel(self) -> None:
        """Stop the job under way and forget the next one; neither is answered."""
        self._generation += 1
        self._next = None
        if self._job is not None:
            self._job.stop()
            self._job = None

    def _begin_next(self) -> None:
        if self._next is not None and self._job is None:
            begin, self._next = self._next, None
            begin()


class _LoopThread(QThread):
    """A thread with an event loop, entered from Python.

    So the thread's Python state lives as long as the thread. Entered from C++, each slot would
    get a state of its own, and TensorFlow, which keeps Python objects for each thread, crashes in
    the second one.
    """

    def run(self) -> None:
        """Run the event loop until the thread is to end."""
        let_numpy_settle()
        self.exec()


def let_numpy_settle() -> None:
    """Have NumPy take the memory that it keeps for each thread, this one.

    By itself it takes it at the thread's first large difference, and needs the system's loader for
    that. While the loader opens TensorFlow's libraries, NumPy would wait for a third of a second
    and hold Python's lock meanwhile, so that the window would wait, too.
    """
    _ = np.zeros(_LARGE) - 1.0


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
