import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from mnist_gui.engine.distortions import (
    STRENGTHS,
    UNCHANGED,
    Distortion,
    distort,
    draw_chance,
)

MIDDLE = 13.5


def digit() -> NDArray[np.uint8]:
    """A blob and a stroke that have no symmetry, away from the edges."""
    random = np.random.default_rng(5)
    ink = np.zeros((28, 28))
    ink[8:20, 10:17] = random.random((12, 7))
    ink[10:12, 9:20] = 1
    image: NDArray[np.uint8] = (ink * 255).astype(np.uint8)
    return image


def distorted(distortion: Distortion, strength: float) -> NDArray[np.float64]:
    changed = distort(digit()[np.newaxis], distortion, strength, draw_chance(1))
    image: NDArray[np.float64] = changed[0].astype(np.float64)
    return image


def by_scipy(matrix: list[list[float]]) -> NDArray[np.float64]:
    """The digit whose pixels come from `matrix` times their (row, column) from the middle."""
    moving = np.array(matrix)
    offset = MIDDLE - moving @ np.array([MIDDLE, MIDDLE])
    moved: NDArray[np.float64] = ndimage.affine_transform(
        digit().astype(np.float64), moving, offset, order=1
    )
    return moved


@pytest.mark.parametrize("distortion", Distortion)
def test_one_of_the_strengths_changes_nothing_and_all_others_do(distortion: Distortion) -> None:
    image = np.random.default_rng(6).integers(1, 255, (1, 28, 28), dtype=np.uint8)
    unchanged = [
        strength
        for strength in STRENGTHS[distortion]
        if np.array_equal(distort(image, distortion, strength, draw_chance(1)), image)
    ]
    assert unchanged == [UNCHANGED[distortion]]


def test_images_are_turned_clockwise() -> None:
    angle = np.radians(30)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    # Of rows and columns, as y points down.
    expected = by_scipy([[cos, -sin], [sin, cos]])
    assert np.abs(distorted(Distortion.ROTATION, 30) - expected).max() <= 1
    assert np.array_equal(distorted(Distortion.ROTATION, 90), np.rot90(digit(), -1))


def test_images_are_shifted_to_the_right_and_leave_no_ink_behind() -> None:
    expected = np.roll(digit(), 3, axis=1)
    assert np.array_equal(distorted(Distortion.SHIFT, 3), expected)
    assert not distorted(Distortion.SHIFT, 6)[:, :6].any()


def test_slanted_images_lean_to_the_right_at_the_top() -> None:
    slope = float(np.tan(np.radians(24)))
    expected = by_scipy([[1, 0], [slope, 1]])
    assert np.abs(distorted(Distortion.SHEAR, 24) - expected).max() <= 1
    rows = distorted(Distortion.SHEAR, 40)
    top, bottom = (ndimage.center_of_mass(rows[part])[1] for part in (slice(6, 12), slice(16, 22)))
    assert top > bottom


def test_larger_images_are_mixed_of_the_nearest_pixels() -> None:
    expected = by_scipy([[1 / 1.3, 0], [0, 1 / 1.3]])
    assert np.abs(distorted(Distortion.SCALE, 130) - expected).max() <= 1


def test_smaller_images_keep_thin_lines_as_pillow_does() -> None:
    half = Image.fromarray(digit()).resize((14, 14), Image.Resampling.BILINEAR)
    assert np.abs(distorted(Distortion.SCALE, 50)[7:21, 7:21] - np.asarray(half)).max() <= 1


def test_blur_is_gaussian() -> None:
    expected = ndimage.gaussian_filter(
        digit().astype(np.float64), 1.5, mode="constant", truncate=20
    )
    assert np.abs(distorted(Distortion.BLUR, 1.5) - expected).max() <= 1


@pytest.mark.parametrize("wider", [-2.0, -0.5, 1.0, 3.0])
def test_lines_get_wider_by_the_pixels_asked_for(wider: float) -> None:
    bar = np.zeros((1, 28, 28), np.uint8)
    bar[0, :, 10:14] = 255
    changed = distort(bar, Distortion.THICKNESS, wider, draw_chance(1))[0]
    assert changed[14].sum() / 255 == pytest.approx(4 + wider, abs=0.02)


def test_noise_has_the_deviation_asked_for_and_the_same_pattern_at_each_strength() -> None:
    grey = np.full((200, 28, 28), 128, np.uint8)
    chance = draw_chance(200)
    weak, strong = (
        distort(grey, Distortion.NOISE, each, chance).astype(np.float64) - 128 for each in (10, 20)
    )
    assert weak.std() == pytest.approx(25.5, rel=0.01)
    assert np.corrcoef(weak.ravel(), strong.ravel())[0, 1] > 0.99


def test_a_square_of_the_size_asked_for_is_covered_within_the_box_of_the_digits() -> None:
    full = np.full((300, 28, 28), 255, np.uint8)
    covered = distort(full, Distortion.OCCLUSION, 7, draw_chance(300)) == 0
    assert (covered.sum(axis=(1, 2)) == 49).all()
    rows, columns = covered.any(axis=(0, 2)), covered.any(axis=(0, 1))
    assert np.flatnonzero(rows).tolist() == np.flatnonzero(columns).tolist() == [*range(4, 24)]


def test_contrast_is_the_distance_from_the_middle_grey_and_below_zero_inverts() -> None:
    weak = distorted(Distortion.CONTRAST, 40) / 255
    assert np.abs(weak - (0.5 + 0.4 * (digit() / 255 - 0.5))).max() < 0.003
    assert np.array_equal(distorted(Distortion.CONTRAST, -100), 255 - digit())


def test_images_of_a_part_are_distorted_as_in_the_whole() -> None:
    images = np.stack([digit(), digit()[::-1], digit().T])
    chance = draw_chance(3)
    for distortion in (Distortion.NOISE, Distortion.OCCLUSION):
        strength = STRENGTHS[distortion][-1]
        whole = distort(images, distortion, strength, chance)
        part = distort(images[1:], distortion, strength, chance[1:])
        assert np.array_equal(whole[1:], part)
