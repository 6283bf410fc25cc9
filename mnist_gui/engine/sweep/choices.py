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
            raise RecipeError("sweep-unclear", text=text, names=[*_TYPES])
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
        raise RecipeError("sweep-too-large", count=total)
    return [replace(recipe, **dict(zip(choices, each, strict=True))) for each in product(*lists)]


def sample_random(recipe: Recipe, choices: Mapping[str, Choices], count: int) -> list[Recipe]:
    """Return the recipe with `count` random combinations, from its seed; raise RecipeError."""
    if not 0 < count <= _MOST_COMBINATIONS:
        raise RecipeError("sweep-count", count=count)
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
        if wanted is int:
            raise RecipeError("sweep-whole-number", name=name, text=text) from error
        raise RecipeError("sweep-number", name=name, text=text) from error


def _range(name: str, text: str) -> Range:
    if name not in BOUNDS:
        raise RecipeError("sweep-no-range", name=name)
    low, _, high = text.partition("..")
    found = Range(_value(name, low), _value(name, high))
    if not BOUNDS[name].minimum <= found.low < found.high <= BOUNDS[name].maximum:
        raise RecipeError("sweep-range", name=name, text=text)
    return found


def _listed(name: str, choices: Choices) -> Sequence[Any]:
    if isinstance(choices, Range):
        raise RecipeError("sweep-endless", name=name, low=choices.low, high=choices.high)
    return choices


def _sampled(name: str, choices: Choices, random: np.random.Generator) -> Any:
    if not isinstance(choices, Range):
        return choices[int(random.integers(len(choices)))]
    if BOUNDS[name].is_whole:
        return int(random.integers(int(choices.low), int(choices.high), endpoint=True))
    if HYPERPARAMETERS[name].by_factors:
        return exp(random.uniform(log(choices.low), log(choices.high)))
    return float(random.uniform(choices.low, choices.high))
