"""Shortcuts on keyboards that write letters or digits of other scripts."""

import os
import shutil
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.window.main_window import MainWindow
from tests.journeys.test_drop_over_x import running

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))
# A letter that only looks like a Latin one.
CYRILLIC_U = "\u0443"
# The codes of the keys that are E, Z, Q and 2 on a US keyboard.
E_KEY, Z_KEY, Q_KEY, TWO_KEY = 26, 52, 24, 11
# The window, which says what its shortcuts do, and where it is.
WINDOW = """
import sys
from mnist_gui import app
from mnist_gui.gui.window.main_window import MainWindow

application = app.build_application()
window = MainWindow()
actions = window.actions_offered
for name in ("undo", "erase", "quit", "test"):
    action = getattr(actions, name)
    action.triggered.connect(lambda *_, name=name: print(name, flush=True))
    action.setEnabled(True)
window.show()
window.canvas.setFocus()
print(int(window.winId()), flush=True)
sys.exit(application.exec())
"""


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    # So wide that the pad has room.
    window.resize(1200, 800)
    window.show()
    qtbot.waitExposed(window)
    window.canvas.setFocus()
    assert window.focusWidget() is window.canvas
    return window


def press(widget: QWidget, letter: str, code: int, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key as X11 and Wayland report it under a layout with this letter on it."""
    key = Qt.Key(ord(letter.upper()))
    text = letter if modifiers == NO_MODIFIER else ""
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, code, ord(letter), 0, text)
    QApplication.sendEvent(widget, event)


def triggered(action: QAction) -> list[str]:
    calls: list[str] = []
    action.triggered.connect(lambda *_: calls.append(action.text()))
    return calls


@pytest.mark.parametrize("letters", [(CYRILLIC_U, "я", "й"), ("ε", "ζ", "θ"), ("ק", "ז", "ש")])
def test_keys_do_what_is_on_them_on_a_latin_keyboard(
    window: MainWindow, letters: tuple[str, str, str]
) -> None:
    e, z, q = letters
    actions = window.actions_offered
    erased, quitting = triggered(actions.erase), triggered(actions.quit)
    press(window.canvas, e, E_KEY, NO_MODIFIER)
    press(window.canvas, q, Q_KEY, CONTROL)
    assert (len(erased), len(quitting)) == (1, 1)
    window.canvas.set_drawing(LINE)
    assert window.canvas.drawing == LINE
    press(window.canvas, z, Z_KEY, CONTROL)
    assert not window.canvas.drawing.strokes
    press(window.canvas, z, Z_KEY, CONTROL | SHIFT)
    assert window.canvas.drawing == LINE


@pytest.mark.parametrize("written", ["\u06f2", "\u09e8", "\u0e45"])
def test_digits_of_another_script_are_digits(window: MainWindow, written: str) -> None:
    keys = QKeySequence("Ctrl+2")
    [action] = [each for each in window.findChildren(QAction) if keys in each.shortcuts()]
    chosen = triggered(action)
    press(window.canvas, written, TWO_KEY, CONTROL)
    assert len(chosen) == 1


def test_what_is_typed_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    field = QLineEdit(window.centralWidget())
    field.show()
    field.setFocus()
    erased = triggered(window.actions_offered.erase)
    press(field, CYRILLIC_U, E_KEY, NO_MODIFIER)
    assert field.text() == CYRILLIC_U
    assert not erased


def test_keys_of_the_canvas_are_for_the_canvas_and_what_is_disabled_stays_so(
    window: MainWindow,
) -> None:
    actions = window.actions_offered
    erased = triggered(actions.erase)
    window.pages.setFocus()
    press(window.pages, CYRILLIC_U, E_KEY, NO_MODIFIER)
    actions.erase.setEnabled(False)
    window.canvas.setFocus()
    press(window.canvas, CYRILLIC_U, E_KEY, NO_MODIFIER)
    # A letter of a Latin layout means itself, wherever its key is.
    press(window.canvas, "é", E_KEY, NO_MODIFIER)
    assert not erased


@pytest.mark.slow
@pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "xdotool", "setxkbmap"))),
    reason="not installed: Xvfb, xdotool or setxkbmap",
)
@pytest.mark.parametrize("layout", ["ru", "gr", "us"])
def test_a_real_keyboard_does_too(layout: str) -> None:
    with running("Xvfb", "-displayfd", "1", "-screen", "0", "1200x800x24") as server:
        display = f":{server.readline().strip()}"
        variables = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

        def call(*command: str) -> None:
            subprocess.run(command, env=variables, check=True)

        call("setxkbmap", "-layout", layout)
        with running(sys.executable, "-c", WINDOW, env=variables) as window:
            place = window.readline().strip()
            call("xdotool", "windowfocus", "--sync", place)
            said = []
            for keys in (f"{E_KEY}", f"37+{Z_KEY}", "37+28"):
                call("xdotool", "key", keys)
                said.append(window.readline().strip())
    assert said == ["erase", "undo", "test"]
