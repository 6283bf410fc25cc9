"""What one who draws with the keyboard hears."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.document import DrawingDocument
from mnist_gui.gui.drawing.input import EraserTool, KeyboardPen, PenTool

Key = Qt.Key


@pytest.fixture
def pen(qapp: QApplication) -> KeyboardPen:
    document = DrawingDocument(qapp)
    return KeyboardPen(document, PenTool(document), EraserTool(document))


def heard(pen: KeyboardPen) -> list[str]:
    said: list[str] = []
    pen.said.connect(said.append)
    return said


def press(pen: KeyboardPen, *keys: Qt.Key) -> None:
    for key in keys:
        event = QKeyEvent(QEvent.Type.KeyPress, key.value, Qt.KeyboardModifier.NoModifier)
        assert pen.take(event)


def test_the_pens_way_is_told_in_words_and_only_when_it_comes_to_another_part(
    pen: KeyboardPen,
) -> None:
    said = heard(pen)
    press(pen, *[Key.Key_Up] * 10, *[Key.Key_Right] * 10)
    assert said == ["centre", "top", "top right"]


def test_pen_down_and_pen_up_are_told_with_the_place(pen: KeyboardPen) -> None:
    said = heard(pen)
    press(pen, Key.Key_Space, *[Key.Key_Down] * 9, Key.Key_Space)
    assert said == ["Pen down, centre", "centre", "bottom", "Pen up, bottom"]


def test_other_keys_are_left_to_others(pen: KeyboardPen) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_A.value, Qt.KeyboardModifier.NoModifier)
    assert not pen.take(event)


def test_help_does_not_lie_over_a_drawing(qtbot: QtBot) -> None:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(200, 200)
    canvas.show()
    middle = canvas.rect().center()
    help_event = QHelpEvent(QEvent.Type.ToolTip, middle, canvas.mapToGlobal(middle))
    canvas.set_drawing(Drawing((Stroke([[0.5, 0.5]]),)))
    QApplication.sendEvent(canvas, help_event)
    assert not QToolTip.isVisible()
