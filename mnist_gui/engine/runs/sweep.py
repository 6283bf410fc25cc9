"""A search over values of a recipe: which combinations there are, and which are done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from math import exp, log
from typing import Any

import numpy as np

from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import BOUNDS, HYPERPARAMETERS, Recipe
from mnist_gui.engine.runs.run import NextAction, RunRecord, RunStatus

_TYPES = {field.name: field.type for field in fields(Recipe) if field.name in HYPERPARAMETERS}
_MOST_COMBINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """All values from `low` to `high`, to draw from."""

    low: float
    high: float


Choices = Sequence[Any] | Range


def parse_choices(texts: Iterable[str]) -> dict[str, Choices]:
    """Read "learning_rate=0.1,0.5" and "learning_rate=0.1..0.5" for one value of a recipe each.

    Raises RecipeError.
    """
    choices: dict[str, Choices] = {}
    for text in texts:
        name, _, values = text.partition("=")
        name = name.replace("-", "_")
        if name not in _TYPES or not values or name in choices:
            raise RecipeError(
                f"{text!r} does not say what to try; write each value of a recipe once, such as "
                f"learning_rate=0.1,0.5. There are {', '.join(_TYPES)}."
            )
        choices[name] = _range(name, values) if ".." in values else _values(name, values)
    return choices


def grid(recipe: Recipe, choices: Mapping[str, Choices]) -> list[Recipe]:
    """Return the recipe with each combination of values; raises RecipeError."""
    lists = [_listed(name, values) for name, values in choices.items()]
    total = int(np.prod([len(each) for each in lists], dtype=np.float64))
    if total > _MOST_COMBINATIONS:
        raise RecipeError(f"These are {total:,} combinations, far too many; leave out some values.")
    return [
        replace(recipe, **dict(zip(choices, values, strict=True))) for values in product(*lists)
    ]


def draw(recipe: Recipe, choices: Mapping[str, Choices], count: int) -> list[Recipe]:
    """Return the recipe with so many combinations drawn at random; raises RecipeError.

    The recipe's seed gives the same ones again, whatever the count.
    """
    if not 0 < count <= _MOST_COMBINATIONS:
        raise RecipeError(f"{count:,} combinations cannot be drawn; choose 1 or more for --random.")
    random = np.random.default_rng(recipe.seed)
    drawn = []
    for _ in range(count):
        values = {name: _drawn(name, choice, random) for name, choice in choices.items()}
        drawn.append(replace(recipe, **values))
    return drawn


def ended_run(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> RunRecord | None:
    """Return the run of this recipe on this data that was completed, or failed, if there is one."""
    ends = (RunStatus.COMPLETED, RunStatus.FAILED)
    return next((run for run in _of(recipe, fingerprint, runs) if run.status in ends), None)


def open_run(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> RunRecord | None:
    """Return the run of this recipe on this data that has work left, if there is one."""
    ways = (NextAction.RESUME, NextAction.RESTART)
    return next((run for run in _of(recipe, fingerprint, runs) if run.continuation in ways), None)


def _of(recipe: Recipe, fingerprint: str, runs: Iterable[RunRecord]) -> Iterable[RunRecord]:
    for run in runs:
        info = run.info
        is_same = info.recipe == recipe and info.steps == recipe.steps
        if is_same and info.data.fingerprint == fingerprint:
            yield run


def _values(name: str, texts: str) -> list[Any]:
    return [_value(name, text) for text in texts.split(",")]


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


def _drawn(name: str, choices: Choices, random: np.random.Generator) -> Any:
    if not isinstance(choices, Range):
        return choices[int(random.integers(len(choices)))]
    if BOUNDS[name].is_whole:
        return int(random.integers(int(choices.low), int(choices.high), endpoint=True))
    if HYPERPARAMETERS[name].by_factors:
        return exp(random.uniform(log(choices.low), log(choices.high)))
    return float(random.uniform(choices.low, choices.high))
