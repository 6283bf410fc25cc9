import numpy as np
import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.prediction import MIN_DIGIT_SCORE
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.synthetic.generate import generate_digit_images, join
from mnist_gui.screenshot import draw_three

ZIGZAG = [(0.2 + 0.6 * (place % 2), 0.1 + 0.08 * place) for place in range(11)]
X = [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]]
H = [[(0.2, 0.1), (0.2, 0.9)], [(0.8, 0.1), (0.8, 0.9)], [(0.2, 0.5), (0.8, 0.5)]]


def digit_score(*strokes: object) -> float:
    drawing = Drawing(tuple(Stroke(stroke) for stroke in strokes))  # type: ignore[arg-type]
    return DigitDetector().digit_score(preprocess(drawing))


def test_a_drawn_digit_looks_like_one() -> None:
    assert DigitDetector().digit_score(preprocess(draw_three())) > 0.9


@pytest.mark.parametrize(
    "strokes", [[[(0.5, 0.5)]], [ZIGZAG], X, H], ids=["dot", "zigzag", "X", "H"]
)
def test_dots_scribbles_and_letters_look_like_none(strokes: list[object]) -> None:
    assert digit_score(*strokes) < MIN_DIGIT_SCORE


def test_an_empty_image_looks_like_none() -> None:
    assert DigitDetector().digit_score(np.zeros((28, 28), np.uint8)) < MIN_DIGIT_SCORE


def test_of_mnists_and_of_pen_digits_at_most_three_in_a_hundred_look_like_none() -> None:
    pens = join(list(generate_digit_images(500, seed=77)))
    for images in (load_dataset().validation.images[:1000], pens.images):
        assert (DigitDetector().digit_scores(images) < MIN_DIGIT_SCORE).mean() < 0.03


def test_images_are_judged_one_by_one() -> None:
    images = load_dataset().validation.images[:5]
    detector = DigitDetector()
    alone = [detector.digit_score(image) for image in images]
    assert detector.digit_scores(images) == pytest.approx(alone, abs=1e-5)
    assert detector.digit_scores(images[:0]).shape == (0,)
