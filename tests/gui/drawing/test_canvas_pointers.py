"""Tablets, fingers, straight lines, pointer rates and screens: what reaches the drawing."""

import math
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mnist_gui.engine.drawing import Stroke
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.document import PenPoint, StrokeInProgress
from mnist_gui.gui.drawing.stroke_painter import Ink
from tests.gui.drawing.canvas_hands import (
    LEFT,
    Place,
    drag,
    draw_at_rate,
    pixel,
    send_mouse,
    send_tablet,
    tablet,
)

Kind = QEvent.Type
WHITE = 250


def light(canvas: DrawingCanvas, x: int, y: int) -> int:
    return pixel(canvas, x, y).lightness()


# --- tablets -----------------------------------------------------------------------------------


def draw_with_pressure(canvas: DrawingCanvas, *pressures: float) -> None:
    pen = tablet()
    send_tablet(canvas, pen, Kind.TabletPress, (40, 100), pressures[0])
    for step, pressure in enumerate(pressures[1:], start=1):
        x = 40 + 120 * step / (len(pressures) - 1)
        send_tablet(canvas, pen, Kind.TabletMove, (x, 100), pressure)
    send_tablet(canvas, pen, Kind.TabletRelease, (160, 100), 0.0)


def test_a_tablets_pressure_is_kept(canvas: DrawingCanvas) -> None:
    draw_with_pressure(canvas, 0.25, 0.5, 1.0)
    (stroke,) = canvas.drawing.strokes
    assert stroke.pressures is not None
    assert stroke.pressures.tolist() == [0.25, 0.5, 1.0]


def test_the_line_is_as_wide_as_the_pen_presses(canvas: DrawingCanvas) -> None:
    draw_with_pressure(canvas, 0.0, 0.5, 1.0)
    assert light(canvas, 60, 107) < 20
    assert light(canvas, 100, 106) > WHITE
    assert light(canvas, 150, 109) > WHITE
    assert light(canvas, 150, 114) < 20


def test_the_network_sees_the_same_however_hard_the_pen_presses(canvas: DrawingCanvas) -> None:
    draw_with_pressure(canvas, 0.1, 0.1, 0.1)
    light_hand = preprocess(canvas.drawing)
    canvas.clear()
    draw_with_pressure(canvas, 0.9, 0.9, 0.9)
    assert np.array_equal(preprocess(canvas.drawing), light_hand)


def test_a_tablets_other_end_erases(canvas: DrawingCanvas) -> None:
    drag(canvas, (40, 50), (160, 50))
    drag(canvas, (40, 150), (160, 150))
    rubber = tablet(QPointingDevice.PointerType.Eraser)
    send_tablet(canvas, rubber, Kind.TabletPress, (100, 50))
    send_tablet(canvas, rubber, Kind.TabletRelease, (100, 50))
    (stroke,) = canvas.drawing.strokes
    assert stroke.points[0, 1] == pytest.approx(0.75)


def test_a_hand_that_rests_on_the_screen_while_the_pen_draws_does_nothing(
    canvas: DrawingCanvas,
) -> None:
    pen, screen = tablet(), QTest.createTouchDevice()
    send_tablet(canvas, pen, Kind.TabletPress, (40, 100))
    QTest.touchEvent(canvas, screen).press(0, QPoint(150, 180), canvas).commit()
    send_tablet(canvas, pen, Kind.TabletMove, (160, 100))
    QTest.touchEvent(canvas, screen).release(0, QPoint(150, 180), canvas).commit()
    send_tablet(canvas, pen, Kind.TabletRelease, (160, 100))
    (stroke,) = canvas.drawing.strokes
    assert len(stroke.points) == 2


# --- clicks that the system makes up of what a tablet does -------------------------------------

SOURCE = Qt.MouseEventSource


def stroke_with_pen(canvas: DrawingCanvas) -> None:
    pen = tablet()
    send_tablet(canvas, pen, Kind.TabletPress, (40, 100))
    send_tablet(canvas, pen, Kind.TabletMove, (160, 100))
    send_tablet(canvas, pen, Kind.TabletRelease, (160, 100), 0.0)


def click(
    canvas: DrawingCanvas,
    place: Place,
    source: Qt.MouseEventSource = SOURCE.MouseEventNotSynthesized,
) -> None:
    for kind in (Kind.MouseButtonPress, Kind.MouseButtonRelease):
        send_mouse(canvas, kind, place, source=source)


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ((160, 100), SOURCE.MouseEventSynthesizedBySystem),
        ((150, 90), SOURCE.MouseEventSynthesizedBySystem),
        ((150, 90), SOURCE.MouseEventSynthesizedByQt),
        ((161, 99), SOURCE.MouseEventNotSynthesized),
    ],
)
def test_a_click_made_up_of_what_a_pen_did_draws_nothing(
    canvas: DrawingCanvas, place: Place, source: Qt.MouseEventSource
) -> None:
    stroke_with_pen(canvas)
    click(canvas, place, source)
    assert len(canvas.drawing.strokes) == 1


def test_a_click_elsewhere_or_later_draws_a_dot(canvas: DrawingCanvas) -> None:
    stroke_with_pen(canvas)
    click(canvas, (100, 50))
    assert len(canvas.drawing.strokes) == 2
    # A mouse, or a system that tells of fingers in no other way.
    time.sleep(0.6)
    for source in (SOURCE.MouseEventNotSynthesized, SOURCE.MouseEventSynthesizedBySystem):
        click(canvas, (160, 100), source)
    assert len(canvas.drawing.strokes) == 4


def test_the_pen_draws_a_dot_right_after_a_stroke_at_the_same_place(canvas: DrawingCanvas) -> None:
    stroke_with_pen(canvas)
    pen = tablet()
    send_tablet(canvas, pen, Kind.TabletPress, (160, 100))
    send_tablet(canvas, pen, Kind.TabletRelease, (160, 100), 0.0)
    assert len(canvas.drawing.strokes) == 2


def test_a_click_made_up_of_a_fingers_touch_draws_nothing(canvas: DrawingCanvas) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(canvas, screen).press(0, QPoint(60, 100), canvas).commit()
    QTest.touchEvent(canvas, screen).release(0, QPoint(60, 100), canvas).commit()
    click(canvas, (60, 100), SOURCE.MouseEventSynthesizedBySystem)
    assert len(canvas.drawing.strokes) == 1


# --- fingers -----------------------------------------------------------------------------------


def test_two_fingers_that_come_down_together_draw_nothing(canvas: DrawingCanvas) -> None:
    screen = QTest.createTouchDevice()
    both = QTest.touchEvent(canvas, screen)
    both.press(0, QPoint(60, 100), canvas).press(1, QPoint(140, 100), canvas).commit()
    both = QTest.touchEvent(canvas, screen)
    both.move(0, QPoint(20, 100), canvas).move(1, QPoint(180, 100), canvas).commit()
    last = QTest.touchEvent(canvas, screen).release(0, QPoint(20, 100), canvas)
    last.move(1, QPoint(180, 20), canvas).commit()
    QTest.touchEvent(canvas, screen).release(1, QPoint(180, 20), canvas).commit()
    assert not canvas.drawing
    QTest.touchEvent(canvas, screen).press(0, QPoint(60, 100), canvas).commit()
    QTest.touchEvent(canvas, screen).release(0, QPoint(60, 100), canvas).commit()
    assert len(canvas.drawing.strokes) == 1


def test_a_second_finger_that_comes_soon_takes_the_begun_line_back(canvas: DrawingCanvas) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(canvas, screen).press(0, QPoint(60, 100), canvas).commit()
    QTest.touchEvent(canvas, screen).move(0, QPoint(64, 100), canvas).commit()
    QTest.touchEvent(canvas, screen).stationary(0).press(1, QPoint(140, 100), canvas).commit()
    assert not canvas.drawing
    both = QTest.touchEvent(canvas, screen).release(0, QPoint(60, 100), canvas)
    both.release(1, QPoint(140, 100), canvas).commit()
    assert not canvas.drawing


# --- straight lines ----------------------------------------------------------------------------


def test_with_shift_the_mouse_draws_a_straight_line(canvas: DrawingCanvas) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    send_mouse(canvas, Kind.MouseButtonPress, (40, 40), modifiers=shift)
    for place in ((80, 150), (150, 60), (160, 160)):
        send_mouse(canvas, Kind.MouseMove, place, modifiers=shift)
        assert light(canvas, *place) > WHITE
    send_mouse(canvas, Kind.MouseButtonRelease, (160, 160), modifiers=shift)
    assert light(canvas, 100, 100) > WHITE
    assert light(canvas, 80, 150) < 20
    assert light(canvas, 150, 60) < 20
    (stroke,) = canvas.drawing.strokes
    np.testing.assert_allclose(stroke.points[:, 0], stroke.points[:, 1], atol=1e-6)


def test_with_shift_the_keyboard_draws_a_slanting_line(canvas: DrawingCanvas) -> None:
    keys, shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(canvas, keys.Key_Space)
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Down):
        QTest.keyClick(canvas, key, shift)
    QTest.keyClick(canvas, keys.Key_Space)
    (stroke,) = canvas.drawing.strokes
    offsets = stroke.points - stroke.points[0]
    np.testing.assert_allclose(offsets[-1], [0.1, 0.05], atol=1e-6)
    np.testing.assert_allclose(offsets[:, 0], 2 * offsets[:, 1], atol=1e-6)


# --- pointer rates -----------------------------------------------------------------------------


def ring(points: int) -> list[Place]:
    angles = [2 * math.pi * i / (points - 1) for i in range(points)]
    return [(100 + 60 * math.sin(a), 100 - 70 * math.cos(a)) for a in angles]


def ink_of(canvas: DrawingCanvas) -> NDArray[np.float64]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return pixels[:, : image.width()].astype(np.float64) / 255


@pytest.mark.parametrize("rate", [10, 30, 125, 1_000])
def test_a_ring_looks_the_same_at_every_pointer_rate(canvas: DrawingCanvas, rate: int) -> None:
    draw_at_rate(canvas, ring(400), milliseconds=2.5)
    true_ring = ink_of(canvas)
    canvas.clear()
    # It takes one second to draw.
    draw_at_rate(canvas, ring(rate + 1), milliseconds=1_000 / rate)
    assert np.abs(ink_of(canvas) - true_ring).mean() < 0.004
    assert canvas.drawing.end == pytest.approx(1.0)


def test_a_stroke_looks_the_same_while_it_grows_and_when_it_is_painted_anew(
    canvas: DrawingCanvas,
) -> None:
    send_mouse(canvas, Kind.MouseButtonPress, ring(12)[0])
    for place in ring(12)[1:]:
        send_mouse(canvas, Kind.MouseMove, place)
        ink_of(canvas)
    grown = ink_of(canvas)
    send_mouse(canvas, Kind.MouseButtonRelease, ring(12)[-1])
    canvas.document.undo()
    canvas.document.redo()
    assert np.abs(ink_of(canvas) - grown).max() < 0.3
    assert np.abs(ink_of(canvas) - grown).mean() < 0.001


def painted(ink: Ink, growing: StrokeInProgress) -> NDArray[np.uint8]:
    image = QImage(200, 200, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink.paint(painter, [], growing)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(200, 200).copy()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=8))
def test_what_a_point_changes_lies_within_what_is_repainted(
    qapp: QApplication, places: list[Place]
) -> None:
    ink = Ink()
    ink.fit(200, 1.0)
    growing = StrokeInProgress(PenPoint(*places[0], 0.0))
    before = painted(ink, growing)
    for place in places[1:]:
        growing.add(PenPoint(*place, 0.0))
        after = painted(ink, growing)
        around = ink.surroundings(growing)
        rows, columns = np.nonzero(before != after)
        assert all(around.contains(*at) for at in zip(columns.tolist(), rows.tolist(), strict=True))
        before = after


# --- screens -----------------------------------------------------------------------------------

_AT_TWO = """
import sys
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from mnist_gui.gui.drawing.canvas import DrawingCanvas
app = QApplication([])
canvas = DrawingCanvas()
canvas.resize(200, 200)
canvas.show()
QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 100))
QTest.mouseMove(canvas, QPoint(160, 100))
QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(160, 100))
picture = canvas.grab()
image = picture.toImage()
column = [image.pixelColor(round(image.width() / 2), y).lightness() for y in range(image.height())]
points = canvas.drawing.strokes[0].points.tolist()
print(picture.devicePixelRatio(), image.width(), column.index(max(column)), column.count(255))
print(points)
"""


@pytest.mark.parametrize("factor", [1.5, 2])
def test_on_a_fine_screen_the_line_is_as_sharp_and_the_points_are_the_same(factor: float) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": str(factor), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", _AT_TWO],
        env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    figures, points = ended.stdout.splitlines()
    ratio, width, first, white = map(float, figures.split())
    assert (ratio, width) == (factor, 200 * factor)
    # 15 logical pixels wide around the middle, white to the last pixel but those of the edges.
    assert white == pytest.approx(15 * factor, abs=2)
    assert first == pytest.approx(92.5 * factor, abs=1.5)
    assert points == "[[0.20000000298023224, 0.5], [0.800000011920929, 0.5]]"


def test_ink_is_painted_anew_for_another_screen() -> None:
    stroke = Stroke([[0.2, 0.5], [0.8, 0.5]])
    ink = Ink()
    for ratio in (1.0, 2.0):
        image = QImage(round(100 * ratio), round(100 * ratio), QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.black)
        ink.fit(100, ratio)
        painter = QPainter(image)
        ink.paint(painter, [stroke], None)
        painter.end()
        middle = image.pixelColor(QPointF(50 * ratio, 50 * ratio).toPoint())
        assert middle.lightness() == 255


def test_a_release_that_someone_else_has_had_ends_the_stroke(canvas: DrawingCanvas) -> None:
    QTest.mousePress(canvas, LEFT, pos=QPoint(40, 100))
    drag(canvas, (40, 150), (160, 150))
    assert len(canvas.drawing.strokes) == 2
