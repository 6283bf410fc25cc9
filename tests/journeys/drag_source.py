"""A program with one small window, from which what is named can be dragged.

    python -m tests.journeys.drag_source X Y file|pixels PATH

It says "ready" once its window is there, "dragging" when a drag begins, "welcome" when what is
beneath it would take it, and how it ends: "copied" if it was taken, "refused" otherwise.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl, Slot
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel

WIDTH, HEIGHT = 80, 40


class DragSource(QLabel):
    """Is dragged out of itself by the left button."""

    def __init__(self, kind: str, path: Path) -> None:
        super().__init__("Drag me")
        self._kind, self._path = kind, path
        self._is_seen = False
        # No window manager may be there to put it in its place, and above the other window.
        self.setWindowFlags(Qt.WindowType.X11BypassWindowManagerHint)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell that it can be seen, and so be pressed."""
        super().paintEvent(event)
        if not self._is_seen:
            self._is_seen = True
            say("ready")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, and end once it is dropped."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(self._data())
            drag.actionChanged.connect(self._tell_welcome)
            say("dragging")
            is_taken = drag.exec(Qt.DropAction.CopyAction) == Qt.DropAction.CopyAction
            say("copied" if is_taken else "refused")

    @Slot(Qt.DropAction)
    def _tell_welcome(self, action: Qt.DropAction) -> None:
        if action == Qt.DropAction.CopyAction:
            say("welcome")

    def _data(self) -> QMimeData:
        data = QMimeData()
        if self._kind == "pixels":
            data.setImageData(QImage(str(self._path)))
        else:
            data.setUrls([QUrl.fromLocalFile(str(self._path))])
        return data


def say(word: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(x: str, y: str, kind: str, path: str) -> None:
    """Show the window until the program is ended from outside."""
    application = QApplication(sys.argv[:1])
    source = DragSource(kind, Path(path))
    source.setGeometry(int(x), int(y), WIDTH, HEIGHT)
    source.show()
    source.raise_()
    application.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
