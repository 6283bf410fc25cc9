"""A network at one moment: the recipe it is trained with, and its weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.recipe import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The weights of a network after `step` steps of `recipe`.

    `weights` maps the names of the recipe's architecture to float32 arrays of its shapes.
    """

    recipe: Recipe
    step: int
    weights: Mapping[str, NDArray[np.float32]]
