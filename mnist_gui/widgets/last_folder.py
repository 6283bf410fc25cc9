"""The folder in which the user last chose a file; file dialogs begin there."""

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

_KEY = "files/folder"


def last_folder() -> str:
    """Return the folder of the file chosen last, at first the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return str(QSettings().value(_KEY) or documents)


def remember_folder(path: str) -> str:
    """Begin in this file's folder next time; return the path. An empty one changes nothing."""
    if path:
        QSettings().setValue(_KEY, str(Path(path).parent))
    return path
