"""Real runs, short and kept, for tests of what shows them."""

from dataclasses import replace
from functools import cache

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.store import RunStore
from tests.refusals import not_told

SHORT = replace(RECIPES["softmax-tutorial"], steps=60)


@cache
def small_mnist(images: int = 200) -> Dataset:
    """Return MNIST with so many images of each kind."""
    mnist = load_dataset()

    return replace(
        mnist,
        train=mnist.train.first(images),
        validation=mnist.validation.first(images),
        test=mnist.test.first(images),
    )


def train_kept(store: RunStore, dataset: Dataset, recipe: Recipe = SHORT) -> str:
    """Train a whole run that the store keeps; return its ID."""
    run = start_run(store, dataset, recipe, warn=not_told)
    for event in run.events():
        run.handle(event)
    assert run.close(10)
    assert run.run_id
    return run.run_id
