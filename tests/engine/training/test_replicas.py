"""Training on several devices together, tried on two virtual processors: see on_two_processors."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.errors import DeviceError
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.training.batches import Share
from mnist_gui.engine.training.replicas import prepare_training
from tests.refusals import refused

RECIPE = replace(find_recipe("cnn-fast"), batch_size=25, drawn_share=0.3)


def test_shares_are_all_of_a_batch_and_differ_by_one_image_at_most() -> None:
    shares = [Share(number, 4) for number in range(4)]
    dealt = [index for share in shares for index in share.indices(range(RECIPE.dataset_per_batch))]
    assert sorted(dealt) == list(range(RECIPE.dataset_per_batch))
    assert sum(share.synthetic_images(RECIPE) for share in shares) == RECIPE.synthetic_per_batch
    parts = [share.part(RECIPE) for share in shares]
    assert sum(parts) == pytest.approx(1)
    assert max(parts) - min(parts) == pytest.approx(1 / 25)
    assert sum(share.part_of_dataset_images(RECIPE) for share in shares) == pytest.approx(1)


def test_a_batch_that_is_too_small_to_be_divided_is_refused() -> None:
    gpus = Device("all GPUs", "four", "/GPU:0", True, replicas=("/GPU:0",) * 4)
    images = LabelledImages(np.zeros((9, 28, 28), np.uint8), np.zeros(9, np.uint8))
    recipe = replace(RECIPE, batch_size=3, drawn_share=0.0)
    with refused(DeviceError, "3 of the data set's images cannot be divided among 4 GPUs"):
        prepare_training(gpus, recipe, "float32", images)


@pytest.fixture(scope="module")
def found() -> Any:
    """What the program found that trains on two virtual processors."""
    command = [sys.executable, "-m", "tests.engine.training.on_two_processors"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ended.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["softmax", "cnn"])
def test_without_chance_two_train_as_one_also_with_shares_that_differ(
    found: Any, recipe: str
) -> None:
    assert 0 <= found[recipe] < 1e-5


@pytest.mark.slow
def test_a_run_on_two_learns_and_keeps_their_copies_alike(found: Any) -> None:
    run = found["run"]
    assert run["device"] == "both: a processor"
    assert len(run["losses"]) == run["steps"] == 16
    first, last = run["losses"][:5], run["losses"][-5:]
    assert sum(last) < 0.6 * sum(first)
    assert run["validated"][-1] > 0.5
    assert run["copies are alike"]


@pytest.mark.slow
def test_a_run_on_two_that_is_resumed_ends_with_the_same_bits(found: Any) -> None:
    assert found["run"]["resumed to the same bits"]
    assert found["dropout"]["same bits"]


@pytest.mark.slow
def test_dropout_differs_between_two_and_their_weights_do_not(found: Any) -> None:
    dropout = found["dropout"]
    assert dropout["copies are alike"]
    (one, steps), (other, other_steps) = dropout["random states"]
    assert one != other
    assert steps == other_steps > 0
    assert dropout["random state in a checkpoint"] == [one, steps]
