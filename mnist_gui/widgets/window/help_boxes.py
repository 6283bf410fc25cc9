"""What the Help menu shows."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.widgets.message_boxes import show_text
from mnist_gui.widgets.window.help_texts import about_text, shortcuts_text
from mnist_gui.widgets.window.main_window import MainWindow
from mnist_gui.widgets.window.shortcut_groups import shortcut_groups


class HelpBoxes(QObject):
    """Shows the keys for a window's actions, and what the program is, when they are asked for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.actions_offered.shortcuts.triggered.connect(self._show_shortcuts)
        window.actions_offered.about.triggered.connect(self._show_about)

    @Slot()
    def _show_about(self) -> None:
        show_text(self._window, self.tr("About mnist-gui"), about_text())

    @Slot()
    def _show_shortcuts(self) -> None:
        text = shortcuts_text(shortcut_groups(self._window))
        show_text(self._window, self.tr("Keyboard shortcuts"), text)
