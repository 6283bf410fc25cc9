import numpy as np

from mnist_gui.engine.inside.maps import few_maps


def test_the_first_four_maps_are_shown_in_their_order() -> None:
    output = np.arange(2 * 3 * 6, dtype=np.float32).reshape(2, 3, 6)
    maps = few_maps(output)
    assert maps.shape == (4, 2, 3)
    assert maps[3, 1, 2] == output[1, 2, 3]


def test_a_row_of_units_is_written_line_by_line_into_a_square() -> None:
    (square,) = few_maps(np.array([1, 2, 3, 4, np.nan], np.float32))
    assert square.tolist() == [[1, 2, 3], [4, 0, 0], [0, 0, 0]]
