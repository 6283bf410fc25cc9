"""Notices that another program has changed a file, which may come and go."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

# What is written in several steps is read once.
_PAUSE_MILLISECONDS = 150


class FileWatch(QObject):
    """Emits `changed` soon after the file, or a file beside it, has changed."""

    changed = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._paths = (str(path), str(path.parent))
        self._watcher = QFileSystemWatcher(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.changed)
        self._watcher.fileChanged.connect(self._wait)
        self._watcher.directoryChanged.connect(self._wait)

    @Slot()
    def look(self) -> None:
        """Watch what there is now: a file that was replaced is another one."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        missing = [path for path in self._paths if path not in watched and Path(path).exists()]
        if missing:
            self._watcher.addPaths(missing)
            # It may have changed after it was read and before it was watched.
            self._pause.start()

    @Slot()
    def _wait(self) -> None:
        self.look()
        self._pause.start()
