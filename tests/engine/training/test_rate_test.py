from dataclasses import replace

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.models.networks import build_network, network_weights
from mnist_gui.engine.rate_test import RateTest, growing_rates
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.training.policies import BatchSampler
from mnist_gui.engine.training.rate_test import recipe_to_test, run_rate_test

SOFTMAX = RECIPES["softmax-tutorial"]


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_dataset()


def last_of(dataset: Dataset, recipe: Recipe, steps: int) -> RateTest:
    *_, test = run_rate_test(dataset, recipe, steps=steps)
    assert isinstance(test, RateTest)
    return test


def numpy_losses(dataset: Dataset, recipe: Recipe, rates: np.ndarray) -> list[float]:
    """Train softmax regression by gradient descent in float64, by the formula of its gradient."""
    size = recipe.batch_size
    batches = BatchSampler(images=len(dataset.train), batch_size=size, seed=recipe.seed)
    weights = network_weights(build_network("softmax", seed=recipe.seed))
    kernel = weights["output/kernel"].astype(np.float64)
    bias = weights["output/bias"].astype(np.float64)
    losses = []
    for rate, chosen in zip(rates, batches.indices(0, len(rates)), strict=True):
        inputs = dataset.train.images[chosen].reshape(size, -1) / 255
        powers = np.exp(inputs @ kernel + bias)
        shares = powers / powers.sum(axis=1, keepdims=True)
        labels = dataset.train.labels[chosen]
        losses.append(float(-np.log(shares[np.arange(size), labels]).mean()))
        slopes = (shares - np.eye(10)[labels]) / size
        kernel -= rate * inputs.T @ slopes
        bias -= rate * slopes.sum(axis=0)
    return losses


def test_the_losses_are_those_of_softmax_regression_computed_by_hand(mnist: Dataset) -> None:
    test = last_of(mnist, SOFTMAX, steps=40)
    np.testing.assert_array_equal(test.rates, growing_rates(40)[: len(test)])
    assert len(test) > 35
    np.testing.assert_allclose(test.losses, numpy_losses(mnist, SOFTMAX, test.rates), rtol=1e-4)


def test_a_seed_repeats_the_test_and_another_one_has_other_batches(mnist: Dataset) -> None:
    one, again, other = (last_of(mnist, replace(SOFTMAX, seed=seed), steps=8) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.losses, again.losses)
    assert not np.array_equal(one.losses, other.losses[: len(one)])


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "gradient-descent"])
def test_it_ends_once_the_loss_explodes_whatever_the_optimizer(
    mnist: Dataset, optimizer: str
) -> None:
    images = LabelledImages(mnist.train.images[:500], mnist.train.labels[:500])
    recipe = replace(SOFTMAX, optimizer=optimizer, batch_size=10)
    test = last_of(replace(mnist, train=images), recipe, steps=140)
    assert test.is_over
    assert test.has_exploded
    assert 80 < len(test) < 140
    assert test.smoothed[-1] > 4 * test.smoothed.min() > 0
    assert test.zone is not None
    assert test.zone.low < test.zone.high < test.rates[-1]


def test_a_network_with_synthetic_digits_and_averaging_is_tested_without_its_schedule(
    mnist: Dataset,
) -> None:
    recipe = replace(RECIPES["cnn-fast"], batch_size=20, seed=3)
    events = list(run_rate_test(mnist, recipe, steps=4))
    assert isinstance(events[-1], RateTest)
    assert len(events) > 1
    assert len(events[-1]) == 4
    assert not events[-1].has_exploded
    # With its schedule a rate would be a tenth at first, and another one for each step.
    assert recipe_to_test(recipe).schedule == "constant"
    assert recipe_to_test(replace(recipe, learning_rate=1.0)) == recipe_to_test(recipe)
