import numpy as np
import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.pictures.trace import trace_strokes
from mnist_gui.engine.preprocessing import preprocess, preprocess_all
from mnist_gui.paths import SHIPPED_NETWORK

RING = [(0.5 + 0.3 * np.cos(t), 0.5 + 0.4 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 40)]


def test_traced_digits_are_read_as_the_images_they_come_from() -> None:
    images = load_dataset().validation.images[:100]
    traced = preprocess_all([trace_strokes(image) for image in images])
    classifier, network = Classifier(), load_snapshot(SHIPPED_NETWORK)
    before, after = (classifier.probabilities(network, each) for each in (images, traced))
    # Of 1,000 images 98.5 % are.
    assert np.mean(before.argmax(axis=1) == after.argmax(axis=1)) > 0.95


@pytest.mark.parametrize("strokes", [[[(0.5, 0.1), (0.5, 0.9)]], [RING], [RING[:25]]])
def test_a_line_without_a_crossing_is_one_stroke_again(
    strokes: list[list[tuple[float, float]]],
) -> None:
    image = preprocess(Drawing(tuple(map(Stroke, strokes))))
    traced = trace_strokes(image)
    assert len(traced.strokes) == 1
    again = preprocess(traced).astype(int)
    # Ink in the middle between two pixels may be centred at the next one.
    moved = [np.roll(again, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(each - image).sum() for each in moved) < 0.35 * image.sum()


def test_a_dot_is_a_stroke_and_no_ink_is_none() -> None:
    image = np.zeros((28, 28), np.uint8)
    assert not trace_strokes(image)
    image[14, 14] = 255
    assert len(trace_strokes(image).strokes) == 1
