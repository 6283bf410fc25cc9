"""Curves through control points."""

import numpy as np

from mnist_gui.engine.synthetic.curves import curves
from mnist_gui.engine.synthetic.shapes import Point, corner


def curve(*controls: Point) -> np.ndarray:
    """Return the points of one stroke's curve."""
    points, counts = curves(np.array(controls, float), np.array([len(controls)]))
    assert counts.tolist() == [len(points)]
    return points


def test_a_curve_goes_through_its_control_points() -> None:
    smooth = curve((0, 0), (1, 0), (1, 1))
    assert len(smooth) == 2 * 5 + 1
    np.testing.assert_allclose(smooth[::5], [(0, 0), (1, 0), (1, 1)], atol=1e-12)
    assert len(np.unique(smooth, axis=0)) == len(smooth)


def test_a_corner_stays_sharp_and_the_curve_halts_there() -> None:
    sharp = curve((0, 0), *corner(1, 0), (1, 1))
    assert len(sharp) == 2 * 5 + 1 + 1
    np.testing.assert_array_equal(sharp[5], sharp[6])
    steps = np.diff(np.delete(sharp, 5, axis=0), axis=0)
    turns = np.diff(np.unwrap(np.arctan2(*steps.T)))
    assert np.abs(turns).argmax() == 4


def test_strokes_do_not_bend_one_another() -> None:
    one, other = np.array([[0, 0], [1, 1.0]]), np.array([[5, 0], [5, 1], [6, 1.0]])
    points, counts = curves(np.concatenate([one, other]), np.array([2, 3]))
    assert counts.tolist() == [6, 11]
    np.testing.assert_allclose(points[:6], curve(*map(tuple, one)))
    np.testing.assert_allclose(points[6:], curve(*map(tuple, other)))
