"""The real program, which also says what it has read.

    python -m tests.journeys.drop_target

It says where the middle of the canvas and of the pages is once it can read, then that something is
held above it, what is read of each picture, or why it cannot be used, each as a line of JSON.
"""

import json
import sys
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from mnist_gui.app import build_application, build_window
from mnist_gui.gui.pages import Room
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow


class Teller(QObject):
    """Prints what happens."""

    def __init__(self, window: MainWindow, program: Program) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)
        program.session.network.changed.connect(self._tell_places)
        page = window.findChild(PicturePage)
        assert isinstance(page, PicturePage)
        self._told = ""
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(partial(self._tell_text, page))
        self._timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell of what is held above the window."""
        if event.type() == QEvent.Type.DragEnter:
            _say(above=True)
        return False

    @Slot()
    def _tell_places(self) -> None:
        canvas, pages = self._window.canvas, self._window.pages
        _say(canvas=_middle(canvas), pages=_middle(pages))

    def _tell_text(self, page: PicturePage) -> None:
        """Tell once what is new: what was read in a picture, or what is wrong with one."""
        box = self._window.findChild(QMessageBox, "error_box")
        failed = box.text() if box is not None else ""
        if failed and failed != self._told:
            self._told = failed
            _say(failed=failed)
        elif (read := page.text) and read != self._told:
            self._told = read
            _say(read=read, page=self._page())

    def _page(self) -> str:
        return self._window.pages.in_front.name


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
    # On a small screen the pad is seen in this room only.
    window.pages.enter(Room.DRAW)
    program = window.findChild(Program)
    assert isinstance(program, Program)
    Teller(window, program)
    # A window that was asked for more room than the screen has is not asked again.
    window.setGeometry(0, 0, 1100, 700)
    window.show()
    QTimer.singleShot(0, window.activateWindow)
    application.exec()


if __name__ == "__main__":
    main()
