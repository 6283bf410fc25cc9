"""What the menus offer for pictures, and the keys for it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.widgets.window.main_window import MainWindow


class PictureActions(QObject):
    """File > Open picture and Edit > Paste picture."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.open = QAction(self.tr("Open p&icture \u2026"), window)
        self.open.setShortcut(QKeySequence("Ctrl+Shift+O"))
        self.paste = QAction(self.tr("&Paste picture"), window)
        self.paste.setShortcut(QKeySequence.StandardKey.Paste)
        window.menus.file_menu.insertAction(window.actions_offered.open_dataset, self.open)
        window.menus.edit_menu.insertAction(window.menus.after_pasting, self.paste)
