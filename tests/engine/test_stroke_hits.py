"""Distances of strokes from a pointer and from a sweep of it."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.stroke_hits import Place, distances, nearest_stroke, strokes_hit

BAR = Stroke([[0.2, 0.5], [0.8, 0.5]])
POST = Stroke([[0.5, 0.1], [0.5, 0.9]])
DOT = Stroke([[0.9, 0.9]])


def test_distances_are_those_of_school_geometry() -> None:
    far = distances(Drawing((BAR, POST, DOT)), (0.3, 0.2), (0.3, 0.2))
    np.testing.assert_allclose(far, [0.3, 0.2, np.hypot(0.6, 0.7)], atol=1e-6)


def test_beyond_a_lines_end_the_end_counts() -> None:
    np.testing.assert_allclose(distances(Drawing((BAR,)), (0.1, 0.5), (0.1, 0.5)), [0.1], atol=1e-6)


def test_a_sweep_across_a_stroke_touches_it_however_far_apart_its_points_are() -> None:
    assert distances(Drawing((BAR,)), (0.4, 0.0), (0.4, 1.0)) == [0]
    assert strokes_hit(Drawing((BAR, POST, DOT)), (0.4, 0.0), (0.4, 1.0), 0.05) == [0]
    assert strokes_hit(Drawing((BAR, POST, DOT)), (0.0, 0.45), (1.0, 0.45), 0.06) == [0, 1]


def test_where_two_strokes_cross_the_one_drawn_last_is_nearest() -> None:
    assert nearest_stroke(Drawing((BAR, POST)), (0.5, 0.5), 0.05) == 1
    assert nearest_stroke(Drawing((POST, BAR)), (0.5, 0.5), 0.05) == 1


def test_what_is_out_of_reach_is_not_nearest() -> None:
    assert nearest_stroke(Drawing((BAR,)), (0.5, 0.56), 0.05) is None
    assert nearest_stroke(Drawing((BAR,)), (0.5, 0.54), 0.05) == 0
    assert nearest_stroke(Drawing(), (0.5, 0.5), 1.0) is None


coordinate = st.floats(-0.5, 1.5, width=32)
place = st.tuples(coordinate, coordinate)
drawing = st.lists(st.lists(place, min_size=1, max_size=5), min_size=1, max_size=4).map(
    lambda strokes: Drawing(tuple(map(Stroke, strokes)))
)


def _walk(
    points: np.ndarray[tuple[int, int], np.dtype[np.float64]], count: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return points all along a polyline, its corners among them."""
    at = np.union1d(np.linspace(0, len(points) - 1, count), np.arange(len(points)))
    columns = [np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)]
    return np.stack(columns, axis=1)


@settings(max_examples=100, deadline=None)
@given(drawing, place, place)
def test_distances_are_those_of_points_all_along_the_lines(
    drawing: Drawing, start: Place, end: Place
) -> None:
    along = _walk(np.array([start, end]), 60)
    for stroke, far in zip(drawing.strokes, distances(drawing, start, end), strict=True):
        points = _walk(stroke.points.astype(np.float64), 300)
        sampled = np.hypot(*(points[:, np.newaxis] - along).transpose(2, 0, 1)).min()
        # Between two samples a line can come no nearer than half their spacing on each line.
        spacing = 2.9 / 59 / 2 + 4 * 2.9 / 299 / 2
        assert sampled - spacing <= far <= sampled + 1e-6


@settings(max_examples=50, deadline=None)
@given(drawing, place, place, st.tuples(coordinate, coordinate))
def test_distances_move_with_the_whole_and_do_not_depend_on_direction(
    drawing: Drawing, start: Place, end: Place, shift: Place
) -> None:
    far = distances(drawing, start, end)
    np.testing.assert_allclose(distances(drawing, end, start), far, atol=1e-9)
    moved = Drawing(tuple(Stroke(stroke.points + np.array(shift)) for stroke in drawing.strokes))
    there = [tuple(np.array(each) + np.array(shift)) for each in (start, end)]
    # Rounding may bring two lines that barely touch apart, never far.
    np.testing.assert_allclose(distances(moved, *there), far, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(drawing, place, st.floats(0, 0.5))
def test_the_nearest_stroke_is_one_that_a_click_there_sweeps(
    drawing: Drawing, place: Place, reach: float
) -> None:
    nearest = nearest_stroke(drawing, place, reach)
    swept = strokes_hit(drawing, place, place, reach)
    assert (nearest is None) == (not swept)
    assume(nearest is not None)
    assert nearest in swept


@pytest.mark.parametrize("count", [1, 2])
def test_points_that_coincide_have_a_distance_too(count: int) -> None:
    drawing = Drawing((Stroke([[0.5, 0.5]] * count),))
    np.testing.assert_allclose(distances(drawing, (0.5, 0.2), (0.5, 0.3)), [0.2], atol=1e-7)
