import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.result import Picture
from mnist_gui.engine.pictures.turn import better_turn, digits_in_turns, is_poorly_read
from mnist_gui.paths import MNIST_FOLDER, SHIPPED_NETWORK
from tests.engine.pictures.scenes import picture

DIGITS = (2, 4, 3, 5, 7)


@pytest.fixture(scope="module")
def row() -> NDArray[np.uint8]:
    """A row of MNIST's digits, dark on light."""
    from mnist_gui.engine.dataset import load_dataset

    test = load_dataset(MNIST_FOLDER).validation
    images = [test.images[np.flatnonzero(test.labels == digit)[1]] for digit in DIGITS]
    ink = np.concatenate([np.pad(image, 6) for image in images], axis=1)
    return np.kron(245 - (ink * 0.8).astype(np.uint8), np.ones((3, 3), np.uint8))


def offered(shown: Picture) -> int:
    snapshot, classifier = load_snapshot(SHIPPED_NETWORK), Classifier()
    prediction = predict_digits(find_digits(shown), snapshot, classifier)
    if not is_poorly_read(prediction):
        return 0
    return better_turn(prediction, digits_in_turns(shown), snapshot, classifier)


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_a_picture_on_its_side_reads_better_turned_back(row: NDArray[np.uint8], turns: int) -> None:
    assert offered(picture(np.rot90(row, turns))) == -turns % 4
