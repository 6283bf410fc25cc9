"""What a run has learnt: a snapshot to predict with, a checkpoint to resume from bit by bit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.calibration import Temperature
from mnist_gui.engine.io.archive import ArrayType, Count, Share
from mnist_gui.engine.recipe import IMPORTED, Recipe

# After fewer, a network is right by chance, however high its probabilities are.
_FEW_IMAGES = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The weights of a network after `step` steps of `recipe`, by their architecture's names.

    `temperature` divides its logits, so that its probabilities are honest; fitted at validations.
    """

    recipe: Recipe
    step: int
    weights: Mapping[str, NDArray[np.float32]]
    temperature: float = 1.0

    @property
    def calibrated_weights(self) -> dict[str, NDArray[np.float32]]:
        """Weights that give the network's probabilities without a temperature.

        In all architectures the last layer, whose outputs the temperature divides, is linear.
        """
        scale = np.float32(self.temperature)
        outputs = {name: self.weights[name] / scale for name in ("output/kernel", "output/bias")}
        return dict(self.weights) | outputs

    @property
    def uncalibrated(self) -> "Snapshot":
        """The same network without a temperature: its probabilities are as it was trained."""
        return self if self.temperature == 1 else replace(self, temperature=1.0)

    @property
    def min_margin(self) -> float:
        """The least margin of a sure prediction; infinite before it has seen a few images."""
        is_new = self.step * self.recipe.batch_size < _FEW_IMAGES and self.recipe.name != IMPORTED
        return inf if is_new else self.recipe.architecture.min_margin


MOST_SNAPSHOTS = 40
"""How many snapshots a run keeps; its steps are spread evenly on a log scale."""


def is_spaced(last: int, step: int, steps: int) -> bool:
    """Whether a run of `steps` steps keeps a snapshot at `step`, where the last is of `last`."""
    return log1p(step) - log1p(last) >= log1p(steps) / (MOST_SNAPSHOTS - 1)


def thin_out(steps: Iterable[int], most: int) -> tuple[int, ...]:
    """Return at most `most` of the steps, in order and spread evenly, the first and last of all."""
    kept = sorted(steps)
    while len(kept) > max(most, 2):
        around = zip(kept, kept[2:], strict=False)
        gaps = [log1p(after) - log1p(before) for before, after in around]
        del kept[1 + gaps.index(min(gaps))]
    return tuple(kept)


# The number of arrays that an optimizer keeps for each array it trains.
SLOTS = {"gradient-descent": 0, "momentum": 1, "adam": 2}


@dataclass(frozen=True, slots=True)
class BestValidation:
    """The best validation, after `step` steps; `since` counts those after it, none better."""

    step: Count
    accuracy: Share
    since: Count = 0
    temperature: Temperature = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run after `step` steps of `steps`, which may be more than its `recipe` had at the start.

    `learning_rate` and `precision` are those in use; `validated` is the step of the last
    validation, -1 before the first, and `temperature` what was fitted then; `arrays` are those of
    `checkpoint_types`. `best` is the best validation, kept for early stopping.
    """

    recipe: Recipe
    steps: int
    step: int
    learning_rate: float
    precision: str
    validated: int
    arrays: Mapping[str, NDArray[Any]]
    best: BestValidation | None = None
    temperature: float = 1.0


def checkpoint_types(recipe: Recipe, *, has_best: bool = False) -> dict[str, ArrayType]:
    """Return the types of the arrays in a checkpoint of this recipe.

    "network/..." are the weights, "slots/0/..." the optimizer's arrays for the trained ones,
    "average/..." the averaged weights, "random/0" the state of dropout, "best/..." the weights of
    the best validation.
    """
    shapes = recipe.architecture.weight_shapes
    groups = {"network": True, "average": recipe.averaged_steps, "best": has_best}
    types = {
        f"{group}/{name}": ArrayType(shape)
        for group, is_there in groups.items()
        if is_there
        for name, shape in shapes.items()
    }
    for slot in range(SLOTS[recipe.optimizer]):
        for name in recipe.architecture.trained_names:
            types[f"slots/{slot}/{name}"] = ArrayType(shapes[name])
    if recipe.architecture.has_dropout and recipe.dropout:
        types["random/0"] = ArrayType((2,), "<i8")
    return types


def best_arrays(best: Snapshot | None) -> dict[str, NDArray[Any]]:
    """Return the weights of the best validation, if there is one, as arrays of a checkpoint."""
    return {f"best/{name}": array for name, array in best.weights.items()} if best else {}


def best_snapshot(checkpoint: Checkpoint) -> Snapshot:
    """Return the weights of the best validation of a checkpoint that has `best`."""
    assert checkpoint.best is not None
    names = checkpoint.recipe.architecture.weight_shapes
    weights = {name: checkpoint.arrays[f"best/{name}"] for name in names}
    return Snapshot(checkpoint.recipe, checkpoint.best.step, weights, checkpoint.best.temperature)
