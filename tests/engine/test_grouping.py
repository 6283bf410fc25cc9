from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.grouping import MOST_DIGITS, group_strokes, may_be_several

POINTS = some.tuples(some.floats(0, 1, width=32), some.floats(0, 1, width=32))


def stem(x: float, top: float = 0.2, bottom: float = 0.8) -> Stroke:
    return Stroke([(x, top), (x + 0.01, bottom)])


def bar(left: float, right: float, y: float) -> Stroke:
    return Stroke([(left, y), (right, y)])


def all_alike(drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    return np.full(len(drawings), 0.99, np.float32)


def single_strokes(drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    """Take drawings of one stroke for digits, and no others."""
    return np.array([len(each.strokes) == 1 for each in drawings], np.float32)


def unasked(_drawings: Sequence[Drawing]) -> NDArray[np.float32]:
    raise AssertionError("one digit needs no second look")


def test_two_stems_apart_may_be_two_digits() -> None:
    eleven = Drawing((stem(0.3), stem(0.6)))
    assert may_be_several(eleven)
    assert group_strokes(eleven, single_strokes) == [Drawing((stem(0.3),)), Drawing((stem(0.6),))]


def test_two_stems_that_look_like_one_digit_are_one() -> None:
    drawing = Drawing((stem(0.45), stem(0.55)))
    assert group_strokes(drawing, all_alike) == [drawing]


def test_stems_far_apart_are_two_digits_whatever_the_whole_looks_like() -> None:
    assert len(group_strokes(Drawing((stem(0.1), stem(0.8))), all_alike)) == 2


def test_digits_come_from_left_to_right_in_whatever_order_they_were_drawn() -> None:
    drawing = Drawing((stem(0.8), stem(0.1), stem(0.45)))
    lefts = [
        float(digit.strokes[0].points[0, 0]) for digit in group_strokes(drawing, single_strokes)
    ]
    assert lefts == sorted(lefts)


def test_a_sevens_bar_stays_with_it_though_it_is_drawn_last() -> None:
    seven = Stroke([(0.1, 0.2), (0.35, 0.2), (0.2, 0.8)])
    drawing = Drawing((seven, stem(0.7), bar(0.12, 0.36, 0.5)))
    first, second = group_strokes(drawing, lambda drawings: np.full(len(drawings), 0.9, np.float32))
    assert first == Drawing((seven, bar(0.12, 0.36, 0.5)))
    assert second == Drawing((stem(0.7),))


def test_a_low_mark_belongs_to_its_nearest_digit() -> None:
    hat = bar(0.34, 0.42, 0.2)
    first, second = group_strokes(Drawing((stem(0.3), stem(0.8), hat)), all_alike)
    assert first == Drawing((stem(0.3), hat))
    assert second == Drawing((stem(0.8),))


def test_a_mark_of_a_third_of_a_digits_height_is_none() -> None:
    for height, digits in ((0.18, 1), (0.24, 2)):
        drawing = Drawing((stem(0.4), stem(0.5, bottom=0.2 + height)))
        assert len(group_strokes(drawing, single_strokes)) == digits


def test_a_whole_is_cut_if_all_its_digits_look_far_more_like_digits() -> None:
    drawing = Drawing((stem(0.45), stem(0.55)))

    def parts_surer(whole: float) -> list[Drawing]:
        shares = {1: 0.99, 2: whole}
        return group_strokes(
            drawing, lambda some: np.array([shares[len(each.strokes)] for each in some])
        )

    assert len(parts_surer(0.85)) == 2
    # Each of two digits costs what it falls short of; one digit only once.
    assert parts_surer(0.988) == [drawing]


def test_one_stroke_or_crossing_strokes_are_one_digit_without_a_second_look() -> None:
    plus = Drawing((stem(0.5), bar(0.2, 0.8, 0.5)))
    for drawing in (Drawing((stem(0.5),)), plus):
        assert not may_be_several(drawing)
        assert group_strokes(drawing, unasked) == [drawing]


def test_more_pieces_than_a_canvas_holds_digits_are_one_drawing() -> None:
    fence = Drawing(tuple(stem(place / (MOST_DIGITS + 1)) for place in range(MOST_DIGITS + 1)))
    assert group_strokes(fence, unasked) == [fence]


@given(some.lists(some.lists(POINTS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_every_stroke_is_in_exactly_one_digit(lines: list[list[tuple[float, float]]]) -> None:
    drawing = Drawing(tuple(map(Stroke, lines)))
    digits = group_strokes(drawing, all_alike)
    strokes = [id(stroke) for digit in digits for stroke in digit.strokes]
    assert sorted(strokes) == sorted(map(id, drawing.strokes))
