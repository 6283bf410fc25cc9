"""Larger type, and the window as a class sees it."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QApplication

from mnist_gui.gui.window.main_window import MainWindow

_PRESENTED = 1.6
_STEP = 1.1
_SMALLEST, _LARGEST = 0.8, 2.4


class Presenting(QObject):
    """Scales the type of the whole program, and presents: full screen, without what is not seen.

    In a presentation the rail, the menus, the form and the bars at the edges are hidden; F11 or
    Escape ends it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_offered
        actions.larger.triggered.connect(lambda: self.set_scale(window.type_scale * _STEP))
        actions.smaller.triggered.connect(lambda: self.set_scale(window.type_scale / _STEP))
        actions.usual_size.triggered.connect(lambda: self.set_scale(1.0))
        actions.present.toggled.connect(self._present)
        # The menus with it may be hidden.
        window.addAction(actions.present)
        if actions.present.isChecked():
            self._present(is_presented=True)
        elif window.type_scale != 1:
            self.set_scale(window.type_scale)

    def set_scale(self, scale: float) -> None:
        """Make all type so many times as large as the system's, within what can be read."""
        self._window.type_scale = min(_LARGEST, max(_SMALLEST, scale))
        is_presented = self._window.actions_offered.present.isChecked()
        font = QApplication.font()
        font.setPointSizeF(
            self._window.type_points * self._window.type_scale * (_PRESENTED if is_presented else 1)
        )
        QApplication.setFont(font)
        # With a style sheet, Qt tells nobody of it.
        for widget in QApplication.allWidgets():
            QApplication.sendEvent(widget, QEvent(QEvent.Type.ApplicationFontChange))

    @Slot(bool)
    def _present(self, is_presented: bool) -> None:
        window = self._window
        for part in (window.menuBar(), window.pages.rail, window.training_page.form):
            part.setVisible(not is_presented)
        window.statusBar().setVisible(not is_presented)
        window.curves.set_presenting(is_presented)
        state = window.windowState()
        full = Qt.WindowState.WindowFullScreen
        window.setWindowState(state | full if is_presented else state & ~full)
        self.set_scale(window.type_scale)
