"""Icons of the tool buttons."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QPushButton

ICON_SIDE = 16
"""The side of the square that an icon's path lies in."""

_Places = tuple[tuple[float, float], ...]


_LINE_WIDTH = 1.5


class ToolIcon(Enum):
    """What a button does."""

    UNDO = "undo"
    REDO = "redo"
    ERASE = "erase"
    CLEAR = "clear"
    PLAY = "play"
    STOP = "stop"
    BACK = "back"
    ON = "on"
    CLOSE = "close"


def icon_path(icon: ToolIcon) -> QPainterPath:
    """Return the lines of an icon, to be drawn 1.5 wide with round ends."""
    return _PATHS[icon]()


def _undo() -> QPainterPath:
    path = _lines(((6.5, 3), (3, 6.5), (6.5, 10)))
    path.moveTo(3, 6.5)
    path.lineTo(9.75, 6.5)
    path.arcTo(QRectF(6.5, 6.5, 6.5, 6.5), 90, -180)
    path.lineTo(6.5, 13)
    return path


def _redo() -> QPainterPath:
    path = _lines(((9.5, 3), (13, 6.5), (9.5, 10)))
    path.moveTo(13, 6.5)
    path.lineTo(6.25, 6.5)
    path.arcTo(QRectF(3, 6.5, 6.5, 6.5), 90, 180)
    path.lineTo(9.5, 13)
    return path


def _erase() -> QPainterPath:
    path = _outline(((6, 13), (2.5, 9.5), (9, 3), (13.5, 7.5), (8, 13)))
    path.addPath(_lines(((5.6, 6.4), (10.6, 10.4))))
    path.addPath(_lines(((6, 13), (13.5, 13))))
    return path


def _clear() -> QPainterPath:
    path = _lines(((2.5, 4.5), (13.5, 4.5)))
    path.addPath(_lines(((6, 4.5), (6, 2.5), (10, 2.5), (10, 4.5))))
    path.addPath(_lines(((4, 4.5), (4.6, 13.5), (11.4, 13.5), (12, 4.5))))
    path.addPath(_lines(((6.75, 7), (6.75, 11))))
    path.addPath(_lines(((9.25, 7), (9.25, 11))))
    return path


def _play() -> QPainterPath:
    return _outline(((4.5, 3), (13, 8), (4.5, 13)))


def _stop() -> QPainterPath:
    return _outline(((4, 4), (12, 4), (12, 12), (4, 12)))


def _back() -> QPainterPath:
    return _lines(((10, 3), (5, 8), (10, 13)))


def _on() -> QPainterPath:
    return _lines(((6, 3), (11, 8), (6, 13)))


def _close() -> QPainterPath:
    path = _lines(((4, 4), (12, 12)))
    path.addPath(_lines(((12, 4), (4, 12))))
    return path


def _lines(places: _Places) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*place) for place in places]))
    return path


def _outline(places: _Places) -> QPainterPath:
    return _lines((*places, places[0]))


_PATHS: dict[ToolIcon, Callable[[], QPainterPath]] = {
    ToolIcon.UNDO: _undo,
    ToolIcon.REDO: _redo,
    ToolIcon.ERASE: _erase,
    ToolIcon.CLEAR: _clear,
    ToolIcon.PLAY: _play,
    ToolIcon.STOP: _stop,
    ToolIcon.BACK: _back,
    ToolIcon.ON: _on,
    ToolIcon.CLOSE: _close,
}


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
