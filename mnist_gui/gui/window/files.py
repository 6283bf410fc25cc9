"""Files that are dropped on the window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from mnist_gui.engine.drawing import DRAWING_SUFFIXES
from mnist_gui.gui.common.dialogs import READABLE_SUFFIXES


class DroppedFiles(QObject):
    """Emits the path of a file or folder that is dropped on a window.

    Networks and data sets are accepted while the menu offers to open such, drawings always. Other
    files are left to the widgets.
    """

    network_dropped = Signal(str)
    dataset_dropped = Signal(str)
    drawings_dropped = Signal(str)

    def __init__(self, window: QMainWindow, open_network: QAction, open_dataset: QAction) -> None:
        super().__init__(window)
        self._open_network, self._open_dataset = open_network, open_dataset
        # Emits the path of what is over the window, if that can be opened.
        self._open: Callable[[], object] | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what can be opened."""
        if isinstance(event, QDropEvent):  # Qt's events for entering and moving are subclasses.
            if isinstance(event, QDragEnterEvent):
                # Looked at only once, as the file may lie on a slow disk.
                self._open = self._opener(event)
            if self._open is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._open()
                return True
        return super().eventFilter(watched, event)

    def _opener(self, event: QDropEvent) -> Callable[[], object] | None:
        urls = event.mimeData().urls()
        if len(urls) != 1 or not urls[0].isLocalFile():
            return None
        from mnist_gui.engine.data.kinds import may_be_dataset

        path = Path(urls[0].toLocalFile())
        if path.suffix.lower() in DRAWING_SUFFIXES and not path.is_dir():
            return partial(self.drawings_dropped.emit, str(path))
        if path.is_dir() or may_be_dataset(path):
            signal, action = self.dataset_dropped, self._open_dataset
        elif path.suffix.lower() in READABLE_SUFFIXES:
            signal, action = self.network_dropped, self._open_network
        else:
            return None
        return partial(signal.emit, str(path)) if action.isEnabled() else None
