"""The files that were opened last."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QMenu

_KEY = "files/recent"
_MOST = 8


class RecentMenu(QMenu):
    """Offers the files that were opened last, the latest first; `file_chosen` brings a path."""

    file_chosen = Signal(str)

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self.setTitle(self.tr("Open rec&ent"))
        self.setToolTipsVisible(True)
        self._show(recent_files())

    def note(self, path: str) -> None:
        """List a file first, which was opened just now."""
        paths = [path, *(each for each in recent_files() if each != path)][:_MOST]
        QSettings().setValue(_KEY, "\n".join(paths))
        self._show(paths)

    def _show(self, paths: list[str]) -> None:
        self.clear()
        for path in paths:
            # What is a mark of a key to Qt is a letter of the name.
            action = self.addAction(Path(path).name.replace("&", "&&"))
            action.setToolTip(path)
            action.triggered.connect(partial(self.file_chosen.emit, path))
        self.setEnabled(bool(paths))


def recent_files() -> list[str]:
    """Return the paths of the files that were opened last, the latest first."""
    return str(QSettings().value(_KEY) or "").splitlines()[:_MOST]
