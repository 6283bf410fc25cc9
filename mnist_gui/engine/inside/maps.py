"""What a layer makes of an image, as a few small pictures."""

from math import ceil, sqrt

import numpy as np

from mnist_gui.engine.inside.forward import Numbers

MOST_MAPS = 4
"""So many of a layer's maps are shown, the first ones: the same from layer to layer."""


def few_maps(output: Numbers) -> Numbers:
    """Return the first maps (n, rows, columns) of an output (rows, columns, maps).

    The numbers of a row (units,) are written line by line into one square, with 0 for what is left
    of it. What is not finite counts as 0.
    """
    output = np.nan_to_num(output, posinf=0, neginf=0)
    if output.ndim == 1:
        side = ceil(sqrt(len(output)))
        square = np.zeros(side * side, np.float32)
        square[: len(output)] = output
        return square.reshape(1, side, side)
    return np.moveaxis(output[..., :MOST_MAPS], -1, 0)
