"""Asks which networks and data sets the File menu is to open and save."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.widgets import file_questions
from mnist_gui.widgets.window.main_window import MainWindow


class FileRequests(QObject):
    """Asks for a file when a window's action needs one, and has the window request it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_offered
        actions.open_network.triggered.connect(self._open_network)
        actions.save_network.triggered.connect(self._save_network)
        actions.open_dataset.triggered.connect(self._open_dataset)
        actions.use_mnist.triggered.connect(self._use_mnist)

    @Slot()
    def _open_network(self) -> None:
        if path := file_questions.ask_network_to_open(self._window):
            self._window.open_network_requested.emit(path)

    @Slot()
    def _save_network(self) -> None:
        window = self._window
        if path := file_questions.ask_network_to_save(
            window, window.network_title, window.network_file_name
        ):
            window.save_network_requested.emit(path)

    @Slot()
    def _open_dataset(self) -> None:
        if folder := file_questions.ask_dataset_folder(self._window):
            self._window.open_dataset_requested.emit(folder)

    @Slot()
    def _use_mnist(self) -> None:
        self._window.use_mnist_requested.emit()
