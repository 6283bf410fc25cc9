import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.find import find_digits
from tests.engine.pictures.scenes import page, picture, shapes
from tests.refusals import refused


def read(image: Image.Image) -> list[str]:
    return shapes(find_digits(picture(image)))


def test_a_row_is_found_in_its_order() -> None:
    assert read(page(["70110"])) == ["70110"]


def test_rows_are_found_from_the_top() -> None:
    assert read(page(["701", "110", "077"])) == ["701", "110", "077"]


def test_boxes_lie_round_the_ink_as_shares_of_the_picture() -> None:
    (digit,) = find_digits(picture(page(["0"], side=100, margin=50)))
    left, top, right, bottom = digit.box
    assert (left, top, right, bottom) == pytest.approx((0.3, 0.225, 0.7, 0.775), abs=0.04)


def test_light_digits_on_dark_paper_are_found_as_dark_ones_on_light() -> None:
    dark = page(["7010"])
    assert read(ImageOps.invert(dark)) == read(dark) == ["7010"]


@settings(max_examples=8, deadline=None)
@given(side=st.integers(24, 110), paper=st.integers(150, 255), contrast=st.integers(60, 140))
def test_size_paper_and_strength_of_the_ink_do_not_matter(
    side: int, paper: int, contrast: int
) -> None:
    image = page(["701"], side=side, gap=side // 3, margin=side // 2, paper=paper)
    ink = page(
        ["701"], side=side, gap=side // 3, margin=side // 2, paper=paper, ink=paper - contrast
    )
    assert read(ink) == read(image) == ["701"]


@pytest.mark.parametrize("degrees", [-7, 7])
def test_a_row_may_slope(degrees: int) -> None:
    image = page(["7010170"], margin=60).rotate(degrees, fillcolor=245)
    assert len(read(image)) == 1


def test_uneven_light_and_a_shadow_are_not_ink() -> None:
    greys = np.asarray(page(["7010", "1107"], margin=50), np.float64)
    across = np.linspace(1, 0.5, greys.shape[1])
    shadow = np.where(np.arange(greys.shape[0]) > greys.shape[0] / 2, 0.6, 1)
    lit = (greys * across * shadow[:, np.newaxis]).astype(np.uint8)
    assert shapes(find_digits(picture(lit))) == ["7010", "1107"]


def test_noise_is_not_ink() -> None:
    greys = np.asarray(page(["7010"]), np.float64)
    noise = np.random.default_rng(1).normal(0, 15, greys.shape)
    noisy = np.clip(greys + noise, 0, 255).astype(np.uint8)
    assert shapes(find_digits(picture(noisy))) == ["7010"]


@pytest.mark.parametrize("grey", [200, 150])
@pytest.mark.parametrize("upright", [False, True])
def test_printed_lines_are_not_ink(grey: int, upright: bool) -> None:
    image = page(["7010"], margin=40)
    draw = ImageDraw.Draw(image)
    digits = np.asarray(image)
    for y in range(10, image.height, 30):
        draw.line([(0, y), (image.width, y)], fill=grey)
    for x in range(10, image.width, 30) if upright else ():
        draw.line([(x, 0), (x, image.height)], fill=grey)
    both = np.minimum(digits, np.asarray(image))
    assert shapes(find_digits(picture(both))) == ["7010"]


def test_of_a_sheet_on_a_dark_table_only_the_sheet_counts() -> None:
    sheet = page(["701"], margin=50)
    table = Image.new("L", (sheet.width + 120, sheet.height + 120), 60)
    table.paste(sheet, (70, 50))
    assert read(table) == ["701"]


def test_specks_and_underlines_are_left_out() -> None:
    image = page(["701"], margin=40)
    draw = ImageDraw.Draw(image)
    draw.line([(20, image.height - 20), (image.width - 20, image.height - 20)], fill=20, width=3)
    draw.point([(10, 10), (100, 12), (11, 60)], fill=0)
    assert read(image) == ["701"]


def test_a_thick_bar_across_the_picture_makes_no_thin_digit_a_speck() -> None:
    image = page(["701", "110"], paper=10, ink=225)
    assert read(ImageOps.expand(image, (0, 30, 0, 0), fill=200)) == ["701", "110"]


def touching() -> Image.Image:
    image = page(["00"], gap=0, margin=40)
    # The rings' sides are a little apart: a stroke joins them.
    ImageDraw.Draw(image).line([(90, 70), (110, 70)], fill=30, width=6)
    return image


def test_digits_that_touch_are_cut_apart() -> None:
    assert read(touching()) == ["00"]


def test_a_picture_that_could_be_cut_for_ever_is_given_up() -> None:
    with refused(PictureError, match="so many marks"):
        find_digits(picture(touching()), max_scored=3)


def test_a_digit_in_pieces_is_one_digit() -> None:
    image = page(["7"], side=100, margin=50)
    greys = np.array(image)
    greys[90:93] = 245
    assert len(find_digits(picture(greys))) == 1


def test_a_digit_that_fills_its_picture_is_found() -> None:
    assert read(page(["0"], margin=1)) == ["0"]


def test_the_image_is_as_mnist_made_its_own() -> None:
    (digit,) = find_digits(picture(page(["0"], side=300, margin=100)))
    rows, columns = (np.flatnonzero(digit.image.any(axis=axis)) for axis in (1, 0))
    assert digit.image.shape == (28, 28)
    assert digit.image.max() == 255
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    mass = digit.image.sum()
    for axis in (1, 0):
        assert 13.5 <= digit.image.sum(axis=axis) @ np.arange(28) / mass < 14.5


@pytest.mark.parametrize(
    "greys",
    [
        np.full((80, 120), 255, np.uint8),
        np.zeros((80, 120), np.uint8),
        np.full((1, 1), 128, np.uint8),
        np.full((1, 900), 128, np.uint8),
        np.full((900, 1), 128, np.uint8),
    ],
)
def test_a_blank_page_is_said_to_have_no_digits(
    greys: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
) -> None:
    with refused(PictureError, match="There are no digits to be seen in the picture"):
        find_digits(picture(greys))


def test_bare_noise_is_refused_with_a_sentence() -> None:
    greys = np.random.default_rng(2).integers(0, 256, (200, 300), np.uint8)
    with refused(PictureError, match=r"digits.*\.$"):
        find_digits(picture(greys))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_pixels_there_are_digits_or_a_sentence(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    levels = data.draw(st.binary(min_size=height * width, max_size=height * width))
    greys = np.frombuffer(levels, np.uint8).reshape(height, width)
    try:
        digits = find_digits(picture(greys))
    except PictureError:
        return
    assert all(digit.image.shape == (28, 28) and digit.image.any() for digit in digits)
    assert [digit.row for digit in digits] == sorted(digit.row for digit in digits)
