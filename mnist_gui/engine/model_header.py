"""The JSON part of a model file: which network, which recipe, after how many steps."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from mnist_gui import __version__
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import MOST_NUMBER, NewerError, is_text, parse_json
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.recipe_json import parse_recipe
from mnist_gui.engine.snapshot import Snapshot

FORMAT = 1
_KEYS = {"format", "program", "created", "architecture", "step", "recipe"}


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
    header = parse_json("network.json", content)
    if not isinstance(header, dict) or type(header.get("format")) is not int:
        raise UnusableError("its network.json does not say in which format it is")
    if header["format"] > FORMAT:
        raise NewerError
    if header["format"] < 1 or set(header) != _KEYS:
        keys = ", ".join(sorted(_KEYS))
        raise UnusableError(f"its network.json must have exactly the keys {keys}")
    _check_origin(header["program"], header["created"])
    recipe = parse_recipe(header["recipe"])
    if header["architecture"] != recipe.network:
        raise UnusableError("its recipe is for another network than the one it holds")
    step = header["step"]
    if type(step) is not int or not 0 <= step <= MOST_NUMBER:
        raise UnusableError("its step is not a whole number from 0 up")
    return recipe, step


def _check_origin(program: Any, created: Any) -> None:
    if not is_text(program):
        raise UnusableError("its program version is not text")
    try:
        datetime.fromisoformat(created)
    except (TypeError, ValueError) as error:
        raise UnusableError("the time at which it was created is not a date") from error
