"""The pen: what it covers is geometry."""

from itertools import pairwise
from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.rasterize import coverage


def draw(*points: tuple[float, float], width: float = 2.2) -> NDArray[np.float32]:
    return coverage([np.array(points, float)], 20, width)


def test_a_level_line_covers_its_rows_exactly() -> None:
    column = draw((3, 10), (17, 10))[:, 10]
    np.testing.assert_allclose(column[7:13], [0, 0.1, 1, 1, 0.1, 0], atol=1e-6)


def test_an_upright_line_covers_its_columns_exactly() -> None:
    row = draw((9.7, 3), (9.7, 17))[10]
    np.testing.assert_allclose(row[7:12], [0, 0.4, 1, 0.8, 0], atol=1e-6)


def test_the_ink_of_a_stroke_is_its_area() -> None:
    ink = draw((4, 5), (16, 14)).sum()
    assert ink == pytest.approx(15 * 2.2 + pi * 1.1**2, rel=0.002)


@pytest.mark.parametrize("place", [(10, 10), (10.5, 10.5), (9.87, 10.31)])
def test_the_ink_of_a_dot_is_the_pens_area(place: tuple[float, float]) -> None:
    assert draw(place).sum() == pytest.approx(pi * 1.1**2, rel=0.005)
    assert draw(place, place, place).sum() == pytest.approx(pi * 1.1**2, rel=0.005)


def test_a_crossing_is_not_counted_twice() -> None:
    lines = [np.array([(4.0, 10.0), (16.0, 10.0)]), np.array([(10.0, 4.0), (10.0, 16.0)])]
    arm = 12 * 2.2 + pi * 1.1**2
    assert coverage(lines, 20, 2.2).sum() == pytest.approx(2 * arm - 2.2**2, rel=0.002)


def test_mirrored_lines_give_mirrored_pictures() -> None:
    line = np.array([(3.1, 4.2), (12.3, 8.1), (7.7, 16.2)])
    picture = coverage([line], 20, 2.2)
    np.testing.assert_allclose(coverage([20 - line], 20, 2.2), picture[::-1, ::-1], atol=1e-5)
    np.testing.assert_allclose(coverage([line[:, ::-1]], 20, 2.2), picture.T, atol=1e-5)
    np.testing.assert_allclose(coverage([line[::-1]], 20, 2.2), picture, atol=1e-5)


def test_greys_are_those_of_a_much_finer_grid() -> None:
    line = np.array([(3.1, 4.2), (12.3, 8.1), (7.7, 16.2), (6.2, 4.1)])
    samples = (np.arange(20 * 40) + 0.5) / 40
    x, y = np.meshgrid(samples, samples)
    inside = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in pairwise(line):
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1)
        inside |= np.hypot(x - x0 - along * dx, y - y0 - along * dy) <= 1.1
    exact = inside.reshape(20, 40, 20, 40).mean(axis=(1, 3))
    assert np.abs(coverage([line], 20, 2.2) - exact).max() < 3 / 255


def test_no_lines_give_no_ink() -> None:
    assert not coverage([], 20, 2.2).any()


def test_what_lies_outside_is_left_out() -> None:
    picture = draw((-500, 10), (500, 10))
    np.testing.assert_allclose(picture[10], 1)
    assert not draw((-9, -9), (-5, -3)).any()
    assert not draw((40, 10)).any()
