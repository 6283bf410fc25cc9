"""How the learning rate changes over a run."""

from typing import Any

_WARM_UP = 0.25
_START = 0.1
_END = 0.01
_EXTENDED = 0.1


def learning_rate_factor(schedule: str, step: Any, steps: int) -> Any:
    """Return by what the recipe's learning rate is multiplied in this step (int64 tensor).

    "one-cycle" climbs from a tenth to the whole in the first quarter of the run, then falls
    evenly to a hundredth (L. N. Smith and N. Topin, Super-convergence, 2018); a run that is
    extended goes on at a tenth.
    """
    import tensorflow as tf

    if schedule == "constant":
        return tf.constant(1.0)
    share = tf.cast(step, tf.float32) / steps
    rising = _START + (1 - _START) * share / _WARM_UP
    falling = 1 - (1 - _END) * (share - _WARM_UP) / (1 - _WARM_UP)
    return tf.where(share < 1, tf.minimum(rising, falling), _EXTENDED)
