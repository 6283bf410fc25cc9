"""The steps between a drawing and its image, and what is left out with each."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Drawing, Stroke
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PEN_WIDTH,
    PreprocessingSteps,
    preprocess,
    trace_preprocessing,
)

SMALL_L = Drawing((Stroke([[0.1, 0.1], [0.1, 0.3], [0.25, 0.3]]),))
EVERY_SETTING = [PreprocessingSteps(*switches) for switches in product([False, True], repeat=4)]

coordinates = st.floats(-0.5, 1.5, width=32)
strokes = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8).map(Stroke)
drawings = st.lists(strokes, max_size=4).map(lambda drawn: Drawing(tuple(drawn)))


def ink_rows_and_columns(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[int]:
    rows, columns = np.nonzero(image)
    return [int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())]


@settings(max_examples=40, deadline=None)
@given(drawings)
def test_with_all_stages_on_the_last_picture_is_the_networks_to_the_last_bit(
    drawing: Drawing,
) -> None:
    strip = trace_preprocessing(drawing)
    np.testing.assert_array_equal(strip.image, preprocess(drawing))
    assert strip.steps == ALL_STEPS


@settings(max_examples=30, deadline=None)
@given(drawings, st.sampled_from(EVERY_SETTING))
def test_every_setting_gives_an_image_of_the_same_kind(
    drawing: Drawing, steps: PreprocessingSteps
) -> None:
    strip = trace_preprocessing(drawing, steps)
    side = 20 if steps.fit else 28
    assert strip.box.shape == strip.stretched.shape == (side, side)
    assert strip.image.shape == (28, 28)
    assert strip.image.dtype == np.uint8


@pytest.mark.parametrize("steps", EVERY_SETTING)
def test_an_empty_drawing_gives_no_ink(steps: PreprocessingSteps) -> None:
    assert not trace_preprocessing(Drawing(), steps).image.any()


def test_not_redrawn_a_small_digit_has_fat_strokes_in_a_full_box() -> None:
    strip = trace_preprocessing(SMALL_L, PreprocessingSteps(redraw=False))
    assert strip.pen_width == pytest.approx(CANVAS_PEN_WIDTH)
    assert ink_rows_and_columns(strip.box) == [0, 19, 1, 18]
    # 0.075 of the canvas where 0.275 of it, the ink's longer side, became 20 pixels.
    full = np.count_nonzero(strip.box[5] == 255)
    assert full == pytest.approx(20 * 0.075 / 0.275, abs=1)
    assert strip.image.sum() > 1.5 * preprocess(SMALL_L).sum()


def test_not_fitted_a_digit_stays_where_and_as_large_as_it_was_drawn() -> None:
    strip = trace_preprocessing(SMALL_L, PreprocessingSteps(fit=False, centre=False))
    top, bottom, left, right = ink_rows_and_columns(strip.image)
    assert (top, left) == (1, 1)
    assert bottom == pytest.approx(0.3 * 28 + PEN_WIDTH / 2, abs=1)
    assert right == pytest.approx(0.25 * 28 + PEN_WIDTH / 2, abs=1)


def test_not_fitted_but_centred_a_digit_is_moved_and_nothing_else() -> None:
    there = trace_preprocessing(SMALL_L, PreprocessingSteps(fit=False, centre=False)).image
    centred = trace_preprocessing(SMALL_L, PreprocessingSteps(fit=False)).image
    assert sorted(there[there > 0].tolist()) == sorted(centred[centred > 0].tolist())
    rows, columns = np.indices((28, 28))
    assert round((rows * centred).sum() / centred.sum()) == 14
    assert round((columns * centred).sum() / centred.sum()) == 14


def test_not_stretched_the_greys_are_shares_of_ink() -> None:
    dot = Drawing((Stroke([[0.5, 0.5]]),))
    # A pen of 2.1 pixels upon the corner of four of them covers none whole.
    strip = trace_preprocessing(dot, PreprocessingSteps(redraw=False, fit=False, stretch=False))
    assert 200 < strip.image.max() < 255
    np.testing.assert_array_equal(strip.stretched, strip.box)
    assert trace_preprocessing(dot, PreprocessingSteps(redraw=False, fit=False)).image.max() == 255


def test_not_centred_the_box_goes_to_the_middle() -> None:
    strip = trace_preprocessing(SMALL_L, PreprocessingSteps(centre=False))
    np.testing.assert_array_equal(strip.image[4:24, 4:24], strip.stretched)
    assert strip.image.sum(dtype=int) == strip.stretched.sum(dtype=int)
    assert not np.array_equal(strip.image, preprocess(SMALL_L))


def test_the_square_is_the_part_of_the_canvas_that_becomes_the_box() -> None:
    strip = trace_preprocessing(SMALL_L)
    square = strip.square
    assert square.side * PEN_WIDTH / 20 == pytest.approx(strip.pen_width)
    # The ink, pen included, touches the square's upper and lower side.
    assert square.top == pytest.approx(0.1 - strip.pen_width / 2, abs=1e-3)
    assert square.top + square.side == pytest.approx(0.3 + strip.pen_width / 2, abs=1e-3)
    whole = trace_preprocessing(SMALL_L, PreprocessingSteps(fit=False)).square
    assert (whole.left, whole.top, whole.side) == (0, 0, 1)


@pytest.mark.parametrize("steps", [PreprocessingSteps(fit=False), PreprocessingSteps(redraw=False)])
def test_lines_far_off_the_canvas_take_bounded_time(steps: PreprocessingSteps) -> None:
    far = Stroke(np.random.default_rng(0).random((2_000, 2)) * 1e6)
    assert trace_preprocessing(Drawing((far, *SMALL_L.strokes)), steps).image.any()
