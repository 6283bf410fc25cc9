"""In what the settings of runs differ."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.record import RunRecord


def settings(run: RunRecord) -> Mapping[str, Any]:
    """Return what a run was started with: its recipe, data, device and versions, by name."""
    facts = run.facts
    recipe = asdict(facts.recipe)
    recipe["recipe"] = recipe.pop("name")
    return {
        **recipe,
        "steps": facts.steps,
        "precision": facts.precision or facts.recipe.precision,
        "data": facts.data.name,
        "data_fingerprint": facts.data.fingerprint,
        "device": facts.device,
        **{f"{name}_version": version for name, version in asdict(facts.versions).items()},
    }


def changed_settings(recipe: Recipe) -> dict[str, Any]:
    """Return the settings, but for the steps, that the recipe of this name has not by itself."""
    original = asdict(RECIPES.get(recipe.name, recipe))
    return {
        name: value
        for name, value in asdict(recipe).items()
        if name != "steps" and value != original[name]
    }


def differing_settings(runs: Sequence[RunRecord]) -> dict[str, tuple[Any, ...]]:
    """Return the settings that are not the same in all the runs: by name, the value of each run."""
    columns = [settings(run) for run in runs]
    rows = {name: tuple(column[name] for column in columns) for name in columns[0]}
    return {name: values for name, values in rows.items() if len(set(values)) > 1}
