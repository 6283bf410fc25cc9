"""Data and devices."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.models.devices import Device
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class DataConnections(QObject):
    """Lets the user choose what is learnt from and on which device."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        window.open_dataset_requested.connect(parts.dataset.open_folder)
        window.use_mnist_requested.connect(parts.dataset.open_mnist)
        parts.dataset.dataset_changed.connect(parts.training.use_dataset)
        parts.dataset.dataset_changed.connect(self._show_dataset)
        parts.dataset.failed.connect(window.show_file_error)
        parts.device.devices_found.connect(self._show_devices)
        parts.device.failed.connect(self._show_missing_device)

    @Slot(Dataset)
    def _show_dataset(self, dataset: Dataset) -> None:
        self._window.show_dataset(dataset.name)

    @Slot(tuple)
    def _show_devices(self, devices: tuple[Device, ...]) -> None:
        self._window.show_device(str(devices[0]), devices[0].reason)
        self._window.recipe_panel.form.offer_devices(
            {device.key: str(device) for device in devices}
        )

    @Slot(str)
    def _show_missing_device(self, sentence: str) -> None:
        self._window.show_device(self.tr("TensorFlow cannot be loaded"), sentence)
