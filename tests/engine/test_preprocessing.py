"""From a drawing to the image a network reads: geometry as arithmetic."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.drawing import Drawing, Stroke, parse_drawing
from mnist_gui.engine.preprocessing import BOX_SIDE, PEN_WIDTH, centre, fit, preprocess, stretch
from mnist_gui.engine.rasterize import coverage
from tests.engine.conftest import lines_run

DRAWN_DIGITS = Path(__file__).parents[1] / "data/drawn_digits.jsonl"
CORNERS = np.array(
    [[0.8, 0.1], [0.3, 0.12], [0.25, 0.5], [0.6, 0.45], [0.75, 0.65], [0.6, 0.9], [0.2, 0.85]]
)


def drawing_of(*strokes: object) -> Drawing:
    return Drawing(tuple(Stroke(np.asarray(points)) for points in strokes))


def image_of_points(points: object) -> NDArray[np.int64]:
    return preprocess(drawing_of(points)).astype(np.int64)


def five(points: int) -> NDArray[np.float64]:
    """Return the same angular 5, given by its corners and about as many points in all."""
    lengths = np.append(0, np.cumsum(np.hypot(*np.diff(CORNERS, axis=0).T)))
    places = np.union1d(lengths, np.linspace(0, lengths[-1], points))
    return np.stack([np.interp(places, lengths, CORNERS[:, axis]) for axis in (0, 1)], axis=1)


def centre_of_mass(image: NDArray[np.uint8]) -> tuple[float, float]:
    rows, columns = np.indices(image.shape)
    return float((rows * image).sum() / image.sum()), float((columns * image).sum() / image.sum())


def test_an_empty_drawing_gives_an_empty_image() -> None:
    image = preprocess(Drawing())
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert not image.any()


def test_a_level_stroke_becomes_ink_in_rows_13_and_14() -> None:
    image = image_of_points([[0.1, 0.4], [0.7, 0.4]])
    assert (image[13:15, 5:23] == 255).all()
    assert not image[:11].any()
    assert not image[17:].any()
    assert np.flatnonzero(image[13]).tolist() == list(range(4, 24))


def test_an_upright_stroke_becomes_ink_in_columns_13_and_14() -> None:
    image = image_of_points([[0.4, 0.1], [0.4, 0.7]])
    assert (image[5:23, 13:15] == 255).all()
    assert not image[:, :11].any()
    assert not image[:, 17:].any()


def test_up_stays_up_and_left_stays_left() -> None:
    image = image_of_points([[0.2, 0.2], [0.2, 0.8], [0.8, 0.8]])  # an L
    rows, columns = np.nonzero(image)
    top, left = rows.min(), columns.min()
    assert image[top + 3, left + 1] == 255
    assert image[top + 3, left + 15] == 0


@pytest.mark.parametrize("points", [five(60), five(60)[:, ::-1], five(60) * [0.3, 1]])
def test_the_inks_longest_side_is_20_pixels_with_the_aspect_kept(points: object) -> None:
    [line] = fit(drawing_of(points))
    extent = np.ptp(line, axis=0) + PEN_WIDTH
    original = np.ptp(np.asarray(points), axis=0)
    assert extent.max() == pytest.approx(20, abs=0.05)
    assert np.divide(*np.ptp(line, axis=0)) == pytest.approx(np.divide(*original), rel=1e-5)
    rows, columns = np.nonzero(image_of_points(points))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


def test_fitting_centres_the_short_side() -> None:
    [line] = fit(drawing_of([[0.1, 0.1], [0.2, 0.9]]))
    assert line[:, 0].mean() == pytest.approx(10, abs=0.02)


def test_stretching_makes_the_brightest_pixel_255() -> None:
    box = np.array([[0, 0.25], [0.5, 0.1]], np.float32)
    assert stretch(box).tolist() == [[0, 128], [255, 51]]
    assert not stretch(np.zeros((2, 2), np.float32)).any()


def test_every_image_has_a_pixel_of_255() -> None:
    for points in ([[0.5, 0.5]], five(40), [[0, 0], [1, 1]]):
        assert image_of_points(points).max() == 255


def test_the_steps_make_up_the_whole() -> None:
    drawing = drawing_of(five(40))
    box = coverage(fit(drawing), BOX_SIDE, PEN_WIDTH)
    assert box.shape == (20, 20)
    assert 0 <= box.min() <= box.max() <= 1
    np.testing.assert_array_equal(centre(stretch(box)), preprocess(drawing))


def test_centring_moves_none_of_mnists_test_images() -> None:
    for image in load_dataset().test.images:
        rows = np.flatnonzero(image.any(axis=1))
        columns = np.flatnonzero(image.any(axis=0))
        ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        assert np.array_equal(centre(ink), image)


@settings(max_examples=100, deadline=None)
@given(height=st.integers(1, 20), width=st.integers(1, 20), seed=st.integers(0, 999))
def test_centred_ink_is_all_there_and_its_mass_rounds_to_14(
    height: int, width: int, seed: int
) -> None:
    box = np.random.default_rng(seed).integers(1, 256, (height, width)).astype(np.uint8)
    image = centre(box)
    assert np.sort(image[image > 0]).tolist() == np.sort(box.reshape(-1)).tolist()
    for middle in centre_of_mass(image):
        assert 13.5 <= middle < 14.5


def test_ink_that_cannot_be_centred_stays_inside() -> None:
    box = np.ones((28, 28), np.uint8)
    np.testing.assert_array_equal(centre(box), box)
    lopsided = np.ones((20, 20), np.uint8)
    lopsided[0, 0] = 255
    lopsided[1:, 1:] = 0
    lopsided[19, 19] = 1
    assert centre(lopsided).sum() == lopsided.sum()


@pytest.mark.parametrize("size", [0.2, 0.35, 0.6, 1.0])
@pytest.mark.parametrize("place", [(0, 0), (0.013, 0.377), (0.8, 0.8), (-0.4, 0.9)])
def test_where_and_how_large_one_draws_does_not_matter(
    size: float, place: tuple[float, float]
) -> None:
    moved = (five(60) - CORNERS.min(axis=0)) / np.ptp(CORNERS, axis=0).max() * size + place
    assert np.abs(image_of_points(moved) - image_of_points(five(60))).max() <= 2


def test_symmetric_digits_do_not_jump_between_two_places() -> None:
    angles = np.linspace(0, 2 * np.pi, 50)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    first = image_of_points(circle * 0.3 + 0.5)
    for size in np.linspace(0.1, 0.5, 17):
        assert np.abs(image_of_points(circle * size + size) - first).max() <= 2


@pytest.mark.parametrize("points", [10, 30, 100, 300, 1000, 8000])
def test_how_often_the_pointer_reports_does_not_matter(points: int) -> None:
    assert np.abs(image_of_points(five(points)) - image_of_points(CORNERS)).max() <= 2


def test_strokes_drawn_in_parts_or_backwards_look_the_same() -> None:
    points = five(60)
    whole = image_of_points(points)
    parts = preprocess(drawing_of(points[:31], points[30:])).astype(int)
    assert np.abs(parts - whole).max() <= 1
    assert np.abs(image_of_points(points[::-1]) - whole).max() <= 1


def test_a_dot_stays_a_dot_of_the_pens_width() -> None:
    for dot in ([[0.3, 0.7]], [[0.3, 0.7]] * 50, [[0.3, 0.7], [0.3001, 0.7]]):
        image = image_of_points(dot)
        assert image.sum() / 255 == pytest.approx(np.pi * (PEN_WIDTH / 2) ** 2, rel=0.15)
        assert (image[13:15, 13:15] > 220).all()


def test_a_tiny_mark_is_not_blown_up() -> None:
    rows, columns = np.nonzero(image_of_points([[0.5, 0.5], [0.51, 0.52]]))
    assert max(np.ptp(rows), np.ptp(columns)) < 8


@pytest.mark.parametrize(
    "points",
    [
        [[-3, -2], [4, 5], [4, -2]],
        [[1e6, 1e6], [-1e6, -1e6]],
        [[0.5, 0.5]] * 5000,
        np.random.default_rng(0).random((20_000, 2)),
        np.random.default_rng(0).random((5_000, 2)) * 1e6,
        [[0.1, 0.1], [0.1, 0.1], [0.9, 0.4]],
        [[1e-30, 0], [0, 1e-30]],
    ],
    ids=["outside", "far", "repeated", "scribble", "far scribble", "twice", "underflow"],
)
def test_odd_drawings_give_an_image(points: object) -> None:
    image = image_of_points(points)
    assert image.max() == 255


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 2), min_size=1, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_any_drawing_gives_an_image_with_ink_in_the_middle(strokes: object) -> None:
    image = preprocess(parse_drawing({"strokes": strokes}).drawing)
    assert image.max() == 255
    rows, columns = np.nonzero(image)
    assert max(np.ptp(rows), np.ptp(columns)) < 20


def work(points: object) -> int:
    return lines_run(lambda: preprocess(drawing_of(points)))


def test_a_fast_pointers_many_points_are_no_more_work() -> None:
    assert work(five(8_000)) <= work(five(1_000)) + 100


def test_endless_scribble_is_bounded_work() -> None:
    scribble = np.random.default_rng(0).random((40_000, 2))
    assert work(scribble) < 1.1 * work(scribble[:10_000])


def test_digits_drawn_by_hand_have_about_the_ink_of_mnist() -> None:
    digits = read_drawings(DRAWN_DIGITS)
    assert [digit.label for digit in digits] == [label for label in range(10) for _ in range(2)]
    inks = [preprocess(digit.drawing).sum() / 255 for digit in digits]
    assert np.median(inks) == pytest.approx(102, rel=0.15)
