import numpy as np

from mnist_gui.widgets.growing_stroke import GrowingStroke


def test_points_too_close_to_matter_are_left_out() -> None:
    growing = GrowingStroke(0.5, 0.5)
    assert not growing.add(0.501, 0.501)
    assert growing.add(0.51, 0.5)
    np.testing.assert_allclose(growing.stroke().points, [[0.5, 0.5], [0.51, 0.5]], atol=1e-6)


def test_thousands_of_points_are_kept_in_order() -> None:
    places = [(0.01 * i, -0.02 * i) for i in range(5_000)]
    growing = GrowingStroke(*places[0])
    assert all(growing.add(*place) for place in places[1:])
    np.testing.assert_allclose(growing.stroke().points, places, rtol=1e-5)


def test_what_was_handed_out_does_not_change_when_the_stroke_grows() -> None:
    growing = GrowingStroke(0.1, 0.1)
    before = growing.stroke()
    growing.add(0.9, 0.9)
    assert len(before.points) == 1
