"""The file with what a run's network predicted for the test images."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.archive import encode, write_archive
from mnist_gui.engine.runs.run import TestPredictions
from mnist_gui.engine.runs.run_folder import format_test_predictions, load_test_predictions
from tests.refusals import refused

LABELS = np.array([3, 1], np.uint8)
PREDICTED = np.array([3, 7], np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.safetensors"


def probabilities(first: float, others: float) -> NDArray[np.float32]:
    values = np.full((2, 10), others, np.float32)
    values[[0, 1], PREDICTED] = first
    return values


def test_how_sure_the_network_was_is_kept_to_the_bit(path: Path) -> None:
    sure = probabilities(0.7, 0.3 / 9)
    path.write_bytes(format_test_predictions(TestPredictions("x", 5, LABELS, PREDICTED, sure)))
    kept = load_test_predictions(path)
    assert np.array_equal(kept.evaluation.probabilities, sure)
    assert kept.evaluation.predicted.tolist() == PREDICTED.tolist()


def test_a_file_of_before_tells_the_digits_alone(path: Path) -> None:
    facts = encode({"fingerprint": "x", "step": 5, "images": 2}, 1)
    with path.open("wb") as file:
        write_archive(file, "test", facts, {"labels": LABELS, "predicted": PREDICTED})
    kept = load_test_predictions(path)
    assert kept.probabilities is None
    assert kept.is_right.tolist() == [True, False]


@pytest.mark.parametrize("wrong", [probabilities(0.0, 0.1), probabilities(7.0, 0.0)])
def test_probabilities_that_no_network_gives_are_refused(
    path: Path, wrong: NDArray[np.float32]
) -> None:
    path.write_bytes(format_test_predictions(TestPredictions("x", 5, LABELS, PREDICTED, wrong)))
    with refused(RunStoreError, match="probabilities"):
        load_test_predictions(path)
