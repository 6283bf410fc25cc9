"""Exports of the network at hand, one at a time."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.exchange.formats import Exported, ExportStage
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.workers.job import Job
from mnist_gui.workers.job_thread import JobThread


class ExportController(QObject):
    """Exports the newest network on a thread of its own: it takes seconds, in other processes.

    Emits `stage_changed` with the file's path as it goes, then exactly one of `exported`,
    `cancelled`, `failed`; `running_changed` before and after.
    """

    running_changed = Signal(bool)
    stage_changed = Signal(str, ExportStage)
    exported = Signal(Exported)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._snapshot: Snapshot | None = None
        self._job: Job | None = None
        self._path = ""
        self._stage: ExportStage | None = None

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None

    @Slot(Snapshot)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Export this network from now on."""
        self._snapshot = snapshot

    @Slot(str)
    def export(self, path: str) -> None:
        """Export the network in the format that the path's ending asks for."""
        if self._snapshot is None or self._job:
            return
        self._path, self._stage = path, None
        self._job = Job(partial(_export, self._snapshot, Path(path)))
        self._job.happened.connect(self._take)
        self._job.cancelled.connect(self._take_cancelled)
        self._job.failed.connect(self._take_failure)
        self._job.completed.connect(self._end)
        self.running_changed.emit(True)
        self._thread.submit(self._job)

    @Slot()
    def cancel(self) -> None:
        """End the export that is under way; nothing is written then."""
        if self._job:
            self._job.stop()

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case Exported():
                self.exported.emit(event)
            case ExportStage() if event is not self._stage:
                self._stage = event
                self.stage_changed.emit(self._path, event)

    @Slot()
    def _take_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    @Slot(object)
    def _take_failure(self, error: object) -> None:
        self._end()
        self.failed.emit(sentence(error))

    @Slot()
    def _end(self) -> None:
        self._job = None
        self.running_changed.emit(False)


def _export(snapshot: Snapshot, path: Path) -> Iterator[ExportStage | Exported]:
    # Imported with the first export: it would keep the window from opening.
    from mnist_gui.engine.exchange.export import export_network

    yield from export_network(snapshot, path)
