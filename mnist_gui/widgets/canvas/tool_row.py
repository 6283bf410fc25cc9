"""The row of buttons beneath the canvas."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets.canvas.drawing_canvas import DrawingCanvas
from mnist_gui.widgets.icon_button import IconButton
from mnist_gui.widgets.tool_icons import ToolIcon


class ToolRow(QWidget):
    """Undo, redo, erase, clear, replay; each is offered where there is something to do."""

    def __init__(self, canvas: DrawingCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.undo_button = IconButton(ToolIcon.UNDO)
        self.redo_button = IconButton(ToolIcon.REDO)
        self.erase_button = IconButton(ToolIcon.ERASE)
        self.clear_button = IconButton(ToolIcon.CLEAR)
        self.replay_button = IconButton(ToolIcon.PLAY)
        self.erase_button.setCheckable(True)
        self._name_buttons()
        self._lay_out()
        self._connect()
        self._follow_drawing(canvas.drawing)
        self._offer_undo("")
        self._offer_redo("")

    @Slot(bool)
    def show_playing(self, playing: bool) -> None:
        """Offer to stop what is played, or to play."""
        self.replay_button.show_icon(ToolIcon.STOP if playing else ToolIcon.PLAY)
        self._name_replay(is_playing=playing)

    @Slot(Drawing)
    def _follow_drawing(self, drawing: Drawing) -> None:
        self.clear_button.setEnabled(bool(drawing))
        self.replay_button.setEnabled(bool(drawing))

    @Slot(str)
    def _offer_undo(self, what: str) -> None:
        self.undo_button.setEnabled(bool(what))
        text = self.tr("Undo: {change} (Ctrl+Z)").format(change=what)
        self.undo_button.setToolTip(text if what else self.tr("Undo (Ctrl+Z)"))

    @Slot(str)
    def _offer_redo(self, what: str) -> None:
        self.redo_button.setEnabled(bool(what))
        text = self.tr("Redo: {change} (Ctrl+Y)").format(change=what)
        self.redo_button.setToolTip(text if what else self.tr("Redo (Ctrl+Y)"))

    def _connect(self) -> None:
        canvas = self._canvas
        canvas.drawing_changed.connect(self._follow_drawing)
        canvas.undo_text_changed.connect(self._offer_undo)
        canvas.redo_text_changed.connect(self._offer_redo)
        canvas.erasing_changed.connect(self.erase_button.setChecked)
        self.undo_button.clicked.connect(canvas.undo)
        self.redo_button.clicked.connect(canvas.redo)
        self.erase_button.toggled.connect(canvas.set_erasing)
        self.clear_button.clicked.connect(canvas.clear)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for button in (
            self.undo_button,
            self.redo_button,
            self.erase_button,
            self.clear_button,
            self.replay_button,
        ):
            layout.addWidget(button, stretch=1)

    def _name_buttons(self) -> None:
        self.undo_button.setObjectName("undo_button")
        self.undo_button.setAccessibleName(self.tr("Undo"))
        self.redo_button.setObjectName("redo_button")
        self.redo_button.setAccessibleName(self.tr("Redo"))
        self.erase_button.setObjectName("erase_button")
        self.erase_button.setAccessibleName(self.tr("Eraser"))
        self.erase_button.setToolTip(
            self.tr("Erase single strokes (E; the right mouse button erases at any time)")
        )
        self.clear_button.setObjectName("clear_button")
        self.clear_button.setAccessibleName(self.tr("Clear the drawing"))
        self.clear_button.setToolTip(self.tr("Clear the drawing (Delete, Esc)"))
        self.replay_button.setObjectName("replay_button")
        self._name_replay(is_playing=False)

    def _name_replay(self, *, is_playing: bool) -> None:
        if is_playing:
            self.replay_button.setAccessibleName(self.tr("Stop the replay"))
            self.replay_button.setToolTip(self.tr("Show the whole drawing again (R)"))
        else:
            self.replay_button.setAccessibleName(self.tr("Replay"))
            self.replay_button.setToolTip(
                self.tr("See the drawing drawn again, and what is read at each moment (R)")
            )
