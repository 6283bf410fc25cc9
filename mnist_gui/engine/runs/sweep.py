"""A sweep over hyperparameters: the combinations of their values, and their runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from math import exp, log, prod
from typing import Any

import numpy as np

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import BOUNDS, HYPERPARAMETERS, Recipe
from mnist_gui.engine.runs.run import NextAction, RunRecord, RunStatus

_TYPES = {field.name: field.type for field in fields(Recipe) if field.name in HYPERPARAMETERS}
_MOST_COMBINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """All values from `low` to `high`, for a random search."""

    low: float
    high: float


Choices = Sequence[Any] | Range


def parse_choices(texts: Iterable[str]) -> dict[str, Choices]:
    """Parse "learning_rate=0.1,0.5" or "learning_rate=0.1..0.5" per text; raise RecipeError."""
    choices: dict[str, Choices] = {}
    for text in texts:
        name, _, values = text.partition("=")
        name = name.replace("-", "_")
        if name not in _TYPES or not values or name in choices:
            raise RecipeError(
                f"{text!r} does not say what to try; write each value of a recipe once, such as "
                f"learning_rate=0.1,0.5. There are {', '.join(_TYPES)}."
            )
        choices[name] = (
            _range(name, values)
            if ".." in values
            else [_value(name, value) for value in values.split(",")]
        )
    return choices


def grid_search(recipe: Recipe, choices: Mapping[str, Choices]) -> list[Recipe]:
    """Return the recipe with each combination of values; raise RecipeError."""
    lists = [_listed(name, values) for name, values in choices.items()]
    total = prod(map(len, lists))
    if total > _MOST_COMBINATIONS:
        raise RecipeError(f"These are {total:,} combinations, far too many; leave out some values.")
    return [replace(recipe, **dict(zip(choices, each, strict=True))) for each in product(*lists)]


def sample_random(recipe: Recipe, choices: Mapping[str, Choices], count: int) -> list[Recipe]:
    """Return the recipe with `count` random combinations, from its seed; raise RecipeError."""
    if not 0 < count <= _MOST_COMBINATIONS:
        raise RecipeError(f"{count:,} combinations cannot be drawn; choose 1 or more for --random.")
    random = np.random.default_rng(recipe.seed)
    return [
        replace(recipe, **{name: _sampled(name, each, random) for name, each in choices.items()})
        for _ in range(count)
    ]


def ended_run(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> RunRecord | None:
    """Return the run of this recipe and data set that was completed or failed, or None."""
    ends = (RunStatus.COMPLETED, RunStatus.FAILED)
    return next((run for run in _of(recipe, fingerprint, runs) if run.status in ends), None)


def open_run(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> RunRecord | None:
    """Return the run of this recipe and data set that can be resumed or restarted, or None."""
    ways = (NextAction.RESUME, NextAction.RESTART)
    return next((run for run in _of(recipe, fingerprint, runs) if run.continuation in ways), None)


def _of(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> Iterable[RunRecord]:
    for run in runs:
        info = run.info
        is_same = info.recipe == recipe and info.steps == recipe.steps
        if is_same and info.data.fingerprint == fingerprint:
            yield run


def _value(name: str, text: str) -> Any:
    wanted = _TYPES[name]
    try:
        return wanted(text) if wanted in (int, float) else text
    except ValueError as error:
        what = "whole number" if wanted is int else "number"
        raise RecipeError(f"{name}={text} is no {what}; choose another value.") from error


def _range(name: str, text: str) -> Range:
    if name not in BOUNDS:
        raise RecipeError(f"{name} has no range; name its values with commas between them.")
    low, _, high = text.partition("..")
    found = Range(_value(name, low), _value(name, high))
    if not BOUNDS[name].minimum <= found.low < found.high <= BOUNDS[name].maximum:
        raise RecipeError(
            f"{name}={text} is no range that training can use; write the smaller value first."
        )
    return found


def _listed(name: str, choices: Choices) -> Sequence[Any]:
    if isinstance(choices, Range):
        raise RecipeError(
            f"{name}={choices.low:g}..{choices.high:g} has no end of values; "
            "name some of them, or draw from it with --random."
        )
    return choices


def _sampled(name: str, choices: Choices, random: np.random.Generator) -> Any:
    if not isinstance(choices, Range):
        return choices[int(random.integers(len(choices)))]
    if BOUNDS[name].is_whole:
        return int(random.integers(int(choices.low), int(choices.high), endpoint=True))
    if HYPERPARAMETERS[name].by_factors:
        return exp(random.uniform(log(choices.low), log(choices.high)))
    return float(random.uniform(choices.low, choices.high))
