"""Boxes, tables and circles round digits, thin pens, uneven ink, and ink as light as its paper."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.pictures.result import Picture
from tests.engine.pictures.scenes import page, picture, shapes


def read(image: Image.Image) -> list[str]:
    return shapes(find_digits(picture(image)))


def table(rows: list[str], *, ink: int = 30, reach: int = 12) -> Image.Image:
    """Return a page in which lines run round all digits, `reach` pixels from them."""
    image = page(rows, side=60, gap=24, margin=40)
    draw = ImageDraw.Draw(image)
    low = 40 - reach
    across, down = image.width - 80 + 2 * reach, image.height - 80 + 2 * reach
    for at in range(0, across + 1, 84):
        draw.line([(low + at, low), (low + at, low + down)], fill=ink, width=2)
    for at in range(0, down + 1, 84):
        draw.line([(low, low + at), (low + across, low + at)], fill=ink, width=2)
    return image


@pytest.mark.parametrize("ink", [30, 150])
@pytest.mark.parametrize("degrees", [0, 2])
def test_a_table_is_read_by_its_rows(ink: int, degrees: int) -> None:
    image = table(["70", "17"], ink=ink).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=245)
    assert read(image) == ["70", "17"]


def test_a_table_with_wide_cells_is_read_by_its_rows() -> None:
    image = Image.new("L", (1_300, 220), 245)
    draw = ImageDraw.Draw(image)
    for y in (10, 110, 210):
        draw.line([(10, y), (1_290, y)], fill=30, width=2)
    for x in (10, 650, 1_290):
        draw.line([(x, 10), (x, 210)], fill=30, width=2)
    for x, y in ((40, 30), (1_200, 60), (300, 140), (700, 120)):
        draw.line([(x, y), (x, y + 40)], fill=30, width=5)
    assert read(image) == ["11", "11"]


def test_a_box_that_the_border_of_the_picture_cuts_is_no_digit() -> None:
    image = page(["7"], side=60, margin=30)
    draw = ImageDraw.Draw(image)
    draw.line([(0, 12), (image.width - 12, 12)], fill=30, width=3)
    draw.line([(image.width - 12, 12), (image.width - 12, image.height)], fill=30, width=3)
    draw.line([(10, 12), (10, image.height)], fill=30, width=3)
    assert read(image) == ["7"]


def test_a_circle_round_a_digit_is_no_digit() -> None:
    image = page(["7"], side=60, margin=60)
    ImageDraw.Draw(image).ellipse((30, 30, 150, 150), outline=30, width=4)
    assert read(image) == ["7"]


def test_a_zero_with_a_slash_that_touches_nothing_is_one_digit() -> None:
    image = page(["0"], side=100, margin=40)
    ImageDraw.Draw(image).line([(78, 115), (104, 65)], fill=30, width=5)
    (digit,) = find_digits(picture(image))
    assert digit.box[3] - digit.box[1] == pytest.approx(100 / 180, abs=0.08)


def test_a_stroke_that_is_half_as_dark_in_places_is_one_stroke() -> None:
    greys = np.asarray(page(["0"], side=200, margin=12), np.float64)
    pale = (np.arange(len(greys)) // 30 % 2 == 1)[:, np.newaxis]
    uneven = np.where(pale, 245 - (245 - greys) / 2, greys).astype(np.uint8)
    (digit,) = find_digits(picture(uneven))
    even = find_digits(picture(greys.astype(np.uint8)))[0]
    assert np.abs(digit.image.astype(int) - even.image).mean() < 4


@pytest.mark.parametrize("width", [1, 2])
def test_a_thin_pen_in_a_large_picture_is_read(width: int) -> None:
    image = Image.new("L", (800, 800), 245)
    ImageDraw.Draw(image).line([(250, 100), (500, 100), (350, 700)], fill=60, width=width)
    (digit,) = find_digits(picture(image))
    assert (digit.image > 200).sum() > 40
    assert shapes([digit]) == ["7"]


def test_red_ink_on_green_as_light_is_seen() -> None:
    ink = np.asarray(page(["701"], paper=0, ink=255), np.float32)[..., np.newaxis] / 255
    red, green = np.array([200, 60, 40]), np.array([40, 142, 55])
    colours = np.rint(green + ink * (red - green)).astype(np.uint8)
    greys = np.asarray(Image.fromarray(colours).convert("L"), np.float32) / np.float32(255)
    assert np.ptp(greys) < 0.02
    assert shapes(find_digits(Picture(greys, colours, greys.shape[::-1]))) == ["701"]


@pytest.mark.parametrize("is_dark", [False, True])
def test_an_image_of_mnist_is_used_as_it_is(is_dark: bool) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 12:17] = 200
    image[4:24, 12] = 90
    (digit,) = find_digits(picture(255 - image if is_dark else image))
    assert np.array_equal(digit.image, image)


def test_zeros_whose_rings_share_a_wall_are_cut_between_their_holes() -> None:
    image = Image.new("L", (240, 140), 245)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 30, 102, 110), outline=30, width=8)
    draw.ellipse((95, 30, 157, 110), outline=30, width=8)
    assert read(image) == ["00"]
