"""Larger type, and the window as a class sees it."""

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication

from mnist_gui.gui.common.qt import actions_in
from mnist_gui.gui.window.main_window import MainWindow

_PRESENTED = 1.6
_STEP = 1.1
_SHARE_OF_PAD = 0.32
_SMALLEST, _LARGEST = 0.8, 2.4


class Presenting(QObject):
    """Scales the type of the whole program, and presents: full screen, without what is not seen.

    In a presentation the menus, the form, the bars at the edges and the row that saves are hidden,
    the rail shows its icons only, and the pad is wider. The keys of the menus work as before, but
    Escape ends it, as F11 does.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_offered
        actions.larger.triggered.connect(lambda: self.set_scale(window.type_scale * _STEP))
        actions.smaller.triggered.connect(lambda: self.set_scale(window.type_scale / _STEP))
        actions.usual_size.triggered.connect(lambda: self.set_scale(1.0))
        actions.present.toggled.connect(self._present)
        self._leave = QShortcut(Qt.Key.Key_Escape, window, enabled=False)
        self._leave.activated.connect(lambda: actions.present.setChecked(False))
        self._columns = QByteArray()
        self._keys_to_clear = actions.clear.shortcuts()
        self._tip = actions.present.toolTip()
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
        # Those of hidden menus have no keys.
        window.addActions([each for each in actions_in(window.menuBar()) if each.shortcuts()])
        form, save_row = window.training_page.form, window.drawing_column.save_row
        for part in (window.menuBar(), form, save_row, window.statusBar()):
            part.setVisible(not is_presented)
        window.pages.set_rail_narrow(narrow=is_presented)
        window.curves.set_presenting(is_presented)
        way_out = self.tr("F11 or Esc ends the presentation.")
        window.actions_offered.present.setToolTip(way_out if is_presented else self._tip)
        self._give_escape(is_presented)
        self._widen_pad(is_presented)
        state = window.windowState()
        full = Qt.WindowState.WindowFullScreen
        window.setWindowState(state | full if is_presented else state & ~full)
        self.set_scale(window.type_scale)

    def _give_escape(self, is_presented: bool) -> None:
        """Let Escape end the presentation while there is one, and clear the canvas otherwise."""
        self._leave.setEnabled(is_presented)
        keys = [key for key in self._keys_to_clear if key != self._leave.key()]
        clear = self._window.actions_offered.clear
        clear.setShortcuts(keys if is_presented else self._keys_to_clear)

    def _widen_pad(self, is_presented: bool) -> None:
        """Give the pad its share of the window, and afterwards what it had."""
        window = self._window
        if is_presented:
            self._columns = window.splitter.saveState()
            window.installEventFilter(self)
        else:
            window.removeEventFilter(self)
            window.drawing_column.need_width(0)
            window.splitter.restoreState(self._columns)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the pad its share of each width of the window; let all events pass."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._window.drawing_column.need_width(round(_SHARE_OF_PAD * self._window.width()))
        return False
