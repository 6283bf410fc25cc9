"""All that a run needs to go on elsewhere as if nothing had happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from mnist_gui.engine.io.archive import ArrayType, Count, Share
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import Snapshot

# How many numbers an optimizer remembers for each that it trains.
_SLOTS = {"gradient-descent": 0, "momentum": 1, "adam": 2}


@dataclass(frozen=True, slots=True)
class BestValidation:
    """The best validation was that after `step` steps; `since` more came that were no better."""

    step: Count
    accuracy: Share
    since: Count = 0


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run after `step` steps.

    `recipe` is the one that it was started with; `steps` how many it is to have, which may be
    more. `learning_rate` is the rate in use, `precision` the one that was picked. `validated` is
    the step of the last validation, -1 before the first. `arrays` are those of `checkpoint_types`.
    `best` is how validations stand where the recipe's patience wants to know and there was one.
    """

    recipe: Recipe
    steps: int
    step: int
    learning_rate: float
    precision: str
    validated: int
    arrays: Mapping[str, NDArray[Any]]
    best: BestValidation | None = None


def checkpoint_types(recipe: Recipe, *, has_best: bool = False) -> dict[str, ArrayType]:
    """Return what the arrays of a checkpoint of this recipe are.

    "network/..." are the weights, "slots/0/..." what the optimizer remembers of those that are
    trained, "average/..." the means of the weights, "random/0" the state of the dropout,
    "best/..." the weights of the best validation.
    """
    shapes = recipe.architecture.weight_shapes
    types = {f"network/{name}": ArrayType(shape) for name, shape in shapes.items()}
    for slot in range(_SLOTS[recipe.optimizer]):
        for name in recipe.architecture.trained_names:
            types[f"slots/{slot}/{name}"] = ArrayType(shapes[name])
    if recipe.averaged_steps:
        types |= {f"average/{name}": ArrayType(shape) for name, shape in shapes.items()}
    if recipe.architecture.has_dropout and recipe.dropout:
        types["random/0"] = ArrayType((2,), "<i8")
    if has_best:
        types |= {f"best/{name}": ArrayType(shape) for name, shape in shapes.items()}
    return types


def best_arrays(best: Snapshot | None) -> dict[str, NDArray[Any]]:
    """Return the weights of the best validation, if there was one, as arrays of a checkpoint."""
    return {f"best/{name}": array for name, array in best.weights.items()} if best else {}


def best_snapshot(checkpoint: Checkpoint) -> Snapshot:
    """Return the weights of the best validation of a checkpoint that has `best`."""
    assert checkpoint.best is not None
    names = checkpoint.recipe.architecture.weight_shapes
    weights = {name: checkpoint.arrays[f"best/{name}"] for name in names}
    return Snapshot(checkpoint.recipe, checkpoint.best.step, weights)
