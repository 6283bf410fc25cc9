"""Digits in our own pen styles: fair, repeatable, rightly labelled, made like MNIST's."""

from collections import Counter

import numpy as np
import pytest

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.preprocessing import preprocess, preprocess_all
from mnist_gui.engine.synthetic.generate import (
    STYLE_SHARES,
    draw,
    generate_digit_images,
    join,
)
from mnist_gui.engine.synthetic.shapes import DigitStyle, Strokes, ring
from mnist_gui.engine.synthetic.styles import DIGIT_STYLES

DIGIT_SHARES = np.array([11, 30, 8, 10, 12, 9, 9, 13, 10, 16]) / 128


def pen_digits(count: int, seed: int = 1) -> LabelledImages:
    return join(list(generate_digit_images(count, seed)))


def style_name(style: DigitStyle) -> str:
    return f"{style.digit} {style.name}"


def drawings_of(style: DigitStyle, count: int = 12, seed: int = 0) -> list[Drawing]:
    return draw([style] * count, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def digits() -> LabelledImages:
    """Return 1,280 digits."""
    return pen_digits(1_280)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_as_many_images_come_as_were_asked_for(count: int) -> None:
    parts = list(generate_digit_images(count, 3))
    assert sum(map(len, parts)) == count
    for part in parts:
        assert part.images.shape == (len(part), 28, 28)
        assert part.images.dtype == part.labels.dtype == np.uint8


def test_the_same_seed_gives_the_same_images() -> None:
    first, second, other = pen_digits(100), pen_digits(100), pen_digits(100, seed=2)
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.labels, second.labels)
    assert (first.images != other.images).any()
    assert (first.labels != other.labels).any()


def test_no_two_images_are_alike(digits: LabelledImages) -> None:
    assert len(np.unique(digits.images, axis=0)) == len(digits)


def test_each_digit_has_its_share(digits: LabelledImages) -> None:
    counts = np.bincount(digits.labels, minlength=10)
    np.testing.assert_allclose(counts, 1_280 * DIGIT_SHARES, atol=1)


def test_each_style_has_its_share() -> None:
    assert sum(STYLE_SHARES.values()) == pytest.approx(1)
    assert list(STYLE_SHARES) == list(DIGIT_STYLES)
    ones = {style.name: share for style, share in STYLE_SHARES.items() if style.digit == 1}
    assert sum(ones.values()) == pytest.approx(30 / 128)
    assert ones["long flag"] == pytest.approx(9 * ones["plain"])


@pytest.mark.parametrize("size", [110, 330, 660])
def test_the_first_images_are_a_fair_mixture(digits: LabelledImages, size: int) -> None:
    counts = np.bincount(digits.labels[:size], minlength=10)
    spread = np.sqrt(size * DIGIT_SHARES * (1 - DIGIT_SHARES))
    assert (np.abs(counts - size * DIGIT_SHARES) < 4 * spread).all()


def test_images_are_placed_and_stretched_like_mnists(digits: LabelledImages) -> None:
    for image in digits.images:
        assert image.max() == 255
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        weights = image[rows, columns].astype(float)
        for places in (rows, columns):
            assert 13.5 <= np.average(places, weights=weights) < 14.5


def test_the_ink_is_about_that_of_mnist(digits: LabelledImages) -> None:
    inks = digits.images.sum(axis=(1, 2)) / 255
    assert np.median(inks) == pytest.approx(102, rel=0.15)


def test_the_pens_width_differs_from_image_to_image(digits: LabelledImages) -> None:
    inks = [digits.images[digits.labels == d].sum(axis=(1, 2)) for d in range(10)]
    # With one width for all it would be 0.15.
    assert np.mean([ink.std() / ink.mean() for ink in inks]) > 0.2


def test_the_pens_width_is_that_of_the_ink() -> None:
    drawing = drawings_of(DIGIT_STYLES[0])[0]
    thin, usual, thick = (int(preprocess(drawing, pen_width=w).sum()) for w in (1.6, 2.2, 3.2))
    assert thin < usual < thick
    assert usual == preprocess(drawing).sum()


def test_styles_have_names_of_their_own() -> None:
    names = Counter(map(style_name, DIGIT_STYLES))
    assert names.most_common(1)[0][1] == 1
    assert {style.digit for style in DIGIT_STYLES} == set(range(10))


@pytest.mark.parametrize("style", DIGIT_STYLES, ids=style_name)
def test_every_style_fills_its_box_at_any_number(style: DigitStyle) -> None:
    """The canvas is 0..1 and a template about as large, whatever numbers come."""
    for between in (min, max, lambda low, high: (low + high) / 2):
        points = np.concatenate([np.array(stroke) for stroke in style.strokes(between)])
        assert -0.45 < points.min() <= 0.15
        assert 0.85 <= points[:, 1].max() < 1.4
        assert points.max() < 1.4


@pytest.mark.parametrize("style", DIGIT_STYLES, ids=style_name)
def test_every_style_is_drawn_in_the_middle_and_mostly_upright(style: DigitStyle) -> None:
    heights = []
    for drawing in drawings_of(style):
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        np.testing.assert_allclose(middle, 0.5, atol=0.35)
        heights.append(np.ptp(points[:, 1]))
    assert np.median(heights) > 0.7
    assert max(heights) < 1.8


@pytest.mark.parametrize("style", DIGIT_STYLES, ids=style_name)
def test_the_hands_numbers_stay_within_bounds(style: DigitStyle) -> None:
    """Every range is given the right way round."""

    def checked(low: float, high: float) -> float:
        assert low < high
        return low

    assert style.strokes(checked)


def test_the_label_is_the_styles_digit() -> None:
    """Against templates of mean shape: each digit's own mean image is the nearest, mostly."""
    learnt, read = pen_digits(1_500, seed=5), pen_digits(500, seed=6)
    means = np.array([learnt.images[learnt.labels == digit].mean(axis=0) for digit in range(10)])
    distances = ((read.images[:, np.newaxis] - means) ** 2).sum(axis=(2, 3))
    assert (distances.argmin(axis=1) == read.labels).mean() > 0.6


def test_many_images_at_once_equal_each_alone_to_the_last_bit() -> None:
    drawings = draw(DIGIT_STYLES, np.random.default_rng(4))
    drawings += [Drawing(), Drawing((Stroke([[0.3, 0.4]]),))]
    widths = np.random.default_rng(5).uniform(1.6, 3.2, len(drawings)).tolist()
    images = preprocess_all(drawings, widths)
    for drawing, width, image in zip(drawings, widths, images, strict=True):
        np.testing.assert_array_equal(image, preprocess(drawing, pen_width=width))


def test_no_drawings_give_no_images() -> None:
    assert preprocess_all([], []).shape == (0, 28, 28)


def plain_style(strokes: Strokes) -> DigitStyle:
    return DigitStyle(1, "given", 1, lambda _: strokes)


def test_strokes_stay_apart_where_they_are_far_from_one_another() -> None:
    strokes: Strokes = [[(0, 0), (0.1, 1)], [(0.9, 0), (1, 0.5), (0.9, 1)]]
    for drawing in drawings_of(plain_style(strokes)):
        left, right = (stroke.points[:, 0] for stroke in drawing.strokes)
        assert left.mean() < right.mean()


def test_no_two_drawings_of_a_style_have_the_same_points() -> None:
    counts = Counter(
        len(stroke.points)
        for drawing in drawings_of(plain_style([[(0, 0), (1, 0.5), (0, 1)]]), count=100)
        for stroke in drawing.strokes
    )
    assert min(counts) <= 4
    assert max(counts) > 11


def test_a_ring_goes_from_the_top_to_the_left_and_back() -> None:
    points = ring((0.5, 0.5), (0.8, 1))
    np.testing.assert_allclose(points[::2], [(0.5, 0), (0.1, 0.5), (0.5, 1), (0.9, 0.5), (0.5, 0)])
