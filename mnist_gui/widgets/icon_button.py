"""A button with a picture in place of a word; its name and its tooltip say the word."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton

from mnist_gui.widgets.tool_icons import ICON_SIDE, ToolIcon, icon_path

_LINE_WIDTH = 1.5


class IconButton(QPushButton):
    """Shows an icon in the colour that its text would have."""

    def __init__(self, icon: ToolIcon) -> None:
        super().__init__()
        self._icon = icon

    def show_icon(self, icon: ToolIcon) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a button with a word, and no wider than high by much."""
        return QSize(38, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the icon."""
        return QSize(32, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon onto the bare button."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(self._ink(), _LINE_WIDTH, Qt.PenStyle.SolidLine, cap, join))
        painter.translate((self.width() - ICON_SIDE) / 2, (self.height() - ICON_SIDE) / 2)
        painter.drawPath(icon_path(self._icon))
        painter.end()

    def _ink(self) -> QColor:
        state = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        is_on = self.isEnabled() and self.isChecked()
        role = QPalette.ColorRole.Accent if is_on else QPalette.ColorRole.ButtonText
        return self.palette().color(state, role)
