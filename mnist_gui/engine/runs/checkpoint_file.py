"""The `checkpoint.zip` of a run: JSON and arrays, all of which the recipe declares."""

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import IO

from mnist_gui.engine.checkpoint import Checkpoint, Standing, checkpoint_types
from mnist_gui.engine.files.array_archive import (
    UnusableError,
    member_of,
    read_array,
    read_member,
    write_archive,
)
from mnist_gui.engine.files.strict_json import JsonObject, parse_json
from mnist_gui.engine.recipe import BOUNDS, PRECISIONS
from mnist_gui.engine.recipe_json import parse_recipe
from mnist_gui.engine.runs.archive_opening import opened

_HEADER = "checkpoint.json"
_MOST_HEADER_BYTES = 64 << 10
_FORMAT = 1


def write_checkpoint(file: IO[bytes], checkpoint: Checkpoint) -> None:
    """Write what `load_checkpoint` reads; raises OSError."""
    header = {
        "format": _FORMAT,
        "recipe": asdict(checkpoint.recipe),
        "steps": checkpoint.steps,
        "step": checkpoint.step,
        "learning_rate": checkpoint.learning_rate,
        "precision": checkpoint.precision,
        "validated": checkpoint.validated,
        "best": asdict(checkpoint.best) if checkpoint.best else None,
    }
    write_archive(file, checkpoint.arrays, {_HEADER: json.dumps(header, indent=2).encode()})


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; its arrays are read-only.

    Every size the file declares is checked before anything of that size is read. Raises
    RunRecordError.
    """
    with opened(path, "checkpoint") as archive:
        return _unpacked(archive)


def _unpacked(archive: zipfile.ZipFile) -> Checkpoint:
    content = read_member(archive, _HEADER, _MOST_HEADER_BYTES)
    header = JsonObject(_HEADER, parse_json(_HEADER, content))
    header.check_format(_FORMAT)
    recipe = parse_recipe(header.value("recipe"))
    best = _best(header) if "best" in header else None
    types = checkpoint_types(recipe, has_best=best is not None)
    if set(archive.namelist()) != {_HEADER, *map(member_of, types)}:
        raise UnusableError("its arrays are not those of its recipe")
    steps = header.whole("steps", least=1)
    step = header.whole("step")
    validated = header.whole("validated", least=-1)
    if not (best.step if best else -1) <= validated <= step <= steps:
        raise UnusableError("its steps contradict each other")
    return Checkpoint(
        recipe,
        steps,
        step,
        _learning_rate(header),
        _precision(header),
        validated,
        {name: read_array(archive, name, kind.shape, kind.dtype) for name, kind in types.items()},
        best,
    )


def _best(header: JsonObject) -> Standing:
    best = header.part("best")
    accuracy = best.number("accuracy")
    if accuracy > 1:
        raise UnusableError(f"its accuracy of {accuracy:g} is more than all")
    return Standing(best.whole("step"), accuracy, best.whole("since"))


def _learning_rate(header: JsonObject) -> float:
    rate = header.number("learning_rate")
    if not BOUNDS["learning_rate"].holds(rate):
        raise UnusableError(f"its learning rate of {rate:g} is none to learn at")
    return rate


def _precision(header: JsonObject) -> str:
    precision = header.text("precision")
    if precision not in PRECISIONS:
        raise UnusableError(f"it knows no precision {precision[:40]!r}")
    return precision
