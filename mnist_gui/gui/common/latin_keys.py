"""Shortcuts on keyboards that write no Latin letters.

Where a user has a Latin layout as well, Qt finds the shortcut by that. Here it is found by the
place of the key.
"""

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

# The codes that X11 and Wayland give the first key of each row, and what a US keyboard has there:
# some layouts have digits of their own script, or letters, in place of the digits.
_ROWS = {10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM,."}
_KEYS = {
    first + place: Qt.Key(ord(letter))
    for first, row in _ROWS.items()
    for place, letter in enumerate(row)
}
# After the Latin letters with accents, before the keys that write nothing.
_FOREIGN = range(0x250, 0x0100_0000)


def press_latin_key(window: QWidget, event: QKeyEvent) -> bool:
    """Do what a Latin keyboard has in place of a foreign letter or digit; return whether it is any.

    For key events that nothing in the window has taken.
    """
    key = _KEYS.get(event.nativeScanCode()) if event.key() in _FOREIGN else None
    if key is None:
        return False
    focused = window.focusWidget() or window
    # Without a text, so that nothing is typed.
    pressed = QKeyEvent(QEvent.Type.KeyPress, key, event.modifiers())
    QApplication.sendEvent(focused, pressed)
    if pressed.isAccepted():
        return True
    keys = QKeySequence(QKeyCombination(event.modifiers(), key))
    for action in window.findChildren(QAction):
        if keys in action.shortcuts() and action.isEnabled() and _is_meant(action, focused):
            action.trigger()
            return True
    return False


def _is_meant(action: QAction, focused: QWidget) -> bool:
    """Return whether the action's keys are for the widget with the focus."""
    contexts, context = Qt.ShortcutContext, action.shortcutContext()
    owners = [owner for owner in action.associatedObjects() if isinstance(owner, QWidget)]
    if context is contexts.WidgetShortcut:
        return focused in owners
    if context is contexts.WidgetWithChildrenShortcut:
        return any(owner is focused or owner.isAncestorOf(focused) for owner in owners)
    return any(isinstance(owner, QMenu) or owner.isVisible() for owner in owners)
