from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

from mnist_gui.gui.common.qt import ActionFace
from mnist_gui.gui.runs.table import RunTable
from mnist_gui.gui.window.help import shortcut_groups
from mnist_gui.gui.window.main_window import MainWindow


def test_all_keys_are_listed_in_the_group_in_which_one_looks_for_them(
    window: MainWindow,
) -> None:
    groups = dict(shortcut_groups(window))
    listed = {heading: {name for name, _ in pairs} for heading, pairs in groups.items()}
    assert "Start" in listed["Training"]
    assert "Undo" in listed["Edit"]
    assert "Rename" in listed["Runs"]
    assert {"Delete the digits selected", "Relabel the digits selected"} <= listed["My digits"]
    assert "Put the pen down, lift it" in listed["Canvas"]


def test_nothing_is_listed_twice(window: MainWindow) -> None:
    names = [name for _, pairs in shortcut_groups(window) for name, _ in pairs]
    assert len(names) == len(set(names))


def test_no_key_does_two_things_where_it_is_pressed(window: MainWindow) -> None:
    actions = window.findChildren(QAction)
    keys_of_all = [key for each in actions if not is_local(each) for key in keys_of(each)]
    assert len(keys_of_all) > 30
    for widget in (window.canvas, *window.findChildren(RunTable)):
        local = [key for each in widget.actions() if is_local(each) for key in keys_of(each)]
        assert local
        assert not repeated([*keys_of_all, *local])


def test_each_thing_that_can_be_done_is_one_action(window: MainWindow) -> None:
    actions = [each for each in window.findChildren(QAction) if keys_of(each)]
    assert not repeated([action.text() for action in actions if not is_local(action)])
    for widget in window.findChildren(QWidget):
        local = [each.text() for each in widget.actions() if is_local(each) and keys_of(each)]
        assert not repeated(local)
    faces = [face.parent() for face in window.findChildren(ActionFace)]
    buttons = window.findChildren(QAbstractButton)
    # A tool button may show an action by itself.
    plain = [each for each in buttons if not (isinstance(each, QToolButton) and each.actions())]
    others = [each for each in plain if each not in faces]
    tips = [button.toolTip() for button in others]
    shown = {action.toolTip() for action in actions if action.toolTip() != action.iconText()}
    assert len(faces) >= 20
    assert not [tip for tip in tips if any(tip.startswith(each) for each in shown)]


def is_local(action: QAction) -> bool:
    return action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut


def keys_of(action: QAction) -> list[str]:
    """Return the keys as Qt compares them, whatever they are called where they are given."""
    return [key.toString() for key in action.shortcuts() if not key.isEmpty()]


def repeated(each: list[str]) -> list[str]:
    return [one for one, times in Counter(each).items() if times > 1]
