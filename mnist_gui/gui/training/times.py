"""How long recipes take on this machine, by the runs that were recorded."""

from collections.abc import Iterable
from dataclasses import dataclass

from mnist_gui.engine.recipe import RECIPES, Recipe

# What a step costs depends on these, and hardly on the others.
_COSTLY = ("network", "optimizer", "batch_size", "distortion", "precision")
# Fewer steps say little of the speed.
_FEWEST_STEPS = 50


@dataclass(frozen=True, slots=True)
class RecipeTime:
    """The seconds that a recipe trains: measured to its end, or estimated by fewer steps."""

    seconds: float
    is_measured: bool


def recipe_times(runs: Iterable[tuple[Recipe, int, float]]) -> dict[str, RecipeTime]:
    """Return the times of recipes by their names, of those that are known.

    `runs` are the recipe, the steps done and the seconds of training of each run, the latest
    first. The latest run that was trained to its end counts, or else the latest one.
    """
    times: dict[str, RecipeTime] = {}
    for recipe, step, seconds in runs:
        known = times.get(recipe.name)
        if not _says_something(recipe, step) or (known and known.is_measured):
            continue
        steps = RECIPES[recipe.name].steps
        is_measured = step >= steps
        if known is None or is_measured:
            times[recipe.name] = RecipeTime(seconds * steps / step, is_measured)
    return times


def _says_something(recipe: Recipe, step: int) -> bool:
    named = RECIPES.get(recipe.name)
    if named is None or step < _FEWEST_STEPS:
        return False
    return all(getattr(recipe, name) == getattr(named, name) for name in _COSTLY)
