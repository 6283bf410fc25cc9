from dataclasses import replace
from typing import Any

import pytest

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import BOUNDS, RECIPES, Recipe, find_recipe
from tests.refusals import refused


def change(field: str, value: Any) -> Recipe:
    return replace(find_recipe("cnn-tutorial"), **{field: value})


def test_the_softmax_tutorial_is_the_tutorials() -> None:
    recipe = find_recipe("softmax-tutorial")
    assert (recipe.optimizer, recipe.learning_rate) == ("gradient-descent", 0.5)
    assert (recipe.batch_size, recipe.steps) == (100, 1_000)
    assert recipe.architecture.parameters == 7_850


def test_the_cnn_tutorial_is_the_tutorials() -> None:
    recipe = find_recipe("cnn-tutorial")
    assert (recipe.optimizer, recipe.learning_rate) == ("adam", 1e-4)
    assert (recipe.batch_size, recipe.steps, recipe.dropout) == (50, 20_000, 0.5)
    assert recipe.measure_every == 100
    assert recipe.architecture.parameters == 3_274_634


@pytest.mark.parametrize("field", BOUNDS)
def test_a_value_below_its_bounds_is_refused_by_name(field: str) -> None:
    below = BOUNDS[field].minimum - 1
    with refused(
        RecipeError, match=f"{field.replace('_', ' ')} is .*choose a (value|whole number) from"
    ):
        change(field, below)


@pytest.mark.parametrize("field", ["learning_rate", "dropout"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_refused(field: str, value: float) -> None:
    with refused(RecipeError, match=field.replace("_", " ")):
        change(field, value)


@pytest.mark.parametrize("value", [2.5, True, 10**400])
def test_a_batch_size_that_is_no_sensible_whole_number_is_refused(value: object) -> None:
    with refused(RecipeError, match=r"batch size is .*choose a whole number from 1 to 5,000"):
        change("batch_size", value)


@pytest.mark.parametrize("field", ["network", "optimizer", "precision"])
def test_an_unknown_choice_is_refused_with_the_choices_there_are(field: str) -> None:
    with refused(RecipeError, match=f"{field} is 'bogus'; choose one of"):
        change(field, "bogus")


def test_an_unknown_recipe_is_refused_with_the_names_there_are() -> None:
    with refused(RecipeError, match="softmax-tutorial, cnn-tutorial"):
        find_recipe("bogus")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_only_networks_with_dropout_have_a_dropout(recipe: Recipe) -> None:
    assert recipe.dropout == 0 or recipe.architecture.has_dropout
