"""What can be done with the drawing, in the menu that the right button opens on the canvas."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell


class CanvasMenu(QObject):
    """Opens a menu with the canvas' actions where the canvas asks for it."""

    def __init__(
        self,
        session: Session,
        canvas: DrawingCanvas,
        shell: Shell,
        copying: Sequence[QAction],
        files: Sequence[QAction],
    ) -> None:
        """`copying` are the actions of the clipboard, `files` those that open and save."""
        super().__init__(canvas)
        self._session, self._shell = session, shell
        self.explain = QAction(self.tr("&Explain"), self)
        self.menu = QMenu(canvas)
        self.menu.setObjectName("canvas_menu")
        self.menu.addActions(copying)
        self.menu.addSeparator()
        self.menu.addActions(files)
        self.menu.addSeparator()
        self.menu.addAction(self.explain)
        self.menu.addSeparator()
        offered = shell.actions_offered
        self.menu.addActions([offered.undo, offered.clear, offered.erase_right])
        self.menu.addSeparator()
        self.menu.addAction(offered.calibrated)
        canvas.menu_requested.connect(self._open)
        self.explain.triggered.connect(self._explain)
        offered.erase_right.toggled.connect(canvas.set_right_erasing)
        canvas.set_right_erasing(offered.erase_right.isChecked())
        session.drawing.follow(self._follow_drawing)

    @Slot(object)
    def _follow_drawing(self, drawing: object) -> None:
        self.explain.setEnabled(bool(drawing))

    @Slot(QPoint)
    def _open(self, place: QPoint) -> None:
        self.menu.popup(place)

    @Slot()
    def _explain(self) -> None:
        if self._session.displayed.value.drawing is not self._session.drawing.value:
            self._session.display_drawing()
        self._shell.pages.bring_to_front(Page.EXPLANATION)
