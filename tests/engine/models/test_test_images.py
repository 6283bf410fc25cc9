import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.test_images import (
    TestImage,
    find_next_mistake,
    next_index_of_digit,
    predict_image,
)
from mnist_gui.engine.prediction import Certainty
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot

LABELS = np.array([0, 1, 0, 1, 2], np.uint8)


def images(labels: NDArray[np.uint8]) -> LabelledImages:
    return LabelledImages(np.zeros((len(labels), 28, 28), np.uint8), labels)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.fixture(scope="module")
def zero_reader() -> Snapshot:
    """A network that reads every image as 0."""
    weights = {
        "output/kernel": np.zeros((784, 10), np.float32),
        "output/bias": np.eye(10, dtype=np.float32)[0],
    }
    return Snapshot(find_recipe("softmax-tutorial"), 0, weights)


def found(search: object) -> list[int | None]:
    return [None if step is None else step.index for step in search]  # type: ignore[attr-defined]


def test_the_next_image_of_a_digit_comes_round_the_end() -> None:
    assert next_index_of_digit(images(LABELS), 1, after=-1) == 1
    assert next_index_of_digit(images(LABELS), 1, after=1) == 3
    assert next_index_of_digit(images(LABELS), 1, after=3) == 1
    assert next_index_of_digit(images(LABELS), 7, after=0) is None


def test_an_image_is_read_with_its_label(classifier: Classifier, zero_reader: Snapshot) -> None:
    shown = predict_image(classifier, zero_reader, images(LABELS), 4)
    assert (shown.index, shown.label, shown.prediction.digit) == (4, 2, 0)
    assert not shown.is_right


def test_of_a_data_sets_images_nobody_asks_whether_they_are_digits(
    classifier: Classifier, zero_reader: Snapshot
) -> None:
    blot = np.pad(np.full((20, 20), 255, np.uint8), 4)
    blots = LabelledImages(blot[np.newaxis], LABELS[:1])
    assert classifier.predict(zero_reader, blot).certainty is Certainty.NOT_A_DIGIT
    shown = predict_image(classifier, zero_reader, blots, 0)
    assert shown.prediction.certainty is not Certainty.NOT_A_DIGIT


def test_the_next_mistake_comes_round_the_end(
    classifier: Classifier, zero_reader: Snapshot
) -> None:
    set_of_five = images(LABELS)
    places = [
        found(find_next_mistake(classifier, zero_reader, set_of_five, at)) for at in (-1, 1, 4)
    ]
    assert places == [[1], [3], [1]]


def test_a_search_can_be_stopped_after_each_part(
    classifier: Classifier, zero_reader: Snapshot
) -> None:
    labels = np.zeros(200, np.uint8)
    labels[150] = 3
    *before, last = find_next_mistake(classifier, zero_reader, images(labels), after=0)
    assert before == [None, None]
    assert isinstance(last, TestImage)
    assert last.index == 150


def test_without_a_mistake_every_image_is_read_once(
    classifier: Classifier, zero_reader: Snapshot
) -> None:
    search = find_next_mistake(classifier, zero_reader, images(np.zeros(130, np.uint8)), after=7)
    assert found(search) == [None, None, None]
