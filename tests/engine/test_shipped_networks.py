from pathlib import Path

import pytest

from mnist_gui.engine.classifier import evaluate_network
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import Tested
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.resources import SHIPPED_NETWORK, resource


@pytest.mark.parametrize(("name", "least"), [("cnn-best", 0.996), ("softmax-best", 0.924)])
def test_a_shipped_network_reads_mnists_test_images(name: str, least: float) -> None:
    snapshot = load_snapshot(resource(f"models/{name}.mnistgui"))
    *_, tested = evaluate_network(snapshot, load_dataset().test)
    assert isinstance(tested, Tested)
    assert snapshot.recipe.name == name
    assert tested.evaluation.accuracy >= least


def test_the_network_of_the_first_second_is_small() -> None:
    assert Path(SHIPPED_NETWORK).stat().st_size <= 2_000_000
