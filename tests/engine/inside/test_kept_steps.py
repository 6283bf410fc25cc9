from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mnist_gui.engine.inside.animation import FORMATS, animation_file
from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.engine.inside.kept_steps import (
    StepReading,
    read_right,
    told_apart,
)

LAYER = FirstLayer("output", np.zeros((10, 28, 28), np.float32), None)


def reading(step: int, *, mixed: int = 0, digit: int = 0) -> StepReading:
    """Return a reading of 100 fours and 100 nines, of which so many fours are read as nines."""
    confusion = np.zeros((10, 10), np.int64)
    confusion[4, 4], confusion[4, 9], confusion[9, 9] = 100 - mixed, mixed, 100
    shares = np.full(10, 0.05)
    shares[digit] = 0.55
    preferred = np.zeros((10, 10), np.int64)
    preferred[4, 9] = mixed
    return StepReading(step, LAYER, confusion, preferred, shares)


def test_two_digits_are_told_apart_from_the_step_on_after_which_few_are_mixed_up() -> None:
    readings = [reading(0, mixed=90), reading(10, mixed=2), reading(20, mixed=12)]
    assert readings[0].mixed_up(4, 9) == 0.45
    assert readings[0].mixed_up(9, 4) == 0.45
    assert told_apart(readings, 4, 9) is None
    readings += [reading(40, mixed=9), reading(80, mixed=0)]
    assert told_apart(readings, 4, 9) == 3
    # Of two digits without images nothing is known.
    assert told_apart(readings, 2, 3) is None
    assert np.isnan(readings[0].mixed_up(2, 3))


def test_the_step_is_told_from_which_on_the_digit_is_read() -> None:
    readings = [reading(0), reading(5, digit=3), reading(9), reading(20, digit=3)]
    assert read_right(readings, 3) == 20
    assert read_right([*readings, reading(30, digit=3)], 3) == 20
    assert read_right(readings, 7) is None
    assert read_right([replace(readings[3], probabilities=None)], 3) is None


def test_accuracy_is_told_for_each_digit_that_has_images() -> None:
    shares = reading(1, mixed=20).accuracy_per_digit
    assert shares[4] == 0.8
    assert shares[9] == 1
    assert np.isnan(shares[[0, 1, 2, 3, 5, 6, 7, 8]]).all()


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_animation_has_all_frames_in_their_order_and_repeats(suffix: str) -> None:
    shades = (0, 120, 255)
    frames = [np.full((20, 30, 3), shade, np.uint8) for shade in shades]
    with Image.open(BytesIO(animation_file(frames, suffix))) as picture:
        assert (picture.size, picture.n_frames) == ((30, 20), 3)  # type: ignore[attr-defined]
        assert picture.info["loop"] == 0
        for place, shade in enumerate(shades):
            picture.seek(place)
            pixel = picture.convert("RGB").getpixel((3, 3))
            assert pixel == (shade,) * 3
