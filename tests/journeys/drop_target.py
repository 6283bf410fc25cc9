"""The real program, which also says what it has read.

    python -m tests.journeys.drop_target

It says where the middle of the canvas and of the pages is once it can read, then that something is
held above it, what is read of each picture, or why it cannot be used, each as a line of JSON.
"""

import json
import sys

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mnist_gui.app import build_application, build_window
from mnist_gui.engine.pictures.result import PicturePrediction
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class Teller(QObject):
    """Prints what happens."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)
        parts.network.network_changed.connect(self._tell_places)
        parts.picture.reading_changed.connect(self._tell_reading)
        parts.picture.failed.connect(self._tell_failure)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell of what is held above the window."""
        if event.type() == QEvent.Type.DragEnter:
            _say(above=True)
        return False

    @Slot()
    def _tell_places(self) -> None:
        canvas, pages = self._window.canvas, self._window.tabs
        _say(canvas=_middle(canvas), pages=_middle(pages))

    @Slot(PicturePrediction)
    def _tell_reading(self, reading: PicturePrediction) -> None:
        _say(read=reading.text, page=self._page())

    @Slot(str)
    def _tell_failure(self, sentence: str) -> None:
        _say(failed=sentence)

    def _page(self) -> str:
        tabs = self._window.tabs
        return tabs.tabText(tabs.currentIndex())


def _middle(widget: QWidget) -> list[int]:
    place = widget.mapToGlobal(widget.rect().center())
    return [place.x(), place.y()]


def _say(**words: object) -> None:
    sys.stdout.write(f"{json.dumps(words)}\n")
    sys.stdout.flush()


def main() -> None:
    """Open the window and run until the program is ended from outside."""
    application = build_application()
    window = build_window()
    parts = window.findChild(Parts)
    assert isinstance(parts, Parts)
    Teller(window, parts)
    # A window that was asked for more room than the screen has is not asked again.
    window.setGeometry(0, 0, 1100, 700)
    window.show()
    QTimer.singleShot(0, window.activateWindow)
    application.exec()


if __name__ == "__main__":
    main()
