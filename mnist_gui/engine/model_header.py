"""The JSON part of a model file: which network, which recipe, after how many steps."""

import json
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from typing import Any

from mnist_gui import __version__
from mnist_gui.engine.architecture import ARCHITECTURES
from mnist_gui.engine.array_archive import UnusableError
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import Snapshot

FORMAT = 1
_KEYS = {"format", "program", "created", "architecture", "step", "recipe"}
_RECIPE_TYPES = {field.name: field.type for field in fields(Recipe)}
_RECIPE_NEEDS = {field.name for field in fields(Recipe) if field.default is MISSING}
_MOST_STEPS = 10**12


class NewerError(Exception):
    """The model file has something that only a later version of the program knows."""


def format_header(snapshot: Snapshot) -> bytes:
    """Return the JSON that `parse_header` reads."""
    header = {
        "format": FORMAT,
        "program": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "architecture": snapshot.recipe.architecture.name,
        "step": snapshot.step,
        "recipe": asdict(snapshot.recipe),
    }
    return json.dumps(header, indent=2).encode()


def parse_header(content: bytes) -> tuple[Recipe, int]:
    """Return the recipe and the step; raises UnusableError or NewerError."""
    try:
        header = json.loads(content, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnusableError("its network.json is not valid JSON") from error
    if not isinstance(header, dict) or type(header.get("format")) is not int:
        raise UnusableError("its network.json does not say in which format it is")
    if header["format"] > FORMAT:
        raise NewerError
    if header["format"] < 1 or set(header) != _KEYS:
        raise UnusableError(f"its network.json must have exactly the keys {_listed(_KEYS)}")
    _check_origin(header["program"], header["created"])
    recipe = _parse_recipe(header["recipe"])
    if header["architecture"] != recipe.network:
        raise UnusableError("its recipe is for another network than the one it holds")
    step = header["step"]
    if type(step) is not int or not 0 <= step <= _MOST_STEPS:
        raise UnusableError("its step is not a whole number from 0 up")
    return recipe, step


def _check_origin(program: Any, created: Any) -> None:
    if not _is_text(program):
        raise UnusableError("its program version is not text")
    try:
        datetime.fromisoformat(created)
    except (TypeError, ValueError) as error:
        raise UnusableError("the time at which it was created is not a date") from error


def _parse_recipe(values: Any) -> Recipe:
    if not isinstance(values, dict):
        raise UnusableError("its recipe is not an object")
    if set(values) - set(_RECIPE_TYPES):
        raise NewerError
    # Fields that came later have defaults, so that older files stay readable.
    missing = _RECIPE_NEEDS - set(values)
    if missing:
        raise UnusableError(f"its recipe lacks {_listed(missing)}")
    if _is_text(values["network"]) and values["network"] not in ARCHITECTURES:
        raise NewerError
    typed = {name: _typed(name, value) for name, value in values.items()}
    try:
        return Recipe(**typed)
    except RecipeError as error:
        sentence = str(error).rstrip(".")
        raise UnusableError(sentence[:1].lower() + sentence[1:]) from error


def _typed(name: str, value: Any) -> Any:
    wanted = _RECIPE_TYPES[name]
    if wanted is str and _is_text(value):
        return value
    # Python's huge integers do not fit into the floats that they are compared with.
    if type(value) in (int, float) and abs(value) <= _MOST_STEPS:
        if wanted is float:
            return float(value)
        if wanted is int and type(value) is int:
            return value
    raise UnusableError(f"its recipe's {name.replace('_', ' ')} has a value that cannot be right")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
