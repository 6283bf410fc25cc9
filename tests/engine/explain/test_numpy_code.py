import numpy as np

from mnist_gui.engine.explain.explainer import numpy_code
from mnist_gui.engine.preprocessing import PreprocessingSteps, preprocess, trace_preprocessing
from mnist_gui.screenshot import draw_three


def test_the_code_makes_the_very_image_and_what_a_network_is_given() -> None:
    image = preprocess(draw_three())
    made: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = {}
    exec(numpy_code(trace_preprocessing(draw_three()).image), {}, made)
    assert made["image"].dtype == np.uint8
    np.testing.assert_array_equal(made["image"], image)
    assert made["tensor"].shape == (1, 28, 28, 1)
    assert made["tensor"].dtype == np.float32
    np.testing.assert_array_equal(made["tensor"][0, :, :, 0], image * np.float32(1 / 255))


def test_the_code_is_one_row_of_the_image_a_line() -> None:
    lines = numpy_code(trace_preprocessing(draw_three()).image).splitlines()
    assert sum(line.count(",") == 28 for line in lines) == 28
    assert max(map(len, lines)) < 160
    assert not any(line.startswith("#") for line in lines)


def test_the_code_says_which_stages_were_left_out() -> None:
    steps = PreprocessingSteps(fit=False, centre=False)
    made: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]] = {}
    code = numpy_code(trace_preprocessing(draw_three(), steps).image, steps.left_out)
    assert "# Preprocessed without: fit, centre.\n" in code
    exec(code, {}, made)
    np.testing.assert_array_equal(made["image"], trace_preprocessing(draw_three(), steps).image)
