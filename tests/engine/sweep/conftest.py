"""What the tests of sweeps share: a small data set, and what two sweeps have in common."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.sweep.combinations import Ended, Sweep, sweep_here
from tests.engine.conftest import write_dataset
from tests.refusals import not_told

# A network whose bits depend on the number of threads.
RECIPE = replace(RECIPES["cnn-fast"], steps=24, batch_size=32, validate_every=8, drawn_share=0.0)

MakeSweep = Callable[..., Sweep]


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("digits")
    write_dataset(folder, train=240, test=100)
    return load_dataset(folder)


@pytest.fixture
def sweep_of(digits: Dataset, tmp_path: Path) -> MakeSweep:
    """Return a function that makes a sweep over learning rates, in a folder of this name."""

    def make(*rates: float, name: str = "runs", recipe: Recipe = RECIPE) -> Sweep:
        recipes = tuple(replace(recipe, learning_rate=rate) for rate in rates)
        return Sweep(recipes, ("learning_rate",), RunStore(tmp_path / name), digits, "CPU")

    return make


def never() -> bool:
    return False


def trained_here(sweep: Sweep) -> Mapping[Recipe, Any]:
    """Train a sweep in this process, one run after the other; return what it gave."""
    assert all(
        news.problem is None
        for news in sweep_here(sweep, never, not_told)
        if isinstance(news, Ended)
    )
    return bits(sweep)


def bits(sweep: Sweep) -> Mapping[Recipe, Any]:
    """Return the weights, curves and scores of the runs that have ended, by their recipes."""
    return {run.info.recipe: _bits(sweep.store, run.run_id) for run in sweep.ended_runs()}


def _bits(store: RunStore, run_id: str) -> Any:
    snapshot, history = store.snapshot(run_id), store.history(run_id).history
    info = store.run(run_id).info
    return (
        {name: array.tobytes() for name, array in snapshot.weights.items()},
        snapshot.temperature,
        history.loss.values.tobytes(),
        history.validation_accuracy.values.tobytes(),
        (info.status, info.step, info.validation, info.best_validation, info.test),
    )
