"""Values that are typed in place of a recipe's own take effect, in real short runs."""

import json
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.cli.parser import OPTIONS
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.conftest import write_dataset

BASE = RECIPES["softmax-tutorial"]
VALUES = {
    "learning_rate": 0.25,
    "batch_size": 7,
    "steps": 20,
    "patience": 1,
    "seed": 5,
    "precision": "bfloat16",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small data set."""
    folder = tmp_path_factory.mktemp("typed")
    write_dataset(folder / "digits", train=240, test=100)
    return folder


def train(folder: Path, *options: object) -> Snapshot:
    """Train a softmax regression for 40 steps in float32, or as the options say."""
    out = folder / "net.mnistgui"
    usual = ("--recipe", BASE.name, "--steps", 40, "--precision", "float32")
    where = ("--data", folder / "digits", "--no-record", "--out", out, "--json")
    words = map(str, ("train", *usual, *where, *options))
    assert run_command(parse_arguments(list(words))) == 0
    return load_snapshot(out)


@pytest.fixture(scope="module")
def plain(folder: Path) -> Snapshot:
    """What is learnt without a further option."""
    return train(folder)


def test_all_that_can_be_typed_is_tried_here() -> None:
    assert set(VALUES) == set(OPTIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_value_that_is_typed_is_saved_and_changes_what_is_learnt(
    name: str, folder: Path, plain: Snapshot
) -> None:
    typed = train(folder, f"--{name.replace('_', '-')}", VALUES[name])
    assert getattr(typed.recipe, name) == VALUES[name] != getattr(plain.recipe, name)
    kernel = "output/kernel"
    assert not np.array_equal(typed.weights[kernel], plain.weights[kernel])


def test_the_result_tells_what_was_typed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(folder, "--seed", 5, "--steps", 20, "--precision", "bfloat16")
    result = json.loads(capsys.readouterr().out)
    assert (result["seed"], result["steps"], result["precision"]) == (5, 20, "bfloat16")


def test_half_the_learning_rate_goes_half_as_far(folder: Path) -> None:
    """From weights of zero, the first step is the rate times the slope."""
    whole = train(folder, "--steps", 1).weights["output/kernel"]
    half = train(folder, "--steps", 1, "--learning-rate", BASE.learning_rate / 2)
    assert np.abs(whole).max() > 0
    np.testing.assert_allclose(half.weights["output/kernel"], whole / 2, rtol=1e-6)
