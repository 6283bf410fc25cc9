"""A picture of the window, with a drawing and a run in it."""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.inside.files import ViewFileError, write_view
from mnist_gui.gui.common.images import png_file
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.words.errors import sentence

_SIZE = (1440, 900)
# The curves' last redraw may be one interval of their timer away.
_SETTLING_MILLISECONDS = 500


def draw_three() -> Drawing:
    """Return a three as one would write it: two bowls that meet in the middle."""
    upper = _arc((0.47, 0.31), (0.17, 0.15), start=-150, end=90)
    lower = _arc((0.47, 0.65), (0.22, 0.19), start=-90, end=150)
    return Drawing((Stroke(np.concatenate((upper, lower))),))


def _arc(
    centre: tuple[float, float], radii: tuple[float, float], *, start: float, end: float
) -> NDArray[np.float64]:
    """Return points (n, 2) on an ellipse, from one angle in degrees to another, clockwise."""
    angles = np.radians(np.linspace(start, end, 40))
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    points: NDArray[np.float64] = np.array(centre) + np.array(radii) * circle
    return points


class Screenshot(QObject):
    """Trains the chosen recipe, draws a digit, saves the picture and closes the window."""

    def __init__(self, window: MainWindow, path: Path, page: int | None = None) -> None:
        """`page` is the number, from 1, of the page in front; None leaves it as it is."""
        super().__init__(window)
        program = window.findChild(Program)
        assert program is not None
        self._window, self._path, self._page = window, path, page
        self._status = 0
        program.runner.failed.connect(self._refuse)
        program.runner.run_ended.connect(self._wait_for_paint)

    def take(self, application: QApplication) -> int:
        """Run the program until the picture is saved; return the exit status."""
        if self._page is not None and not self._bring_to_front(self._page):
            return self._status
        self._window.resize(*_SIZE)
        self._window.show()
        self._window.canvas.set_drawing(draw_three())
        QTimer.singleShot(0, self._window.recipe_panel.start_button.click)
        application.exec()
        return self._status

    def _bring_to_front(self, page: int) -> bool:
        if not 1 <= page <= len(Page):
            self._refuse(f"There is no page {page}; --page must be from 1 to {len(Page)}.")
            self._window.close()
            return False
        self._window.pages.bring_to_front(list(Page)[page - 1])
        return True

    @Slot()
    def _wait_for_paint(self) -> None:
        QTimer.singleShot(_SETTLING_MILLISECONDS, self._save)

    @Slot()
    def _save(self) -> None:
        if not self._status:
            try:
                write_view(self._path, png_file(self._window.grab().toImage()))
            except ViewFileError as error:
                self._refuse(sentence(error))
        self._window.close()

    @Slot(str)
    def _refuse(self, words: str) -> None:
        print(f"mnist-gui: {words}", file=sys.stderr)
        self._status = 2
