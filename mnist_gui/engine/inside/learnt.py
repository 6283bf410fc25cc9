"""What a network learns from one image in a few steps, as values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.filters import FirstLayer

STEP_COUNTS = (0, 1, 10, 100)
"""After how many steps a network is asked again."""


@dataclass(frozen=True, slots=True)
class LayerStep:
    """The norms of a layer's weights, of their gradient and of what the first step adds to them.

    A norm is the root of the sum of all squares. `layer` is the name of its weights.
    """

    layer: str
    weights: float
    gradient: float
    step: float

    @property
    def relative(self) -> float | None:
        """The step for each unit of the weights, None where all weights are 0."""
        return self.step / self.weights if self.weights else None


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What a copy of a network answers after the first `STEP_COUNTS`, and what its first step is.

    `probabilities` (k, 10) are without temperature, `losses` are cross-entropies of the label in
    nats; both are not finite where too large steps have ruined the copy. `gradient` and `step` are
    those of the first layer, as images.
    """

    probabilities: NDArray[np.float64]
    losses: tuple[float, ...]
    layers: tuple[LayerStep, ...]
    gradient: FirstLayer
    step: FirstLayer

    @property
    def is_complete(self) -> bool:
        """Whether all steps are taken."""
        return len(self.losses) == len(STEP_COUNTS)


def learnt_csv(learnt: Learnt) -> bytes:
    """Return all numbers as a table (quantity, of, steps, value)."""
    rows: list[tuple[str, str | int, int, float]] = []
    for steps, shares, loss in zip(STEP_COUNTS, learnt.probabilities, learnt.losses, strict=False):
        rows += [
            ("probability", digit, steps, share) for digit, share in enumerate(shares.tolist())
        ]
        rows.append(("loss", "label", steps, loss))
    for layer in learnt.layers:
        rows.append(("norm of weights", layer.layer, 0, layer.weights))
        rows.append(("norm of gradient", layer.layer, 0, layer.gradient))
        rows.append(("norm of step", layer.layer, 1, layer.step))
    return table_csv(("quantity", "of", "steps", "value"), rows)
