"""A network at one moment: the recipe it is trained with, and its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.recipe import IMPORTED, Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The weights of a network after `step` steps of `recipe`.

    `weights` maps the names of the recipe's architecture to float32 arrays of its shapes.
    """

    recipe: Recipe
    step: int
    weights: Mapping[str, NDArray[np.float32]]

    @property
    def has_learnt(self) -> bool:
        """Whether the weights are more than those that a run starts with."""
        return self.step > 0 or self.recipe.name == IMPORTED

    @property
    def least_margin(self) -> float:
        """By how much a digit must lead the next to be read; no lead is enough before learning."""
        return self.recipe.architecture.least_margin if self.has_learnt else inf
