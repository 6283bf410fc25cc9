"""Walking through rows and columns with the arrow keys."""

from PySide6.QtCore import Qt

_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


def step_of(key: int) -> tuple[int, int] | None:
    """Return by how many rows and columns a key moves, or None for a key that is no arrow."""
    return _STEPS.get(Qt.Key(key))
