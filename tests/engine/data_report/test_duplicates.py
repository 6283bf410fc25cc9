import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_gui.engine.data_report import duplicates
from mnist_gui.engine.data_report.duplicates import first_equals


def images_of(numbers: list[int]) -> NDArray[np.uint8]:
    """Return images that are equal if their numbers are, and differ by one pixel if not."""
    images = np.zeros((len(numbers), 784), np.uint8)
    images[np.arange(len(numbers)), numbers] = 255
    return images.reshape(-1, 28, 28)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 783), max_size=30), min_size=1, max_size=3))
def test_each_image_knows_the_first_that_equals_it(parts: list[list[int]]) -> None:
    numbers = [number for part in parts for number in part]
    firsts = first_equals([images_of(part) for part in parts])
    assert firsts.tolist() == [numbers.index(number) for number in numbers]


def test_images_of_the_same_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_hashes", lambda images: images[:, 0, 0].astype(np.uint64))
    numbers = [5, 6, 5, 7, 6, 6]
    firsts = first_equals([images_of(numbers)])
    assert firsts.tolist() == [numbers.index(number) for number in numbers]
