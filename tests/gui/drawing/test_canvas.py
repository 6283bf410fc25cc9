import json
import math

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, format_drawing, parse_drawing
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from tests.gui.drawing.canvas_hands import LEFT, drag, drawings, pixel, send_mouse

WHITE = QColor("#ffffff")


def test_a_line_is_white_where_the_mouse_went_and_dark_elsewhere(canvas: DrawingCanvas) -> None:
    drag(canvas, (40, 100), (160, 100))
    assert pixel(canvas, 100, 100) == WHITE
    assert pixel(canvas, 100, 104) == WHITE
    assert pixel(canvas, 100, 120).lightness() < 20
    assert pixel(canvas, 20, 100).lightness() < 20


def test_a_click_leaves_a_round_dot_as_wide_as_the_pen(canvas: DrawingCanvas) -> None:
    drag(canvas, (100, 100))
    assert pixel(canvas, 100, 100) == WHITE
    assert pixel(canvas, 105, 100) == WHITE
    assert pixel(canvas, 110, 100).lightness() < 20
    assert len(canvas.drawing.strokes) == 1


def test_the_pen_grows_with_the_canvas(canvas: DrawingCanvas) -> None:
    drag(canvas, (40, 100), (160, 100))
    canvas.resize(400, 400)
    assert pixel(canvas, 200, 212) == WHITE
    assert pixel(canvas, 200, 240).lightness() < 20


def test_the_drawing_is_told_while_a_stroke_is_drawn(canvas: DrawingCanvas) -> None:
    seen = drawings(canvas)
    drag(canvas, (50, 100), (100, 100), (150, 50))
    assert [len(drawing.strokes) for drawing in seen] == [1, 1, 1]
    assert [len(drawing.strokes[0].points) for drawing in seen] == [1, 2, 3]
    expected = [[0.25, 0.5], [0.5, 0.5], [0.75, 0.25]]
    np.testing.assert_allclose(seen[-1].strokes[0].points, expected, atol=0.003)
    assert canvas.drawing == seen[-1]


def test_two_strokes_drawn_between_two_paintings_are_both_painted(canvas: DrawingCanvas) -> None:
    pixel(canvas, 0, 0)
    drag(canvas, (30, 50), (170, 50))
    drag(canvas, (30, 150), (170, 150))
    assert pixel(canvas, 100, 50) == WHITE
    assert pixel(canvas, 100, 150) == WHITE
    assert pixel(canvas, 100, 100).lightness() < 20


def test_a_press_beside_the_square_draws_nothing(canvas: DrawingCanvas) -> None:
    canvas.resize(400, 200)
    drag(canvas, (20, 100), (200, 100))
    assert canvas.drawing == Drawing()


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_another_button_draws_nothing(canvas: DrawingCanvas, button: Qt.MouseButton) -> None:
    drag(canvas, (50, 50), (100, 50), button=button)
    assert canvas.drawing == Drawing()


def test_the_empty_canvas_says_what_to_do_until_the_first_point(canvas: DrawingCanvas) -> None:
    def words() -> bool:
        image = canvas.grab().toImage()
        lights = [image.pixelColor(x, y).lightness() for x in range(50, 150) for y in (98, 100)]
        return max(lights) > 60

    assert words()
    drag(canvas, (20, 20))
    assert not words()


def test_undo_and_redo_go_stroke_by_stroke(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 50), (180, 50))
    drag(canvas, (20, 150), (180, 150))
    first, second = canvas.drawing.strokes
    seen = drawings(canvas)
    canvas.document.undo()
    assert pixel(canvas, 100, 150).lightness() < 20
    canvas.document.undo()
    canvas.document.redo()
    canvas.document.redo()
    expected = [Drawing((first,)), Drawing(), Drawing((first,)), Drawing((first, second))]
    assert seen == expected
    assert pixel(canvas, 100, 150) == WHITE


def test_undo_during_a_stroke_drops_that_stroke_only(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 50), (180, 50))
    QTest.mousePress(canvas, LEFT, pos=QPoint(50, 150))
    QTest.mouseMove(canvas, QPoint(150, 150))
    canvas.document.undo()
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(150, 150))
    assert len(canvas.drawing.strokes) == 1
    assert pixel(canvas, 100, 150).lightness() < 20


def test_clearing_can_be_undone(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 50), (180, 50))
    drawn = canvas.drawing
    canvas.clear()
    assert canvas.drawing == Drawing()
    canvas.document.undo()
    assert canvas.drawing == drawn


def test_clearing_an_empty_canvas_does_nothing(canvas: DrawingCanvas) -> None:
    seen = drawings(canvas)
    canvas.clear()
    canvas.document.undo()
    canvas.document.redo()
    assert seen == []


def test_a_drawing_that_is_kept_is_set_aside_and_brought_back(canvas: DrawingCanvas) -> None:
    told: list[tuple[str, bool]] = []
    canvas.set_aside_changed.connect(lambda name, aside: told.append((name, aside)))
    drag(canvas, (20, 50), (180, 50))
    drawn = canvas.drawing
    canvas.set_aside(drawn, "seven")
    assert not canvas.drawing
    canvas.document.undo()
    assert canvas.drawing == drawn
    canvas.document.redo()
    assert not canvas.drawing
    assert told == [("seven", True), ("seven", False), ("seven", True)]


def test_a_drawing_is_set_aside_though_the_pen_is_down(canvas: DrawingCanvas) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    drawn = canvas.drawing
    canvas.set_aside(drawn, "one")
    assert not canvas.drawing
    canvas.document.undo()
    assert canvas.drawing == drawn


def test_what_was_begun_since_stays_when_a_drawing_is_set_aside(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 50), (180, 50))
    kept = canvas.drawing
    drag(canvas, (20, 100), (180, 100))
    QTest.mousePress(canvas, LEFT, pos=QPoint(50, 150))
    canvas.set_aside(kept, "seven")
    QTest.mouseMove(canvas, QPoint(150, 150))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(150, 150))
    assert len(canvas.drawing.strokes) == 2
    canvas.set_aside(kept, "not there any more")
    assert len(canvas.drawing.strokes) == 2
    assert pixel(canvas, 100, 50).lightness() < 20
    assert pixel(canvas, 100, 150) == WHITE


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Escape])
def test_delete_and_escape_clear(canvas: DrawingCanvas, key: Qt.Key) -> None:
    drag(canvas, (20, 50), (180, 50))
    QTest.keyClick(canvas, key)
    assert canvas.drawing == Drawing()


def test_the_keys_for_undo_and_redo_work(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 50), (180, 50))
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(canvas, Qt.Key.Key_Z, control)
    assert not canvas.drawing
    QTest.keyClick(canvas, Qt.Key.Key_Z, control | shift)
    assert canvas.drawing


def test_it_names_what_there_is_to_undo(canvas: DrawingCanvas) -> None:
    seen: list[str] = []
    canvas.document.undoTextChanged.connect(seen.append)
    drag(canvas, (20, 50), (180, 50))
    canvas.clear()
    canvas.document.undo()
    canvas.document.undo()
    assert seen == ["Draw a stroke", "Clear the drawing", "Draw a stroke", ""]


def test_a_drawing_that_is_put_in_place_is_shown_and_told(canvas: DrawingCanvas) -> None:
    seen = drawings(canvas)
    drawing = Drawing((Stroke([[0.5, 0.1], [0.5, 0.9]]),))
    canvas.set_drawing(drawing)
    assert canvas.drawing == drawing
    assert seen == [drawing]
    assert pixel(canvas, 100, 60) == WHITE


def test_a_finger_draws_and_a_second_finger_does_not(canvas: DrawingCanvas) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, QPoint(40, 100), canvas).commit()
    moved = QTest.touchEvent(canvas, device).move(0, QPoint(160, 100), canvas)
    moved.press(1, QPoint(20, 20), canvas).commit()
    released = QTest.touchEvent(canvas, device).release(0, QPoint(160, 100), canvas)
    released.release(1, QPoint(20, 20), canvas).commit()
    (stroke,) = canvas.drawing.strokes
    np.testing.assert_allclose(stroke.points, [[0.2, 0.5], [0.8, 0.5]], atol=0.003)


def test_a_digit_can_be_drawn_with_the_keyboard(canvas: DrawingCanvas) -> None:
    keys = Qt.Key
    QTest.keyClick(canvas, keys.Key_Up)
    assert not canvas.drawing
    for key in (keys.Key_Space, keys.Key_Right, keys.Key_Down, keys.Key_Space, keys.Key_Left):
        QTest.keyClick(canvas, key)
    (stroke,) = canvas.drawing.strokes
    np.testing.assert_allclose(stroke.points, [[0.5, 0.45], [0.55, 0.45], [0.55, 0.5]], atol=1e-6)
    assert pixel(canvas, 105, 90) == WHITE


def test_strokes_know_when_they_were_drawn_and_how_long_the_pen_rested(
    canvas: DrawingCanvas,
) -> None:
    for kind, x, milliseconds in (
        (QEvent.Type.MouseButtonPress, 40, 5_000),
        (QEvent.Type.MouseMove, 80, 5_100),
        (QEvent.Type.MouseButtonRelease, 80, 5_100),
        (QEvent.Type.MouseButtonPress, 120, 5_600),
        (QEvent.Type.MouseMove, 160, 5_900),
        (QEvent.Type.MouseButtonRelease, 160, 5_900),
    ):
        send_mouse(canvas, kind, (x, 100), milliseconds=milliseconds)
    first, second = (stroke.times for stroke in canvas.drawing.strokes)
    assert first is not None
    assert second is not None
    np.testing.assert_allclose([*first, *second], [0.0, 0.1, 0.6, 0.9], atol=1e-9)


def test_what_is_drawn_after_an_opened_drawing_comes_after_it(canvas: DrawingCanvas) -> None:
    canvas.set_drawing(Drawing((Stroke([[0.1, 0.1], [0.2, 0.1]], [0.0, 4.0]),)))
    drag(canvas, (40, 100), (160, 100))
    again = parse_drawing(json.loads(format_drawing(LabelledDrawing(canvas.drawing, None))))
    last = again.drawing.strokes[-1].times
    assert last is not None
    assert last[0] == pytest.approx(4.3)


def test_fifty_thousand_segments_leave_the_memory_as_it_was(canvas: DrawingCanvas) -> None:
    scribble = _scribble(1_000)
    process = psutil.Process()

    def paint_and_erase(times: int) -> None:
        for _ in range(times):
            for event in scribble:
                QApplication.sendEvent(canvas, event)
            assert len(canvas.drawing.strokes[0].points) > 900
            QApplication.processEvents()
            canvas.clear()

    paint_and_erase(10)
    before = process.memory_info().rss
    paint_and_erase(40)
    assert not canvas.drawing
    assert process.memory_info().rss - before < 4_000_000


def _scribble(segments: int) -> list[QMouseEvent]:
    kind, none = QEvent.Type, Qt.MouseButton.NoButton
    places = [
        QPointF(100 + 80 * math.sin(0.13 * i), 100 + 80 * math.sin(0.17 * i + 1))
        for i in range(segments + 1)
    ]
    steps = [(kind.MouseButtonPress, LEFT, LEFT)]
    steps += [(kind.MouseMove, none, LEFT)] * (segments - 1)
    steps += [(kind.MouseButtonRelease, LEFT, none)]
    plain = Qt.KeyboardModifier.NoModifier
    return [
        QMouseEvent(type_, place, place, button, buttons, plain)
        for (type_, button, buttons), place in zip(steps, places, strict=False)
    ]
