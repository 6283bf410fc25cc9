"""How strokes of other programs come onto the canvas, with their times, pressures and labels."""

import numpy as np
import pytest

from mnist_gui.engine.drawing import MOST_POINTS, Drawing, Stroke
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.foreign.raw import RawStroke, digit_label, drawing_on_canvas, within_canvas
from mnist_gui.engine.preprocessing import preprocess
from tests.refusals import refused

SEVEN = np.array([[300.0, -40.0], [700.0, -40.0], [500.0, 760.0]])


@pytest.mark.parametrize("seed", range(10))
def test_wherever_and_however_large_a_drawing_fills_the_canvas_in_its_proportions(
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    scale, shift = 10.0 ** random.uniform(-6, 6), random.normal(0, 1e4, 2)
    (stroke,) = drawing_on_canvas([RawStroke(SEVEN * scale + shift)]).drawing.strokes
    np.testing.assert_allclose(stroke.points, [[0.3, 0.1], [0.7, 0.1], [0.5, 0.9]], atol=1e-3)


@pytest.mark.parametrize("dot", [[[7.0, 9.0]], [[0.0, 1e-320], [1e-310, 0.0]]])
def test_a_dot_lies_in_the_middle(dot: list[list[float]]) -> None:
    (stroke,) = drawing_on_canvas([RawStroke(np.array(dot))]).drawing.strokes
    assert stroke.points.tolist() == [[0.5, 0.5]] * len(dot)


def test_strokes_without_points_are_none() -> None:
    empty = RawStroke(np.zeros((0, 2)))
    assert len(drawing_on_canvas([empty, RawStroke(SEVEN), empty]).drawing.strokes) == 1
    with refused(DrawingError, match="no strokes"):
        drawing_on_canvas([empty])


def test_times_count_from_the_first_point_and_are_left_out_if_they_go_back() -> None:
    times = np.array([50.0, 50.25, 51.0])
    strokes = [RawStroke(SEVEN, times), RawStroke(SEVEN, times + 2)]
    first, second = drawing_on_canvas(strokes).drawing.strokes
    assert first.times is not None
    assert second.times is not None
    assert [*first.times, *second.times] == pytest.approx([0, 0.25, 1, 2, 2.25, 3])
    assert all(s.times is None for s in drawing_on_canvas(strokes[::-1]).drawing.strokes)
    unknown = [strokes[0], RawStroke(SEVEN)]
    assert all(s.times is None for s in drawing_on_canvas(unknown).drawing.strokes)


def test_pressures_of_a_mouse_are_none() -> None:
    pen, mouse, odd = (
        RawStroke(SEVEN, pressures=np.array(shares))
        for shares in ([0, 0.5, 1], [0, 0, 0], [0, 5, 1])
    )
    strokes = drawing_on_canvas([pen, mouse, odd]).drawing.strokes
    assert [stroke.pressures is None for stroke in strokes] == [False, True, True]


@pytest.mark.parametrize(
    ("word", "label"),
    [("7", 7), (" 0 ", 0), (3, 3), ("Eight", 8), ("cat", None), ("12", None), (10, None),
     (True, None), (None, None), (["7"], None), ("\u0667", None)],
)  # fmt: skip
def test_a_word_is_a_label_where_it_is_a_digit(word: object, label: int | None) -> None:
    assert digit_label(word) == label


def test_more_points_than_a_hand_draws_are_refused() -> None:
    many = RawStroke(np.random.default_rng(1).normal(size=(MOST_POINTS, 2)))
    assert drawing_on_canvas([many])
    with refused(DrawingError, match="more than 100,000 points"):
        drawing_on_canvas([many, RawStroke(SEVEN)])


def test_more_strokes_than_a_hand_draws_are_refused() -> None:
    with refused(DrawingError, match="more than 10,000 strokes"):
        drawing_on_canvas([RawStroke(SEVEN)] * 10_001)


def test_a_drawing_beyond_the_canvas_comes_onto_it_and_is_read_as_before() -> None:
    inside = Drawing((Stroke([[0.0, 0.1], [1.0, 0.1], [0.5, 0.9]]),))
    assert within_canvas(inside) is inside
    beyond = Drawing((Stroke(SEVEN / 500, [0, 1, 2], [0.5, 0.5, 0.1]),))
    shown = within_canvas(beyond)
    assert all(((s.points >= 0) & (s.points <= 1)).all() for s in shown.strokes)
    (here,), (there,) = shown.strokes, beyond.strokes
    assert here == Stroke(here.points, there.times, there.pressures)
    assert np.abs(preprocess(shown).astype(int) - preprocess(beyond)).max() <= 1
