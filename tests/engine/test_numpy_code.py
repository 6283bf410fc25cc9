import numpy as np

from mnist_gui.demo_drawing import draw_three
from mnist_gui.engine.numpy_code import numpy_code
from mnist_gui.engine.preprocessing import image_of


def test_the_code_makes_the_very_image_and_what_a_network_is_given() -> None:
    image = image_of(draw_three())
    made: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = {}
    exec(numpy_code(image), {}, made)
    assert made["image"].dtype == np.uint8
    np.testing.assert_array_equal(made["image"], image)
    assert made["tensor"].shape == (1, 28, 28, 1)
    assert made["tensor"].dtype == np.float32
    np.testing.assert_array_equal(made["tensor"][0, :, :, 0], image * np.float32(1 / 255))


def test_the_code_is_one_row_of_the_image_a_line() -> None:
    lines = numpy_code(np.full((28, 28), 7, np.uint8)).splitlines()
    assert sum(line.count("  7") == 28 for line in lines) == 28
    assert max(map(len, lines)) < 160
