"""Strokes vary as hands and devices do, within bounds that keep a digit what it is."""

import numpy as np
import pytest

from mnist_gui.engine.synthetic import variation
from mnist_gui.engine.synthetic.shapes import Between, Strokes, corner

NEAR: Strokes = [[(0, 0), (0, 1)], [(0.2, 0.9), (1, 1)]]
FAR: Strokes = [[(0, 0), (0, 1)], [(0.9, 0), (1, 1)]]
LENGTHS, OWNER = np.array([3, 2, 1]), np.array([0, 0, 1])
POINTS = np.array([[0, 0], [1, 0], [1, 1], [5, 5], [5, 6], [9, 9.0]])
BENT = np.array([(0, 0), *corner(1, 0), (1, 1.0)])


def always(share: float) -> Between:
    """Return numbers that all lie at this share of their range."""
    return lambda low, high: low + (high - low) * share


def random() -> np.random.Generator:
    return np.random.default_rng(7)


def test_strokes_near_one_another_may_be_joined_by_a_straight_line() -> None:
    [line] = variation.joined(NEAR, always(0))
    assert line == [(0, 0), *corner(0, 1), *corner(0.2, 0.9), (1, 1)]


@pytest.mark.parametrize(("strokes", "share"), [(NEAR, 0.5), (FAR, 0)])
def test_most_strokes_and_those_far_apart_are_not_joined(strokes: Strokes, share: float) -> None:
    assert variation.joined(strokes, always(share)) == strokes


def test_a_hook_is_small_and_at_an_end() -> None:
    for line, hooked in zip(FAR, variation.hooked(FAR, always(0)), strict=True):
        assert hooked[1:-1] == line
        for hook, end in ((hooked[0], line[0]), (hooked[-1], line[-1])):
            assert 0 < np.hypot(hook[0] - end[0], hook[1] - end[1]) <= 0.13
    assert variation.hooked(FAR, always(0.5)) == FAR


def test_corners_of_some_drawings_are_rounded_and_nothing_else_moves() -> None:
    controls, lengths = np.tile(BENT, (200, 1)), np.full(200, 4)
    rounded = variation.rounded(controls, lengths, np.arange(200), random()).reshape(200, 4, 2)
    np.testing.assert_array_equal(rounded[:, [0, 3]], np.tile(BENT[[0, 3]], (200, 1, 1)))
    is_sharp = (rounded[:, 1] == rounded[:, 2]).all(axis=1)
    assert 0.35 < is_sharp.mean() < 0.65
    parts = rounded[~is_sharp]
    assert (parts[:, 1, 0] < 1).all()
    assert (parts[:, 2, 1] > 0).all()
    np.testing.assert_allclose(1 - parts[:, 1, 0], parts[:, 2, 1])


def test_strokes_get_longer_or_shorter_in_their_own_direction() -> None:
    moved = variation.lengthened(POINTS, LENGTHS, random()) - POINTS
    assert (moved[[0, 2, 3, 4]] != 0).any(axis=1).all()
    np.testing.assert_array_equal(moved[[1, 5]], 0)
    np.testing.assert_array_equal(moved[[0, 2], [1, 0]], 0)
    assert np.abs(moved).max() <= 0.4


def test_each_stroke_moves_by_itself_and_a_little() -> None:
    moved = variation.moved_apart(POINTS, LENGTHS, random()) - POINTS
    assert 0 < np.abs(moved).max() < 0.4
    assert len(np.unique(moved.round(6), axis=0)) == len(moved)


def test_points_are_left_out_but_ends_never() -> None:
    lengths = np.full(100, 11)
    points = np.tile(np.arange(11.0)[:, np.newaxis], (100, 2))
    kept, counts = variation.sampled(points, lengths, np.arange(100), random())
    for line in np.split(kept, np.cumsum(counts)[:-1]):
        assert (line[0] == 0).all()
        assert (line[-1] == 10).all()
    assert set(counts.tolist()) == {11, 6, 5, 3}


def test_a_dot_stays_one() -> None:
    points, lengths = np.array([[0.5, 0.5]]), np.array([1])
    rounded = variation.rounded(points, lengths, np.array([0]), random())
    longer = variation.lengthened(rounded, lengths, random())
    np.testing.assert_array_equal(longer, points)
    _, counts = variation.sampled(longer, lengths, np.array([0]), random())
    assert counts.tolist() == [1]
