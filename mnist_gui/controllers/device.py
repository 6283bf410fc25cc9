"""Loads TensorFlow behind the window and says what it computes on."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.models.devices import Device, find_devices, load_tensorflow
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.workers.job_thread import JobThread


class DeviceController(QObject):
    """Emits `devices_found`, the automatic choice first, once TensorFlow is loaded, or `failed`."""

    devices_found = Signal(tuple)
    failed = Signal(str)

    def __init__(self, thread: JobThread, log: Path | None) -> None:
        super().__init__()
        self._thread = thread
        self._log = log

    def load(self) -> None:
        """Load TensorFlow on the thread."""
        self._thread.run(partial(_load, self._log), take=self._take, fail=self._fail)

    @Slot(object)
    def _take(self, devices: object) -> None:
        assert isinstance(devices, tuple)
        self.devices_found.emit(devices)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _load(log: Path | None) -> Iterable[tuple[Device, ...]]:
    load_tensorflow(log)
    # Looked up here, so that the first run's start does not wait for the disk.
    versions()
    yield find_devices()
