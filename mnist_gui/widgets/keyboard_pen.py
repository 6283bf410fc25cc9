"""A pen for those who draw with the keyboard."""

from PySide6.QtCore import QPointF, QRectF, Qt

_STEP = 1 / 20
_MOVES = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class KeyboardPen:
    """Where the pen is, in the unit square; it shows once it was moved."""

    def __init__(self) -> None:
        self.place = QPointF(0.5, 0.5)
        self.is_shown = False

    def move(self, key: int) -> bool:
        """Move as an arrow key says; False for any other key."""
        move = _MOVES.get(Qt.Key(key))
        if move is None:
            return False
        self.is_shown = True
        self.place = QPointF(_within(self.place.x() + move[0]), _within(self.place.y() + move[1]))
        return True

    def mark(self, area: QRectF) -> QRectF:
        """Return the ring to paint around the pen on a canvas with this area."""
        x = area.x() + self.place.x() * area.width()
        y = area.y() + self.place.y() * area.height()
        radius = area.width() / 25
        return QRectF(x - radius, y - radius, 2 * radius, 2 * radius)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)
