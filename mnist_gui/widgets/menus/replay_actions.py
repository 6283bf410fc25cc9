"""What the Edit menu offers for seeing a drawing drawn again."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets.window.main_window import MainWindow

_SLOW, _AS_DRAWN, _FAST = 0.25, 1.0, 3.0


class ReplayActions(QObject):
    """Adds Replay and its pace to a window's Edit menu; `pace_chosen` tells how many times as fast.

    Replay is offered while there is a drawing.
    """

    pace_chosen = Signal(float)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.replay = QAction(self.tr("&Replay drawing"), self)
        self.replay.setShortcut(QKeySequence("R"))
        # A letter of its own, so only where no text is written.
        self.replay.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.replay.setEnabled(False)
        window.canvas.addAction(self.replay)
        menu = window.menus.edit_menu
        menu.addSeparator()
        menu.addAction(self.replay)
        paces = menu.addMenu(self.tr("Replay &speed"))
        paces.addActions(self._pace_actions())

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer what needs a drawing, or not."""
        self.replay.setEnabled(bool(drawing))

    @Slot(bool)
    def show_playing(self, playing: bool) -> None:
        """Offer to stop what is played."""
        self.replay.setText(self.tr("Stop &replay") if playing else self.tr("&Replay drawing"))

    def _pace_actions(self) -> list[QAction]:
        paces = (
            (self.tr("&Slow, a quarter"), _SLOW),
            (self.tr("As it was &drawn"), _AS_DRAWN),
            (self.tr("&Fast, three times"), _FAST),
        )
        group = QActionGroup(self)
        for text, pace in paces:
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(pace == _AS_DRAWN)
            action.triggered.connect(partial(self.pace_chosen.emit, pace))
        return group.actions()
