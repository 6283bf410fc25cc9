"""Train a sweep on the workers of a Dask cluster, and record its runs here.

Each worker trains one run at a time, in parts of some seconds. A part ends with a checkpoint, and
what happened in it is recorded here as if it had been trained here. So a worker that is killed
costs no more than the part it was at: Dask gives it to another one. Ctrl-C leaves runs that can be
resumed, here or there.
"""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError, SweepError, as_problem
from mnist_gui.engine.events import (
    CheckpointTaken,
    Resumed,
    RunPrepared,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.models.devices import processor_name, usual_threads
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.snapshot import Checkpoint
from mnist_gui.engine.sweep.choices import open_run
from mnist_gui.engine.sweep.combinations import (
    LONGEST_WAIT_SECONDS,
    Ended,
    IsStopped,
    News,
    Sweep,
    Told,
    Trained,
    Warn,
)
from mnist_gui.engine.sweep.segment import Conditions, Segment, SegmentResult, train_segment

if TYPE_CHECKING:
    from distributed import Client, Future

SEGMENT_SECONDS = 15.0
"""How long a part of a run is: what a worker that is killed may cost."""

_CONNECT_SECONDS = 10
_POLL_SECONDS = 0.2


class _RemoteRun:
    """A run that is trained elsewhere and recorded here."""

    def __init__(self, sweep: Sweep, recipe: Recipe, warn: Warn) -> None:
        last = open_run(recipe, sweep.dataset.fingerprint, sweep.store.runs().runs)
        self.recipe = recipe
        self.key = uuid4().hex
        self._warn = warn
        self._folder = sweep.store.folder
        self.start: Recipe | Checkpoint = recipe
        if last is None:
            self._recorder = sweep.store.start(recipe, sweep.dataset, warn)
        else:
            checkpoint, self._recorder = sweep.store.resume(last.run_id, sweep.dataset, warn)
            self.start = checkpoint or recipe
        self._recorder.mark_resumed()
        self._is_new = True
        begun = self.start.step if isinstance(self.start, Checkpoint) else 0
        self.progress = Trained(recipe, begun)

    def record(self, result: SegmentResult) -> Trained:
        """Record what happened in a part; return how far the run is."""
        step, loss, accuracy = self.progress.step, self.progress.loss, self.progress.accuracy
        for event in result.events:
            match event:
                case RunPrepared() | Resumed() if not self._is_new:
                    # It went to another worker, which is of no interest to its curves.
                    continue
                case StepsTrained():
                    step, loss = event.step, event.losses[-1]
                case Validated():
                    accuracy = event.accuracy
                case CheckpointTaken():
                    self.start = event.checkpoint
            self._recorder.record(event)
        self._is_new = False
        best = self._recorder.info.best_validation
        if result.best is not None and best is not None and best.step == result.best.step:
            self._recorder.save_best(result.best)
        self.progress = Trained(self.recipe, step, loss, accuracy)
        return self.progress

    def end(self, status: RunStatus, problem: MnistGuiError | None = None) -> None:
        """Record how the run ended."""
        self._recorder.end(status, problem)
        self.leave()

    def leave(self) -> None:
        """Record nothing more: unless it was ended before, the run was interrupted."""
        if not self._recorder.close(LONGEST_WAIT_SECONDS):
            self._warn(RunStoreError("run-end-not-recorded", folder=self._folder))


@dataclass(eq=False, slots=True)
class _Task:
    """A part of a run that is being trained, by the worker of this address if that still lives."""

    run: _RemoteRun
    worker: str
    future: "Future"


class _Cluster:
    """The workers of a cluster, and what they have still to train."""

    def __init__(self, client: "Client", sweep: Sweep, seconds: float, warn: Warn) -> None:
        self._address = client.scheduler.address
        self._client = client
        self._sweep = sweep
        self._seconds = seconds
        self._warn = warn
        self._waiting = deque(sweep.remaining())
        self._tasks: list[_Task] = []
        self._open: list[_RemoteRun] = []
        self._done: SimpleQueue[Future] = SimpleQueue()
        self._mine = Conditions(versions(), processor_name(), usual_threads())
        self._others = {self._mine}
        self._data = _sent_once(client, sweep.dataset)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be trained."""
        return not self._tasks and not self._waiting

    def fill(self) -> None:
        """Give each worker that is free a combination that waits."""
        if not self._waiting:
            return
        workers = self._workers()
        busy = {task.worker for task in self._tasks}
        # The part of a worker that was killed is at another one, which has two for a while.
        room = len(workers) - len(self._tasks)
        for worker in [each for each in workers if each not in busy][: max(room, 0)]:
            if self._waiting:
                recipe = self._waiting.popleft()
                run = _RemoteRun(self._sweep, recipe, self._warn)
                self._open.append(run)
                self._submit(run, worker)

    def news(self) -> Iterator[News]:
        """Wait a moment for parts that are done, and yield what they gave."""
        try:
            future = self._done.get(timeout=_POLL_SECONDS)
        except Empty:
            return
        task = next((each for each in self._tasks if each.future is future), None)
        if task is not None:
            self._tasks.remove(task)
            yield from self._ended(task)

    def stop(self) -> None:
        """Let the runs be stopped where their last parts ended."""
        if self._client.status == "running":
            with suppress(OSError):
                self._client.cancel([task.future for task in self._tasks])
        for run in self._open:
            run.end(RunStatus.STOPPED)

    def _workers(self) -> list[str]:
        try:
            return list(self._client.nthreads())
        except OSError as error:
            raise SweepError("cluster-lost", address=self._address) from error

    def _submit(self, run: _RemoteRun, worker: str) -> None:
        fingerprint, device = self._sweep.dataset.fingerprint, self._sweep.device
        segment = Segment(
            run.key, run.start, fingerprint, device, self._mine.threads, self._seconds
        )
        future = self._client.submit(
            train_segment,
            segment,
            self._data,
            key=f"mnist-gui-{uuid4().hex}",
            workers=[worker],
            allow_other_workers=True,
        )
        self._tasks.append(_Task(run, worker, future))
        future.add_done_callback(self._done.put)

    def _ended(self, task: _Task) -> Iterator[News]:
        run = task.run
        try:
            result = task.future.result()
        except Exception as error:  # noqa: BLE001 - whatever a worker ends with
            ended = self._given_up(run, error)
            self._open.remove(run)
            run.leave()
            yield ended
            return
        yield run.record(result)
        if result.conditions not in self._others:
            self._others.add(result.conditions)
            yield Told(SweepError("cluster-conditions-differ"))
        if result.problem is not None or result.is_done:
            self._open.remove(run)
        if result.problem is not None:
            run.end(RunStatus.FAILED, result.problem)
            yield Ended(run.recipe, result.problem)
        elif result.is_done:
            run.end(RunStatus.COMPLETED)
            yield Ended(run.recipe)
        else:
            self._submit(run, self._next_worker(task.worker))

    def _next_worker(self, last: str) -> str:
        """Return the worker that has the run in its memory; if it is gone, one that is free."""
        workers = self._workers()
        busy = {task.worker for task in self._tasks}
        free = [worker for worker in workers if worker not in busy]
        return last if last in workers or not free else free[0]

    def _given_up(self, run: _RemoteRun, error: Exception) -> Ended:
        from distributed import CancelledError, KilledWorker

        if isinstance(error, CancelledError):
            raise SweepError("cluster-lost", address=self._address) from error
        if not isinstance(error, KilledWorker):
            # It would be the same for all combinations.
            raise SweepError("cluster-failed", reason=as_problem(error)) from error
        values = self._sweep.values(run.recipe)
        return Ended(run.recipe, SweepError("cluster-workers-killed", values=values), True)


def sweep_on_cluster(
    sweep: Sweep,
    address: str,
    is_stopped: IsStopped,
    warn: Warn,
    seconds: float = SEGMENT_SECONDS,
) -> Iterator[News]:
    """Train the combinations that have not ended on the workers of a Dask cluster.

    Workers may join and leave meanwhile. `seconds` is how long a part of a run is; `warn` is called
    on any thread with problems of the records. Raise SweepError and RunStoreError.
    """
    with _connected(address) as client:
        cluster = _Cluster(client, sweep, seconds, warn)
        try:
            while not is_stopped() and not cluster.is_done:
                cluster.fill()
                yield from cluster.news()
        finally:
            cluster.stop()


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """Connect with a cluster that has workers; raise SweepError."""
    try:
        import dask
        from distributed import Client
        from distributed.comm import CommClosedError
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise SweepError("no-dask") from error
    # Checkpoints of large networks, which no data of Dask's could replace.
    quietly = dask.config.set({"distributed.admin.large-graph-warning-threshold": "4GiB"})
    with quietly, silence_logging_cmgr(logging.CRITICAL):
        try:
            client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SweepError("cluster-unreachable", address=address, reason=error) from error
        try:
            if not client.nthreads():
                raise SweepError("cluster-no-workers", address=address)
            yield client
        except CommClosedError as error:
            raise SweepError("cluster-lost", address=address) from error
        finally:
            with suppress(OSError):
                client.close()


def _sent_once(client: "Client", dataset: Dataset) -> Any:
    """Return a data set for the workers: None if they have it, else a future of it.

    Dask copies it from worker to worker, and computes it anew should all that have it be killed.
    """
    if dataset.fingerprint == load_dataset().fingerprint:
        return None
    return client.submit(_unchanged, dataset, key=f"mnist-gui-data-{dataset.fingerprint}")


def _unchanged(dataset: Dataset) -> Dataset:
    return dataset
