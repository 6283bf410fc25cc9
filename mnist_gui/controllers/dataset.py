"""The data set at hand: MNIST as it ships, or a folder that the user opens."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import sentence
from mnist_gui.workers.job_thread import JobThread


class DatasetController(QObject):
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
        self._thread.run(partial(_load, folder), take=self._take, fail=self._fail)

    @Slot(object)
    def _take(self, dataset: object) -> None:
        assert isinstance(dataset, Dataset)
        self.dataset_changed.emit(dataset)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.failed.emit(sentence(error))


def _load(folder: Path | None) -> Iterable[Dataset]:
    yield load_dataset(folder)
