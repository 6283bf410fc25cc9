"""Learning-rate schedules: how the learning rate changes with the step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# The one-cycle schedule: fractions of the steps and of the learning rate.
_WARM_UP = 0.25
_START = 0.1
_END = 0.01
_EXTENDED = 0.1


def one_cycle(share: Any, maths: Any) -> Any:
    """Return the factor of the learning rate after this share of the steps.

    It rises from 0.1 to 1 in the first quarter of the run, then falls linearly to 0.01; added
    steps have 0.1. `maths` is TensorFlow or NumPy, as `share` is. Source: L. N. Smith and
    N. Topin, Super-convergence, 2018.
    """
    rising = _START + (1 - _START) * share / _WARM_UP
    falling = 1 - (1 - _END) * (share - _WARM_UP) / (1 - _WARM_UP)
    return maths.where(share < 1, maths.minimum(rising, falling), _EXTENDED)


def learning_rate_factors(
    schedule: str, steps_done: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Return the factors of the learning rate for many steps at once (n,), without TensorFlow."""
    if schedule == "constant":
        return np.ones_like(steps_done)
    factors: NDArray[np.float64] = one_cycle(steps_done / steps, np)
    return factors
