import numpy as np
import pytest

from mnist_gui.engine.stroke_smoothing import curve_parameters, curve_points
from mnist_gui.gui.drawing.document import PenPoint, StrokeInProgress


def point(x: float, y: float, stamp: float = 0.0, pressure: float | None = None) -> PenPoint:
    return PenPoint(x, y, stamp, pressure)


def straight(x: float, y: float, stamp: float = 0.0) -> PenPoint:
    return PenPoint(x, y, stamp, is_straight=True)


def test_points_too_close_to_matter_are_left_out() -> None:
    growing = StrokeInProgress(point(0.5, 0.5))
    assert not growing.add(point(0.501, 0.501))
    assert growing.add(point(0.51, 0.5))
    np.testing.assert_allclose(growing.stroke().points, [[0.5, 0.5], [0.51, 0.5]], atol=1e-6)


def test_thousands_of_points_are_kept_in_order() -> None:
    places = [(0.01 * i, -0.02 * i) for i in range(5_000)]
    growing = StrokeInProgress(point(*places[0]))
    assert all(growing.add(point(*place)) for place in places[1:])
    np.testing.assert_allclose(growing.stroke().points, places, rtol=1e-5)


def test_what_was_handed_out_does_not_change_when_the_stroke_grows() -> None:
    growing = StrokeInProgress(point(0.1, 0.1))
    before = growing.stroke()
    growing.add(point(0.9, 0.9))
    assert len(before.points) == 1


def test_times_and_pressures_are_kept_and_times_never_go_back() -> None:
    growing = StrokeInProgress(point(0.1, 0.1, 1.0, 0.25))
    growing.add(point(0.2, 0.1, 0.5, 1.5))
    growing.add(point(0.3, 0.1, 2.0))
    stroke = growing.stroke()
    assert stroke.times is not None
    assert stroke.pressures is not None
    assert stroke.times.tolist() == [1.0, 1.0, 2.0]
    assert stroke.pressures.tolist() == [0.25, 1.0, 1.0]


def test_without_a_tablet_there_are_no_pressures() -> None:
    assert StrokeInProgress(point(0.1, 0.1)).stroke().pressures is None


def test_a_straight_line_follows_the_pointer_from_where_it_began() -> None:
    growing = StrokeInProgress(point(0.1, 0.1))
    growing.add(point(0.2, 0.1, 0.1))
    growing.add(straight(0.9, 0.3, 0.2))
    growing.add(straight(0.6, 0.5, 0.4))
    assert growing.steady == 2
    stroke = growing.stroke()
    xs, ys = stroke.points[1:].T
    np.testing.assert_allclose(ys, xs - 0.1, atol=1e-6)
    assert stroke.points[-1].tolist() == pytest.approx([0.6, 0.5])
    assert stroke.times is not None
    assert np.all(np.diff(stroke.times) >= 0)
    assert stroke.times[-1] == 0.4


def test_after_a_straight_line_the_hand_is_free_again_and_the_next_line_begins_there() -> None:
    growing = StrokeInProgress(point(0.1, 0.1))
    growing.add(straight(0.5, 0.1, 0.2))
    growing.add(point(0.5, 0.2, 0.3))
    drawn = len(growing)
    assert growing.steady == drawn
    growing.add(straight(0.9, 0.2, 0.4))
    assert growing.steady == drawn
    np.testing.assert_allclose(growing.stroke().points[drawn - 1 :, 1], 0.2, atol=1e-6)


def test_a_straight_line_does_not_bend_what_it_begins_and_ends_at() -> None:
    growing = StrokeInProgress(point(0.5, 0.1))
    growing.add(point(0.5, 0.3))
    growing.add(straight(0.7, 0.5))
    growing.add(point(0.7, 0.6))
    points = growing.stroke().points
    curve = curve_points(points, curve_parameters(points, 0, len(points) - 1))
    aside = np.minimum(np.abs(curve[:, 0] - 0.5), np.abs(curve[:, 0] - 0.7))
    is_slanting = (curve[:, 1] > 0.3) & (curve[:, 1] < 0.5)
    np.testing.assert_allclose(aside[~is_slanting], 0, atol=1e-6)
    np.testing.assert_allclose(np.diff(curve[is_slanting] @ [1, -1]), 0, atol=1e-6)


def test_a_straight_line_that_comes_back_to_its_beginning_is_gone() -> None:
    growing = StrokeInProgress(point(0.5, 0.5))
    growing.add(straight(0.9, 0.5))
    growing.add(straight(0.5, 0.5))
    assert len(growing) == 1
