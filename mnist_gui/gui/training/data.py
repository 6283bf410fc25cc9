"""Load data sets and find devices."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import sentence
from mnist_gui.engine.models.devices import Device, find_devices, load_tensorflow
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.gui.jobs import JobThread


class DatasetPresenter(QObject):
    """Loads data sets on a thread. One that cannot be read leaves the last one in use."""

    dataset_changed = Signal(Dataset)
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread

    @Slot()
    def open_mnist(self) -> None:
        """Use MNIST as it ships."""
        self._load(None)

    @Slot(str)
    def open_folder(self, folder: str) -> None:
        """Use the data set in this folder."""
        self._load(Path(folder))

    def _load(self, folder: Path | None) -> None:
        self._thread.run(partial(_load_dataset, folder), take=self._take, fail=self._fail)

    @Slot(object)
    def _take(self, dataset: object) -> None:
        assert isinstance(dataset, Dataset)
        self.dataset_changed.emit(dataset)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _load_dataset(folder: Path | None) -> Iterable[Dataset]:
    yield load_dataset(folder)


class DevicePresenter(QObject):
    """Emits `devices_found`, the automatic choice first, once TensorFlow is loaded, or `failed`."""

    devices_found = Signal(tuple)
    failed = Signal(str)

    def __init__(self, thread: JobThread, log: Path | None) -> None:
        super().__init__()
        self._thread = thread
        self._log = log

    def load(self) -> None:
        """Load TensorFlow on the thread."""
        self._thread.run(partial(_find_devices, self._log), take=self._take, fail=self._fail)

    @Slot(object)
    def _take(self, devices: object) -> None:
        assert isinstance(devices, tuple)
        self.devices_found.emit(devices)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _find_devices(log: Path | None) -> Iterable[tuple[Device, ...]]:
    load_tensorflow(log)
    # Looked up here, so that the first run's start does not wait for the disk.
    versions()
    yield find_devices()
