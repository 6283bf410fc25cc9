"""Another language while the program runs."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from mnist_gui.gui.common.translator import install_language
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.words.language import language

_PAUSE_MILLISECONDS = 100
# What takes no longer than this is not worth a word.
_SILENT_TRIES = 5


class LanguageSwitch(QObject):
    """Puts a new window in the place of the one there is when the user chooses another language.

    The session goes on, and with it a run or a test. For anything else that is under way, such as
    an export, the old window is left its time, and the user is told. `window_replaced` brings the
    new window before it is shown.
    """

    window_replaced = Signal(MainWindow)

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        super().__init__()
        self._application = application
        self._tries = 0
        self._timer = QTimer(self, interval=_PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._try)
        self._follow(window)

    def _follow(self, window: MainWindow) -> None:
        self.window, self._has_told = window, False
        window.language_menu.language_chosen.connect(self._begin)
        window.closing.connect(self._timer.stop)

    @Slot()
    def _begin(self) -> None:
        # Not at once: the menu is still open.
        self._tries = 0
        self._timer.start()

    @Slot()
    def _try(self) -> None:
        window, code = self.window, self.window.language_menu.chosen
        if code == language():
            self._timer.stop()
            if self._has_told:
                window.notice_bar.hide()
        elif self._can_be_replaced():
            self._timer.stop()
            QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
            try:
                install_language(self._application, code)
                self._replace()
            finally:
                QApplication.restoreOverrideCursor()
        else:
            self._tries += 1
            if self._tries == _SILENT_TRIES:
                self._has_told = True
                window.show_notice(
                    self.tr("The language changes as soon as what is under way has ended.")
                )

    def _can_be_replaced(self) -> bool:
        from mnist_gui.gui.program import Program

        program = self.window.findChild(Program)
        if program is None or not program.is_complete or program.session.is_awaited:
            return False
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return False
        if self.window.canvas.document.is_pen_down:
            return False
        # What is not kept yet may be written now.
        self.window.leaving.emit()
        return not program.session.is_awaited

    def _replace(self) -> None:
        from mnist_gui.gui.program import Program

        old = self.window
        before = old.findChild(Program)
        assert before is not None
        if self._has_told:
            old.notice_bar.hide()
        new = MainWindow(old.theme)
        new.take_over(old)
        session = before.session
        folders = session.data_folder, session.runs_folder.value
        program = Program(new, *folders, before=before)
        for _ in program.build(loads=False):
            pass
        program.take_over()
        self._follow(new)
        self.window_replaced.emit(new)
        _show_in_place_of(new, old)
        old.deleteLater()


def _show_in_place_of(new: MainWindow, old: MainWindow) -> None:
    """Show a window with the focus where it is in another one, which is hidden."""
    focused = old.focusWidget()
    name = focused.objectName() if focused is not None else ""
    if name and (found := new.findChild(QWidget, name)) is not None:
        found.setFocus()
    new.show()
    new.activateWindow()
    old.hide()
