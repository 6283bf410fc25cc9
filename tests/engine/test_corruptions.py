import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.corruptions import CORRUPTIONS, corrupted_batches


def squares(count: int = 5) -> NDArray[np.uint8]:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 9:19, 9:19] = 255
    return images


def corrupted(name: str, images: NDArray[np.uint8], size: int = 50) -> NDArray[np.uint8]:
    return np.concatenate([*corrupted_batches(images, name, size)])


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_corruption_changes_images_and_is_the_same_however_they_are_batched(name: str) -> None:
    images = squares()
    once = corrupted(name, images)
    assert once.shape == images.shape
    assert once.dtype == np.uint8
    assert not np.array_equal(once, images)
    assert np.array_equal(once, corrupted(name, images, size=2))


def test_there_are_fifteen_corruptions() -> None:
    assert len(CORRUPTIONS) == 15


def test_edges_are_the_outline_a_pixel_wide() -> None:
    outline = corrupted("canny edges", squares(1))[0] > 0
    # Nothing inside, nothing outside, and each line across the square meets it twice.
    assert not outline[11:17, 11:17].any()
    assert not outline[:7].any()
    assert (outline[11:17].sum(axis=1) == 2).all()
    assert (outline[:, 11:17].sum(axis=0) == 2).all()


def test_a_faint_line_has_no_edges() -> None:
    faint = np.zeros((1, 28, 28), np.uint8)
    faint[0, 9:19, 9:19] = 5
    assert not corrupted("canny edges", faint).any()
