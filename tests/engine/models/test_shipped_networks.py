from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import TestEvaluated
from mnist_gui.engine.models.classifier import Classifier, evaluate_network
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import Certainty
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.synthetic.generate import generate_digit_images, join
from mnist_gui.paths import SHIPPED_NETWORK, resource


@pytest.mark.parametrize(("name", "least"), [("cnn-best", 0.9955), ("softmax-best", 0.924)])
def test_a_shipped_network_reads_mnists_test_images(name: str, least: float) -> None:
    snapshot = load_snapshot(resource(f"models/{name}.mnistgui"))
    *_, tested = evaluate_network(snapshot, load_dataset().test)
    assert isinstance(tested, TestEvaluated)
    assert snapshot.recipe.name == name
    assert tested.evaluation.accuracy >= least
    # What the window says of it; the last bits are other ones on other processors.
    (told,) = (each.accuracy for each in SHIPPED_NETWORKS if each.recipe == name)
    assert tested.evaluation.accuracy == pytest.approx(told, abs=0.0003)


@pytest.fixture(scope="module")
def unseen() -> NDArray[np.uint8]:
    """Digits that no shipped network has seen, of MNIST and drawn."""
    drawn = join(list(generate_digit_images(1_500, seed=91)))
    return np.concatenate([load_dataset().validation.images[:1_500], drawn.images])


@pytest.mark.parametrize("name", ["cnn-best", "softmax-best"])
def test_of_digits_that_a_shipped_network_never_saw_it_leaves_few_undecided(
    name: str, unseen: NDArray[np.uint8]
) -> None:
    snapshot = load_snapshot(resource(f"models/{name}.mnistgui"))
    read = Classifier().predictions(snapshot, unseen)
    undecided = sum(prediction.certainty is Certainty.UNDECIDED for prediction in read)
    # Calibrated for 0.3 % of more digits than these; benchmarks/calibration.py.
    assert 1 <= undecided <= 0.007 * len(unseen)


def test_the_network_of_the_first_second_is_small() -> None:
    assert Path(SHIPPED_NETWORK).stat().st_size <= 2_000_000
