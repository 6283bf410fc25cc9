"""Reads a recipe from the JSON of a file that anybody may have changed."""

from dataclasses import MISSING, fields
from typing import Any

from mnist_gui.engine.architecture import ARCHITECTURES
from mnist_gui.engine.errors import RecipeError
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import MOST_NUMBER, NewerError, is_text
from mnist_gui.engine.recipe import Recipe

_TYPES = {field.name: field.type for field in fields(Recipe)}
_LONGEST_NAME = 200
_NEEDS = {field.name for field in fields(Recipe) if field.default is MISSING}


def parse_recipe(values: Any) -> Recipe:
    """Return the recipe that `dataclasses.asdict` gave; raises UnusableError or NewerError."""
    if not isinstance(values, dict):
        raise UnusableError("its recipe is not an object")
    if set(values) - set(_TYPES):
        raise NewerError
    # Fields that came later have defaults, so that older files stay readable.
    missing = _NEEDS - set(values)
    if missing:
        raise UnusableError(f"its recipe lacks {', '.join(sorted(missing))}")
    if is_text(values["network"]) and values["network"] not in ARCHITECTURES:
        raise NewerError
    typed = {name: _typed(name, value) for name, value in values.items()}
    try:
        return Recipe(**typed)
    except RecipeError as error:
        sentence = str(error).rstrip(".")
        raise UnusableError(sentence[:1].lower() + sentence[1:]) from error


def _typed(name: str, value: Any) -> Any:
    wanted = _TYPES[name]
    if wanted is str and is_text(value) and len(value) <= _LONGEST_NAME:
        return value
    # Python's huge integers do not fit into the floats that they are compared with.
    if type(value) in (int, float) and abs(value) <= MOST_NUMBER:
        if wanted is float:
            return float(value)
        if wanted is int and type(value) is int:
            return value
    raise UnusableError(f"its recipe's {name.replace('_', ' ')} has a value that cannot be right")
