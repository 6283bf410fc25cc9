"""Snapshots: a network's weights after a step, and the recipe it is trained with."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.recipe import IMPORTED, Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The weights of a network after `step` steps of `recipe`, by their architecture's names."""

    recipe: Recipe
    step: int
    weights: Mapping[str, NDArray[np.float32]]

    @property
    def is_trained(self) -> bool:
        """Whether the weights are other than a run's initial ones."""
        return self.step > 0 or self.recipe.name == IMPORTED

    @property
    def min_margin(self) -> float:
        """The least margin of a sure prediction; infinite before training."""
        return self.recipe.architecture.min_margin if self.is_trained else inf
