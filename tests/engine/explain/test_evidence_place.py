import numpy as np
import pytest

from mnist_gui.engine.explain.explanation import Height, Side, main_region


@pytest.mark.parametrize(
    ("row", "column", "height", "side"),
    [
        (4, 4, Height.UPPER, Side.LEFT),
        (4, 23, Height.UPPER, Side.RIGHT),
        (14, 14, Height.MIDDLE, Side.ANY),
        (23, 14, Height.LOWER, Side.ANY),
    ],
)
def test_a_place_is_named_by_the_thirds_of_the_ink(
    row: int, column: int, height: Height, side: Side
) -> None:
    weights = np.zeros((28, 28))
    # What speaks against the digit is more in sum, and does not count.
    weights[4:24, 4:24] = -0.1
    weights[row, column] = 3
    assert main_region(weights) == (height, side)


def test_evidence_all_over_the_ink_has_no_place() -> None:
    weights = np.zeros((28, 28))
    weights[4:24, 4:24] = 1
    assert main_region(weights) == (Height.ANY, Side.ANY)
    assert main_region(-weights) == (Height.ANY, Side.ANY)


def test_a_slender_one_is_neither_left_nor_right() -> None:
    weights = np.zeros((28, 28))
    weights[4:24, 12:15] = 0.01
    weights[4:8, 12] = 5
    assert main_region(weights) == (Height.UPPER, Side.ANY)
