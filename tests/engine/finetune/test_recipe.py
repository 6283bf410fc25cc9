"""The recipes by which hands are learnt: one for every network, and honest about its name."""

import pytest

from mnist_gui.engine.finetune.recipe import augmented_copies, finetuning_recipe, user_per_batch
from mnist_gui.engine.recipe import RECIPES, Recipe


@pytest.mark.parametrize("base", RECIPES.values(), ids=str)
def test_every_network_has_one(base: Recipe) -> None:
    recipe = finetuning_recipe(base, seed=4)
    assert recipe.name == f"{base.name}-personal"
    assert (recipe.network, recipe.seed) == (base.network, 4)
    assert 0 < user_per_batch(recipe) < recipe.batch_size == recipe.dataset_per_batch


def test_a_network_that_learns_a_hand_again_keeps_its_name() -> None:
    once = finetuning_recipe(RECIPES["cnn-fast"], seed=1)
    assert finetuning_recipe(once, seed=1) == once


@pytest.mark.parametrize(("digits", "copies"), [(10, 40), (30, 40), (400, 10), (5_000, 1)])
def test_of_many_digits_there_are_fewer_variations_each(digits: int, copies: int) -> None:
    assert augmented_copies(digits) == copies
