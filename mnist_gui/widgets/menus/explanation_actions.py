"""What the menus offer for explanations."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets.window.window_menus import WindowMenus


class ExplanationActions(QObject):
    """Copying the image as code, in the Edit menu; offered while there is a drawing."""

    def __init__(self, parent: QObject, menus: WindowMenus) -> None:
        super().__init__(parent)
        self.copy_code = QAction(self.tr("Copy as &NumPy code"), self)
        self.copy_code.setShortcut(QKeySequence("Ctrl+Shift+C"))
        self.copy_code.setEnabled(False)
        menus.edit_menu.insertAction(menus.after_copying, self.copy_code)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer what needs a drawing, or not."""
        self.copy_code.setEnabled(bool(drawing))

    @Slot(str)
    def put_on_clipboard(self, code: str) -> None:
        """Let the code be pasted elsewhere."""
        QGuiApplication.clipboard().setText(code)
