import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.recipe import BOUNDS
from mnist_gui.gui.common.fields import CountField
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.drawing.canvas import DrawingCanvas

LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))


class Column(QWidget):
    """A canvas, a number field, and the row, as the window joins them."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas, self.row = DrawingCanvas(), SaveDigitRow()
        layout = QVBoxLayout(self)
        layout.addWidget(self.canvas)
        layout.addWidget(self.row)
        self.asked: list[int] = []
        self.canvas.addActions([self.row.confirm, *self.row.labels])
        self.canvas.drawing_changed.connect(self.row.follow_drawing)
        self.row.save_requested.connect(self.asked.append)


@pytest.fixture
def column(qtbot: QtBot) -> Column:
    column = Column()
    qtbot.addWidget(column)
    column.resize(232, 400)
    column.show()
    qtbot.waitExposed(column)
    column.canvas.setFocus()
    return column


def test_enter_keeps_as_the_digit_offered(column: Column) -> None:
    column.canvas.set_drawing(LINE)
    QTest.keyClick(column.canvas, Qt.Key.Key_Return)
    assert column.asked == []
    column.row.show_offer(7)
    QTest.keyClick(column.canvas, Qt.Key.Key_Return)
    QTest.keyClick(column.canvas, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    QTest.mouseClick(column.row.save_button, Qt.MouseButton.LeftButton)
    assert column.asked == [7, 7, 7]


def test_a_digit_key_keeps_as_that_digit_whatever_was_read(column: Column) -> None:
    column.canvas.set_drawing(LINE)
    column.row.show_offer(7)
    QTest.keyClick(column.canvas, Qt.Key.Key_0)
    QTest.keyClick(column.canvas, Qt.Key.Key_9, Qt.KeyboardModifier.KeypadModifier)
    column.row.menu.actions()[3].trigger()
    assert column.asked == [0, 9, 3]


def test_an_empty_canvas_is_not_kept(column: Column) -> None:
    column.canvas.set_drawing(LINE)
    column.row.show_offer(7)
    column.canvas.clear()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_4):
        QTest.keyClick(column.canvas, key)
    assert column.asked == []
    assert not column.row.save_button.isEnabled()
    assert not column.row.other_button.isEnabled()


def test_nothing_is_offered_while_something_else_is_read(column: Column) -> None:
    column.canvas.set_drawing(LINE)
    column.row.show_offer(7)
    column.row.set_drawing_shown(shown=False)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_4):
        QTest.keyClick(column.canvas, key)
    assert column.asked == []
    column.row.set_drawing_shown(shown=True)
    QTest.keyClick(column.canvas, Qt.Key.Key_Return)
    assert column.asked == [7]


def test_elsewhere_the_keys_do_what_they_always_do(column: Column, qtbot: QtBot) -> None:
    field = CountField(BOUNDS["steps"])
    field.setParent(column)
    field.show()
    column.canvas.set_drawing(LINE)
    column.row.show_offer(7)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    for key in (Qt.Key.Key_4, Qt.Key.Key_Return):
        QTest.keyClick(field, key)
    assert column.asked == []


def test_what_was_kept_stands_there_until_the_next_stroke(column: Column) -> None:
    column.canvas.set_drawing(LINE)
    column.row.show_offer(7)
    column.canvas.clear()
    column.row.show_saved(7)
    assert column.row.note.isVisible()
    assert "Saved to My digits as 7" in column.row.note.text()
    undone: list[bool] = []
    column.row.undo_button.clicked.connect(lambda: undone.append(True))
    QTest.mouseClick(column.row.undo_button, Qt.MouseButton.LeftButton)
    assert undone
    column.canvas.set_drawing(LINE)
    assert not column.row.note.isVisible()
    assert column.row.save_button.isVisible()


def test_it_fits_into_the_narrowest_column(column: Column) -> None:
    column.row.show_offer(7)
    # A pad of 300 pixels, less its margins and its scroll bar.
    assert column.row.minimumSizeHint().width() <= 256
