"""A pen that leaves the canvas and comes back: what is read is what is seen."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from mnist_gui.engine.drawing import Drawing, Stroke, part_on_canvas
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from tests.gui.drawing.canvas_hands import (
    LEFT,
    Place,
    drag,
    pixel,
    send_mouse,
    send_tablet,
    tablet,
)

Kind = QEvent.Type
# In widget pixels, half of one of which the mouse's whole numbers may be off.
_PIXEL = 1 / 200


def walk(seed: int) -> NDArray[np.float64]:
    """Return places (n, 2) of a random walk that begins on the canvas and often leaves it."""
    random = np.random.default_rng(seed)
    steps = random.normal(0, random.choice([0.03, 0.3, 1.0]), (60, 2))
    return np.concatenate(([[0.5, 0.5]], 0.5 + np.cumsum(steps, axis=0)))


def along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places close to each other on straight lines from one point to the next."""
    shares = np.linspace(0, 1, 200)[:, np.newaxis]
    parts = [a + shares * (b - a) for a, b in itertools.pairwise(points)]
    return np.concatenate([points[:1], *parts])


def draw(canvas: DrawingCanvas, places: NDArray[np.float64]) -> Drawing:
    pixels: list[Place] = [(x, y) for x, y in (places * 200).tolist()]
    send_mouse(canvas, Kind.MouseButtonPress, pixels[0])
    for place in pixels[1:]:
        send_mouse(canvas, Kind.MouseMove, place)
    send_mouse(canvas, Kind.MouseButtonRelease, pixels[-1])
    return canvas.drawing


def distances(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([np.abs(others - place).max(axis=1).min() for place in places])


@pytest.mark.parametrize("seed", range(12))
def test_of_any_way_across_the_border_what_lies_on_the_canvas_is_drawn(
    canvas: DrawingCanvas, seed: int
) -> None:
    way = along(walk(seed))
    drawing = draw(canvas, walk(seed))
    points = [np.asarray(stroke.points, np.float64) for stroke in drawing.strokes]
    assert all(np.array_equal(each, each.clip(0, 1)) for each in points)
    drawn = np.concatenate([along(each) for each in points])
    inside = way[((way >= 0) & (way <= 1)).all(axis=1)]
    spacing = np.abs(np.diff(way, axis=0)).max()
    assert distances(inside[::7], drawn).max() < spacing + _PIXEL
    assert distances(drawn[::7], way).max() < spacing + _PIXEL


@pytest.mark.parametrize("seed", range(12))
def test_a_stroke_that_is_cut_begins_and_ends_exactly_on_the_border(
    canvas: DrawingCanvas, seed: int
) -> None:
    first, *others = draw(canvas, walk(seed)).strokes
    assert first.points[0].tolist() == [0.5, 0.5]
    # The pen goes on beyond: only the last stroke may end where it is lifted.
    cuts = [stroke.points[0] for stroke in others]
    assert all(np.isin(cut, [0, 1]).any() for cut in cuts)


def test_a_way_out_and_back_in_makes_two_strokes_cut_where_it_crosses(
    canvas: DrawingCanvas,
) -> None:
    out, back = draw(canvas, np.array([[0.5, 0.5], [0.5, 1.5], [0.75, 1.5], [0.75, 0.25]])).strokes
    assert out == Stroke([[0.5, 0.5], [0.5, 1]], out.times)
    assert back == Stroke([[0.75, 1], [0.75, 0.25]], back.times)


def test_a_line_that_only_passes_over_a_corner_is_drawn_there(canvas: DrawingCanvas) -> None:
    drawing = draw(canvas, np.array([[0.5, 0.5], [1.5, 0.5], [1.5, 0.7], [0.7, 1.5]]))
    assert len(drawing.strokes) == 1
    drawing = draw(canvas, np.array([[0.5, 0.5], [1.25, 0.5], [0.5, 1.25]]))
    np.testing.assert_allclose(drawing.strokes[-1].points, [[1, 0.75], [0.75, 1]])


def test_the_time_and_the_pressure_of_a_cut_lie_between_those_around_it(
    canvas: DrawingCanvas,
) -> None:
    pen = tablet()
    send_tablet(canvas, pen, Kind.TabletPress, (100, 100), 0.2)
    send_tablet(canvas, pen, Kind.TabletMove, (300, 100), 0.6)
    send_tablet(canvas, pen, Kind.TabletMove, (100, 150), 0.2)
    send_tablet(canvas, pen, Kind.TabletRelease, (100, 150), 0.0)
    out, back = canvas.drawing.strokes
    assert out.pressures is not None
    assert back.pressures is not None
    assert [out.pressures[-1], back.pressures[0]] == pytest.approx([0.4, 0.4])
    assert out.times is not None
    assert back.times is not None
    assert out.times[-1] <= back.times[0] <= back.times[-1]


def test_both_strokes_of_a_movement_are_undone_and_redone_together(canvas: DrawingCanvas) -> None:
    drag(canvas, (20, 20), (60, 20))
    before = canvas.drawing
    drag(canvas, (100, 100), (100, 300), (150, 300), (150, 100))
    after = canvas.drawing
    assert len(after.strokes) == 3
    canvas.document.undo()
    assert canvas.drawing == before
    canvas.document.redo()
    assert canvas.drawing == after


def test_fingers_that_mean_a_gesture_take_both_strokes_back(canvas: DrawingCanvas) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(canvas, screen).press(0, QPoint(195, 100), canvas).commit()
    for x in (202, 195):
        QTest.touchEvent(canvas, screen).move(0, QPoint(x, 104), canvas).commit()
    assert len(canvas.drawing.strokes) == 2
    QTest.touchEvent(canvas, screen).stationary(0).press(1, QPoint(140, 100), canvas).commit()
    assert not canvas.drawing
    assert not canvas.document.canUndo()
    assert not canvas.document.canRedo()


def test_a_straight_line_ends_at_the_border_and_follows_the_pen_beyond_it(
    canvas: DrawingCanvas,
) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    send_mouse(canvas, Kind.MouseButtonPress, (100, 100), modifiers=shift)
    for place in ((300, 100), (300, 300), (100, 300)):
        send_mouse(canvas, Kind.MouseMove, place, modifiers=shift)
    (stroke,) = canvas.drawing.strokes
    assert stroke.points[-1].tolist() == [0.5, 1]
    send_mouse(canvas, Kind.MouseMove, (100, 150), modifiers=shift)
    send_mouse(canvas, Kind.MouseButtonRelease, (100, 150))
    (stroke,) = canvas.drawing.strokes
    assert stroke.points[-1].tolist() == [0.5, 0.75]


def test_ink_is_seen_up_to_the_border(canvas: DrawingCanvas) -> None:
    QTest.mousePress(canvas, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(300, 100))
    assert pixel(canvas, 198, 100).lightness() > 250
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(300, 100))
    assert pixel(canvas, 198, 100).lightness() > 250


@pytest.mark.parametrize("seed", range(20))
def test_the_part_of_a_line_on_the_canvas_is_where_its_points_are_on_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    # Often parallel to a side, or with an end exactly on one.
    start, end = random.choice([-1, 0, 0.25, 1, 2, *random.normal(0.5, 1, 3)], (2, 2)).tolist()
    shares = np.linspace(0, 1, 1_001)
    places = np.array(start) + shares[:, np.newaxis] * (np.array(end) - np.array(start))
    on_canvas = shares[((places >= 0) & (places <= 1)).all(axis=1)]
    part = part_on_canvas(tuple(start), tuple(end))
    if part is None:
        assert len(on_canvas) < 2
    else:
        assert part == pytest.approx((on_canvas.min(), on_canvas.max()), abs=0.002)
