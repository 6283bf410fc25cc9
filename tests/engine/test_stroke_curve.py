"""The smooth curve through a stroke's points."""

from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_gui.engine.stroke_smoothing import SPACING, curve_parameters, curve_points

Points: TypeAlias = list[tuple[float, float]]


def circle(count: int, share: float = 1.0) -> NDArray[np.float64]:
    angles = np.linspace(0, 2 * np.pi * share, count)
    return 0.5 + 0.4 * np.stack((np.cos(angles), np.sin(angles)), axis=1)


def curve(points: NDArray[np.float64] | Points) -> NDArray[np.float64]:
    return curve_points(points, curve_parameters(points, 0, len(points) - 1))


def test_a_dozen_points_of_a_circle_become_round() -> None:
    radii = np.hypot(*(curve(circle(13)) - 0.5).T)
    # The straight lines between them come as near to the middle as 0.386.
    assert np.abs(radii - 0.4).max() < 0.002


def test_an_open_bow_is_round_to_its_ends() -> None:
    radii = np.hypot(*(curve(circle(7, share=0.5)) - 0.5).T)
    assert np.abs(radii - 0.4).max() < 0.003


def test_points_in_line_stay_in_line_and_do_not_turn_back() -> None:
    line = curve([(0.1, 0.5), (0.15, 0.5), (0.7, 0.5), (0.9, 0.5)])
    assert np.abs(line[:, 1] - 0.5).max() < 1e-12
    assert (np.diff(line[:, 0]) > 0).all()


def test_an_angle_stays_an_angle_between_straight_lines() -> None:
    seven = curve([(0.2, 0.2), (0.8, 0.2), (0.4, 0.9)])
    on_bar = np.abs(seven[:, 1] - 0.2) < 1e-12
    on_stem = np.abs((seven[:, 0] - 0.8) * 0.7 + (seven[:, 1] - 0.2) * 0.4) < 1e-12
    assert (on_bar | on_stem).all()


def test_a_single_point_is_its_own_curve() -> None:
    np.testing.assert_array_equal(curve([(0.3, 0.4)]), [(0.3, 0.4)])


def test_places_are_near_together_and_the_points_are_among_them() -> None:
    points = [(0.1, 0.1), (0.104, 0.1), (0.5, 0.1)]
    places = curve_parameters(points, 0, 2)
    assert {0.0, 1.0, 2.0} <= set(places.tolist())
    assert len(places) == 1 + 1 + np.ceil(0.396 / SPACING)
    np.testing.assert_array_equal(curve_parameters(points, 1, 2), places[1:])


def test_points_far_off_the_canvas_do_not_cost_without_end() -> None:
    assert len(curve([(0.0, 0.0), (1e6, 0.0), (0.0, 1e6)])) <= 300


def test_points_that_coincide_make_no_hole() -> None:
    line = curve([(0.1, 0.1)] * 2 + [(0.5, 0.3)] * 3 + [(0.9, 0.1)])
    assert np.isfinite(line).all()
    assert np.abs(np.diff(line, axis=0)).max() < 2 * SPACING


coordinate = st.floats(0, 1, width=32)
strokes = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(strokes)
def test_the_curve_goes_through_every_point_and_never_strays_far(points: Points) -> None:
    places = curve_parameters(points, 0, len(points) - 1)
    line = curve_points(points, places)
    through = line[places == np.floor(places)]
    np.testing.assert_allclose(through, points, atol=1e-6)
    before = np.array(points)[np.floor(places[:-1]).astype(int)]
    after = np.array(points)[np.floor(places[:-1]).astype(int) + 1]
    lengths = np.hypot(*(after - before).T)
    middle = (before + after) / 2
    # No further from a piece's middle than its length: no loops, no overshooting.
    assert (np.hypot(*(line[:-1] - middle).T) <= lengths + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(strokes, st.lists(st.tuples(coordinate, coordinate), max_size=4))
def test_what_comes_later_changes_only_the_last_piece(points: Points, later: Points) -> None:
    settled = curve_parameters(points, 0, len(points) - 2)
    longer = [*points, *later]
    np.testing.assert_allclose(
        curve_points(points, settled), curve_points(longer, settled), rtol=0, atol=1e-12
    )


@settings(max_examples=100, deadline=None)
@given(strokes)
def test_the_pen_may_go_the_other_way(points: Points) -> None:
    places = curve_parameters(points, 0, len(points) - 1)
    back = curve_points(points[::-1], len(points) - 1 - places)
    np.testing.assert_allclose(back, curve_points(points, places), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("first", "last"), [(0, 3), (2, 5), (4, 5), (8, 12)])
def test_a_part_of_the_curve_is_the_same_as_in_the_whole(first: int, last: int) -> None:
    points = circle(13)
    places = curve_parameters(points, 0, 12)
    inside = (places >= first) & (places <= last)
    np.testing.assert_allclose(
        curve_points(points, curve_parameters(points, first, last)),
        curve_points(points, places)[inside],
        atol=1e-12,
    )


@pytest.mark.parametrize("reach", [1.0, 1e6])
def test_an_endless_scribble_has_few_more_places_than_points(reach: float) -> None:
    # From corner to corner and back: as far apart as elsewhere it would be 12.8 million.
    points = np.tile([(0.0, 0.0), (reach, reach)], (50_000, 1))
    assert len(points) <= len(curve_parameters(points, 0, len(points) - 1)) <= 1.3 * len(points)
