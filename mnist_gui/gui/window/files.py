"""Files that are dropped on the window."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from mnist_gui.gui.actions import WindowActions
from mnist_gui.gui.common.dialogs import READABLE_SUFFIXES


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
        self._dropped: _Dropped | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what can be opened."""
        if isinstance(event, QDropEvent):  # Entering and moving are dropping, to Qt.
            if isinstance(event, QDragEnterEvent):
                # Looked at once only: what is moved over the window may lie on a slow disk.
                self._dropped = self._usable_in(event)
            if self._dropped is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._tell(self._dropped)
                return True
        return super().eventFilter(watched, event)

    def _usable_in(self, event: QDropEvent) -> "_Dropped | None":
        urls = event.mimeData().urls()
        if len(urls) != 1 or not urls[0].isLocalFile():
            return None
        path = Path(urls[0].toLocalFile())
        if path.is_dir():
            is_wanted = self._actions.open_dataset.isEnabled()
            return _Dropped(str(path), is_folder=True) if is_wanted else None
        is_network = path.suffix.lower() in READABLE_SUFFIXES
        is_wanted = is_network and self._actions.open_network.isEnabled()
        return _Dropped(str(path), is_folder=False) if is_wanted else None

    def _tell(self, dropped: "_Dropped") -> None:
        (self.dataset_dropped if dropped.is_folder else self.network_dropped).emit(dropped.path)


@dataclass(frozen=True, slots=True)
class _Dropped:
    """A data set's folder or a network's file that is over the window."""

    path: str
    is_folder: bool
