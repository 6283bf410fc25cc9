"""Networks and data sets that are dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from mnist_gui.widgets.file_questions import READABLE_SUFFIXES
from mnist_gui.widgets.window.window_actions import WindowActions


class DroppedFiles(QObject):
    """Tells of a network's file or a data set's folder dropped on a window, each by its path.

    They are taken while the menu offers to open such. All else is left to the window's parts, or
    to nobody.
    """

    network_dropped = Signal(str)
    dataset_dropped = Signal(str)

    def __init__(self, window: QMainWindow, actions: WindowActions) -> None:
        super().__init__(window)
        self._actions = actions
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what can be opened."""
        if isinstance(event, QDropEvent):  # Entering and moving are dropping, to Qt.
            path = self._usable_path(event)
            if path:
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                    self._tell(path)
                return True
        return super().eventFilter(watched, event)

    def _usable_path(self, event: QDropEvent) -> Path | None:
        urls = event.mimeData().urls()
        if len(urls) != 1 or not urls[0].isLocalFile():
            return None
        path = Path(urls[0].toLocalFile())
        if path.is_dir():
            return path if self._actions.open_dataset.isEnabled() else None
        is_network = path.suffix.lower() in READABLE_SUFFIXES
        return path if is_network and self._actions.open_network.isEnabled() else None

    def _tell(self, path: Path) -> None:
        (self.dataset_dropped if path.is_dir() else self.network_dropped).emit(str(path))
