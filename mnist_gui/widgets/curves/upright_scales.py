"""From values to places on the upright axes, and how far these reach."""

from math import ceil, floor, log10

import numpy as np

from mnist_gui.widgets.curves.curve_data import Values

LEAST_ERROR = 0.01
_LEAST_LOSS = 1e-5


def in_percent(values: Values, _images: float) -> Values:
    """Place shares on an axis of percentages."""
    return 100 * values


def log_error(values: Values, images: float) -> Values:
    """Place error rates; where not one of the images was read wrong, as if half a one was."""
    return np.log10(np.maximum(100 * (1 - values), max(50 / images, LEAST_ERROR)))


def log_loss(values: Values, _images: float) -> Values:
    """Place losses on an axis of powers of ten."""
    return np.log10(np.maximum(values, _LEAST_LOSS))


def percent_range(values: Values) -> tuple[float, float]:
    """Return the range of percentages, to 100 and a little more.

    It grows in steps of ten, so that the axis does not tremble while curves grow.
    """
    low = 10 * float(np.floor(values.min() / 10)) if len(values) else 0.0
    return low, 100 + 0.04 * (100 - low)


def error_range(values: Values) -> tuple[float, float]:
    """Return the range of error rates' places.

    No error at all lies infinitely far down; such points leave the plot at its bottom.
    """
    return log_range(values[values > log10(LEAST_ERROR)], 0.0, 2.0)


def log_range(values: Values, low: float, high: float) -> tuple[float, float]:
    """Return the range of values with some room, or low and high where there are none.

    It grows by tenths of a power of ten, so that the axis does not tremble.
    """
    if not len(values):
        return low, high
    return floor(10 * values.min() - 0.5) / 10, ceil(10 * values.max() + 0.5) / 10
