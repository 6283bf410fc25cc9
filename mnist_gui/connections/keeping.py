"""Keeping: what is drawn becomes one of the user's own digits, with one key."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.digits.model import UserDigit
from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class KeepingConnections(QObject):
    """Puts the keys for keeping in their places, and the canvas at rest after it."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._keeping = keeping = parts.keeping
        self._row = row = window.drawing_column.keep_row
        self._place()
        canvas, digits = window.canvas, parts.my_digits
        # The offer first: a row that follows the drawing shows what is offered by then.
        canvas.drawing_changed.connect(keeping.use_drawing)
        canvas.drawing_changed.connect(row.follow_drawing)
        parts.network.network_changed.connect(keeping.use_network)
        parts.drawing.drawing_read.connect(keeping.use_reading)
        parts.drawing.number_read.connect(keeping.use_number)
        keeping.offer_changed.connect(row.show_offer)
        row.keep_requested.connect(self._keep)
        row.undo_requested.connect(canvas.undo)
        keeping.keep_requested.connect(digits.keep)
        keeping.refused.connect(window.show_status)
        digits.kept.connect(self._show_kept)
        digits.keeping_failed.connect(self._show_failure)
        canvas.set_aside_changed.connect(digits.set_kept)

    def _place(self) -> None:
        window, row = self._window, self._row
        actions = row.actions_offered
        window.canvas.addActions([actions.confirm, *actions.labels])
        window.menus.edit_menu.addSeparator()
        window.menus.edit_menu.addAction(actions.confirm)
        window.menus.edit_menu.addMenu(row.menu)

    @Slot(int)
    def _keep(self, label: int) -> None:
        self._keeping.keep(self._window.canvas.drawing, label)

    @Slot(UserDigit, Drawing)
    def _show_kept(self, digit: UserDigit, drawing: Drawing) -> None:
        self._keeping.end()
        self._window.canvas.set_aside(drawing, digit.identity)
        if not self._window.canvas.drawing:
            self._row.show_kept(digit.label)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._keeping.end()
        self._window.show_error(self.tr("The drawing was not kept"), sentence)
