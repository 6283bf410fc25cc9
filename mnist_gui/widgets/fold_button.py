"""A button that unfolds a part of the window and folds it up again."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget


class FoldButton(QToolButton):
    """Shows the part while it is pressed in; starts folded."""

    def __init__(self, text: str, part: QWidget) -> None:
        super().__init__()
        self._part = part
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._fold)
        self._fold(unfolded=False)

    @Slot(bool)
    def _fold(self, unfolded: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self._part.setVisible(unfolded)
