"""Train several combinations of a sweep at a time, each in a process of its own.

A process trains one combination after the other and records its runs itself. TensorFlow has as
many threads in each as it has alone, whatever the number of processes: sums that are divided among
another number of threads round differently, and the same recipe would give other bits. Where there
are several GPUs and no device was chosen, each process trains on another one.

Once its pipe is closed, also because the process that asked was killed, a process stops its run in
order and ends.
"""

import logging
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from mnist_gui.engine.errors import MnistGuiError, SweepError, as_problem
from mnist_gui.engine.models.devices import load_tensorflow, next_device
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.sweep.combinations import (
    LONGEST_WAIT_SECONDS,
    Ended,
    IsStopped,
    News,
    Sweep,
    Told,
    expected_problem,
    train_combination,
)

MOST_JOBS = 64
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _Unforeseen:
    """A combination failed by an error that nobody has thought of; its traceback."""

    ended: Ended
    trace: str


@dataclass(eq=False, slots=True)
class _Worker:
    number: int
    process: SpawnProcess
    connection: Connection
    recipe: Recipe


@dataclass(slots=True)
class _Pool:
    """The processes of a sweep, and what they have still to train."""

    sweep: Sweep
    waiting: deque[Recipe]
    workers: list[_Worker] = field(default_factory=list)
    ended_once: set[Recipe] = field(default_factory=set)
    is_stopping: bool = False

    def fill(self, jobs: int) -> None:
        """Start processes for what waits, up to `jobs` at a time."""
        while self.waiting and len(self.workers) < jobs:
            # One that replaces another takes its number, and so its GPU.
            number = min({*range(jobs)} - {worker.number for worker in self.workers})
            self.workers.append(_started(self.sweep, self.waiting.popleft(), number))

    def stop(self) -> None:
        """Let the processes stop their runs, once."""
        self.is_stopping = True
        self.waiting.clear()
        for worker in self.workers:
            with suppress(OSError):
                worker.connection.send(None)

    def received(self, worker: _Worker) -> Iterator[News]:
        """Yield what a process has sent; replace one that has ended before its combination."""
        try:
            news = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker)
            return
        if isinstance(news, _Unforeseen):
            logging.getLogger(__name__).error("Unexpected, in a sweep's process: %s", news.trace)
            news = news.ended
        yield news
        if isinstance(news, Ended):
            self._go_on(worker)

    def kill(self) -> None:
        """End the processes that are left; checkpoints are whole, whenever that is."""
        for worker in self.workers:
            worker.connection.close()
            worker.process.kill()
            worker.process.join()

    def _go_on(self, worker: _Worker) -> None:
        if self.waiting:
            worker.recipe = self.waiting.popleft()
            # One that has ended meanwhile is noticed when its end of the pipe is read.
            with suppress(OSError):
                worker.connection.send(worker.recipe)
            return
        self.workers.remove(worker)
        worker.connection.close()
        worker.process.join(LONGEST_WAIT_SECONDS)

    def _lost(self, worker: _Worker) -> Iterator[News]:
        self.workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        recipe, values = worker.recipe, self.sweep.values(worker.recipe)
        if self.is_stopping:
            yield Ended(recipe)
        elif recipe in self.ended_once:
            yield Ended(recipe, SweepError("sweep-process-ended-again", values=values), True)
        else:
            self.ended_once.add(recipe)
            self.waiting.appendleft(recipe)
            yield Told(SweepError("sweep-process-ended", values=values))


def sweep_in_processes(sweep: Sweep, jobs: int, is_stopped: IsStopped) -> Iterator[News]:
    """Train the combinations that have not ended, `jobs` at a time, each in its own process.

    A process that is ended from outside is replaced once for each combination, and the run goes on
    from its last checkpoint. Raise SweepError for a number of jobs that makes no sense, and
    RunStoreError.
    """
    if not 1 <= jobs <= MOST_JOBS:
        raise SweepError("sweep-jobs", count=jobs, most=MOST_JOBS)
    pool = _Pool(sweep, deque(sweep.remaining()))
    try:
        while not is_stopped():
            pool.fill(jobs)
            if not pool.workers:
                return
            yield from _news(pool)
        pool.stop()
        while pool.workers:
            yield from _news(pool)
    finally:
        pool.kill()


def _news(pool: _Pool) -> Iterator[News]:
    """Wait a moment for the processes and yield what they have sent."""
    by_pipe = {worker.connection: worker for worker in pool.workers}
    for ready in wait([*by_pipe], _POLL_SECONDS):
        assert isinstance(ready, Connection)
        yield from pool.received(by_pipe[ready])


def _started(sweep: Sweep, recipe: Recipe, number: int) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    # A daemon ends with this process, should this one end without telling it.
    process = context.Process(target=_work, args=(theirs, sweep, recipe, number), daemon=True)
    with _unreachable_by_ctrl_c():
        process.start()
    theirs.close()
    return _Worker(number, process, ours, recipe)


@contextmanager
def _unreachable_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C, which a terminal sends to all processes, not reach what is started meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It is started with the first process, and unblocks the signal.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the process --------------------------------------------------------------------------


class _Pipe:
    """The end of the pipe in a process; the recorder's thread sends, too."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._is_stopped = False

    def is_stopped(self) -> bool:
        """Whether the run in hand is to be stopped, or nobody is left to read its news.

        Nothing else can come before its end was sent.
        """
        try:
            self._is_stopped = self._is_stopped or self._connection.poll()
        except OSError:
            self._is_stopped = True
        return self._is_stopped

    def next_recipe(self) -> Recipe | None:
        """Wait for the next combination; None if there is none."""
        if self._is_stopped:
            return None
        try:
            recipe = self._connection.recv()
        except (EOFError, OSError):
            return None
        return recipe if isinstance(recipe, Recipe) else None

    def send(self, news: News | _Unforeseen) -> None:
        """Send news; lost if nobody is left to read them."""
        with self._lock, suppress(OSError):
            self._connection.send(news)

    def warn(self, problem: MnistGuiError) -> None:
        """Send a problem of the record."""
        self.send(Told(problem))


def _work(connection: Connection, sweep: Sweep, first: Recipe, number: int) -> None:
    """Train the first combination, and each that comes through the pipe, until it is closed.

    `number` counts the processes from 0.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = _Pipe(connection)
    recipe: Recipe | None = first
    while recipe is not None:
        try:
            load_tensorflow()
            own = replace(sweep, device=next_device(sweep.device, number))
            for news in train_combination(own, recipe, pipe.is_stopped, pipe.warn):
                pipe.send(news)
        except Exception as error:  # noqa: BLE001 - the process that asked logs it
            ended = Ended(recipe, as_problem(error))
            is_known = expected_problem(error) is not None
            pipe.send(ended if is_known else _Unforeseen(ended, traceback.format_exc()))
        recipe = pipe.next_recipe()
