"""Walking from digit to digit in a picture by keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from mnist_gui.engine.pictures.result import FoundDigit

_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UP_AND_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def step_to(digits: Sequence[FoundDigit], selected: int | None, key: int) -> int | None:
    """Return the digit that a key leads to from the selected one; None if it leads nowhere.

    Where none is selected, all of these keys but End lead to the first. Left and right go on from
    row to row.
    """
    if not digits or key not in {*_SIDEWAYS, *_UP_AND_DOWN, Qt.Key.Key_Home, Qt.Key.Key_End}:
        return None
    if key == Qt.Key.Key_End:
        return len(digits) - 1
    if selected is None or key == Qt.Key.Key_Home:
        return 0
    if key in _SIDEWAYS:
        return min(max(selected + _SIDEWAYS[Qt.Key(key)], 0), len(digits) - 1)
    return _in_other_row(digits, selected, _UP_AND_DOWN[Qt.Key(key)])


def _in_other_row(digits: Sequence[FoundDigit], selected: int, step: int) -> int:
    """Return the digit above or below; the selected one where there is no such row."""
    row = digits[selected].row + step
    places = [index for index, digit in enumerate(digits) if digit.row == row]
    middle = _middle(digits[selected])
    return min(places, key=lambda index: abs(_middle(digits[index]) - middle), default=selected)


def _middle(digit: FoundDigit) -> float:
    left, _, right, _ = digit.box
    return (left + right) / 2
