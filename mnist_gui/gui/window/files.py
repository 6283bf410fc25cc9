"""Files that are dropped on the window."""

from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from mnist_gui.engine.drawing import DRAWING_SUFFIXES
from mnist_gui.engine.io.patience import answer_in_time
from mnist_gui.gui.common.dialogs import OPENED_SUFFIXES as NETWORK_SUFFIXES


class DroppedFiles(QObject):
    """Emits the path of a file or folder that is dropped on a window, or of one file of a data set.

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
        if not urls or not all(url.isLocalFile() for url in urls):
            return None
        path, *others = (Path(url.toLocalFile()) for url in urls)
        if others:
            return self._opener_of_parts([path, *others])
        # Of a disk that does not answer, the name has to tell.
        by_name = _kind_by_name(path) if path.suffix else _Kind.DATASET
        kind = answer_in_time(partial(_kind, path), by_name)
        match kind:
            case _Kind.DRAWINGS:
                return partial(self.drawings_dropped.emit, str(path))
            case _Kind.DATASET:
                signal, action = self.dataset_dropped, self._open_dataset
            case _Kind.NETWORK:
                signal, action = self.network_dropped, self._open_network
            case None:
                return None
        return partial(signal.emit, str(path)) if action.isEnabled() else None

    def _opener_of_parts(self, paths: list[Path]) -> Callable[[], object] | None:
        """Open the data set whose files these are: any one of them opens it."""
        from mnist_gui.engine.data.kinds import are_one_dataset

        is_one = len({path.parent for path in paths}) == 1
        if not (is_one and are_one_dataset([path.name for path in paths])):
            return None
        emit = partial(self.dataset_dropped.emit, str(paths[0]))
        return emit if self._open_dataset.isEnabled() else None


class _Kind(Enum):
    DRAWINGS = auto()
    DATASET = auto()
    NETWORK = auto()


def _kind(path: Path) -> _Kind | None:
    """Return what a file or folder may be, by what is there."""
    from mnist_gui.engine.data.kinds import may_be_dataset

    if path.is_dir() or may_be_dataset(path):
        return _Kind.DATASET
    return _kind_by_name(path)


def _kind_by_name(path: Path) -> _Kind | None:
    from mnist_gui.engine.data.kinds import OPENED_SUFFIXES

    suffix = path.suffix.lower()
    if suffix in DRAWING_SUFFIXES:
        return _Kind.DRAWINGS
    if suffix in NETWORK_SUFFIXES:
        return _Kind.NETWORK
    return _Kind.DATASET if path.name.lower().endswith(OPENED_SUFFIXES) else None
