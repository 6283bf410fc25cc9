"""The eraser: what it marks, what it takes, and how that comes back."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from tests.gui.drawing.canvas_hands import drag, drawings, pixel

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def canvas(canvas: DrawingCanvas) -> DrawingCanvas:
    """Three level strokes, at 50, 100 and 150 pixels."""
    for y in (50, 100, 150):
        drag(canvas, (40, y), (160, y))
    return canvas


def heights(canvas: DrawingCanvas) -> list[int]:
    return [round(float(stroke.points[0, 1]) * 200) for stroke in canvas.drawing.strokes]


def is_marked(colour: QColor) -> bool:
    return colour.red() > 200 and colour.blue() < 180


def test_the_stroke_beneath_the_eraser_is_marked_and_no_other(canvas: DrawingCanvas) -> None:
    canvas.set_erasing(True)
    QTest.mouseMove(canvas, QPoint(100, 106))
    assert is_marked(pixel(canvas, 100, 100))
    assert not is_marked(pixel(canvas, 100, 50))
    QTest.mouseMove(canvas, QPoint(100, 75))
    assert not is_marked(pixel(canvas, 100, 100))


def test_a_pen_marks_nothing(canvas: DrawingCanvas) -> None:
    canvas.set_erasing(True)
    QTest.mouseMove(canvas, QPoint(100, 100))
    canvas.set_erasing(False)
    assert not is_marked(pixel(canvas, 100, 100))


def test_a_click_takes_the_stroke_away_and_undo_brings_it_back_in_its_place(
    canvas: DrawingCanvas,
) -> None:
    canvas.set_erasing(True)
    drag(canvas, (100, 100))
    assert heights(canvas) == [50, 150]
    assert pixel(canvas, 100, 100).lightness() < 20
    canvas.document.undo()
    assert heights(canvas) == [50, 100, 150]
    canvas.document.redo()
    assert heights(canvas) == [50, 150]


def test_a_drag_takes_what_it_crosses_each_to_be_undone_alone(canvas: DrawingCanvas) -> None:
    canvas.set_erasing(True)
    drag(canvas, (100, 75), (100, 180))
    assert heights(canvas) == [50]
    canvas.document.undo()
    canvas.document.undo()
    assert heights(canvas) == [50, 100, 150]


def test_of_many_strokes_that_a_drag_takes_at_once_all_are_undone_at_once(
    canvas: DrawingCanvas,
) -> None:
    heights_of_many = np.linspace(0.3, 0.7, 5_000)
    many = Drawing(tuple(Stroke([[0.2, y], [0.8, y]]) for y in heights_of_many))
    canvas.set_drawing(many)
    canvas.set_erasing(True)
    drag(canvas, (100, 20), (100, 180))
    assert not canvas.drawing
    canvas.document.undo()
    assert canvas.drawing == many


def test_what_is_beneath_the_eraser_is_marked_among_very_many_points_too(
    canvas: DrawingCanvas, qtbot: QtBot
) -> None:
    across = np.linspace(0.2, 0.8, 3_000)
    level = [Stroke(np.column_stack((across, np.full(3_000, y)))) for y in (0.25, 0.75)]
    canvas.set_drawing(Drawing(tuple(level)))
    canvas.set_erasing(True)
    for y in range(52, 150, 2):
        QTest.mouseMove(canvas, QPoint(100, y))
    qtbot.waitUntil(lambda: is_marked(pixel(canvas, 100, 150)))
    assert not is_marked(pixel(canvas, 100, 50))


def test_the_right_button_erases_only_where_that_was_chosen(canvas: DrawingCanvas) -> None:
    drag(canvas, (100, 50), button=RIGHT)
    assert heights(canvas) == [50, 100, 150]
    canvas.set_right_erasing(True)
    drag(canvas, (100, 50), button=RIGHT)
    assert heights(canvas) == [100, 150]
    drag(canvas, (40, 20), (160, 20))
    assert heights(canvas) == [100, 150, 20]
    canvas.set_right_erasing(False)
    canvas.set_erasing(True)
    drag(canvas, (100, 100), button=RIGHT)
    assert heights(canvas) == [150, 20]


def test_a_click_beside_all_strokes_changes_nothing(canvas: DrawingCanvas) -> None:
    seen = drawings(canvas)
    canvas.set_erasing(True)
    drag(canvas, (100, 75))
    assert seen == []


def test_the_keyboard_erases_what_its_cursor_is_on(canvas: DrawingCanvas) -> None:
    canvas.set_erasing(True)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert is_marked(pixel(canvas, 150, 100))
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert heights(canvas) == [50, 150]


def test_a_mark_does_not_outlive_its_stroke(canvas: DrawingCanvas) -> None:
    canvas.set_erasing(True)
    QTest.mouseMove(canvas, QPoint(100, 150))
    canvas.document.undo()
    assert heights(canvas) == [50, 100]
    canvas.set_drawing(canvas.drawing.with_stroke(Stroke([[0.1, 0.1]])))
    assert pixel(canvas, 100, 150).lightness() < 20


def test_what_has_a_network_read_is_told_after_each_erasure(canvas: DrawingCanvas) -> None:
    seen = drawings(canvas)
    canvas.set_erasing(True)
    drag(canvas, (100, 40), (100, 160))
    assert [len(drawing.strokes) for drawing in seen] == [2, 1, 0]
