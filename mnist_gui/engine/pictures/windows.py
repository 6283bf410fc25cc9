"""Square windows that run over a grid: the largest value in them, their mean, how ink spreads."""

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float32]
_Flags: TypeAlias = NDArray[np.bool_]
_Value = TypeVar("_Value", np.float32, np.bool_)


def window_maximum(grid: _Floats, window: int) -> _Floats:
    """Return the largest value (h, w) in a centred square of odd side; beyond the grid is none."""
    return _running_maximum(_running_maximum(grid, window, -np.inf).T, window, -np.inf).T


def spread(flags: _Flags, reach: int) -> _Flags:
    """Return which places (h, w) have a flag at most `reach` away, along each axis."""
    window = 2 * reach + 1
    return _running_maximum(_running_maximum(flags, window, 0).T, window, 0).T


def window_mean(grid: _Floats, window: int) -> _Floats:
    """Return the mean (h, w) of a centred square, of less than it at the edges."""
    mean = grid.astype(np.float64)
    for _ in range(2):
        sums = np.pad(np.cumsum(mean, axis=0), ((1, 0), (0, 0)))
        places = np.arange(len(mean))
        low = np.maximum(places - window // 2, 0)
        high = np.minimum(places + window // 2 + 1, len(mean))
        mean = ((sums[high] - sums[low]) / (high - low)[:, np.newaxis]).T
    return mean.astype(np.float32)


def _running_maximum(grid: NDArray[_Value], window: int, nothing: float) -> NDArray[_Value]:
    """Return the maximum of a centred odd window along each column."""
    half = window // 2
    running: NDArray[_Value] = np.pad(grid, ((half, half), (0, 0)), constant_values=nothing)
    reach = 1
    # A maximum over twice the reach is that of two maxima, so that few passes do.
    while reach < window:
        step = min(reach, window - reach)
        running = np.maximum(running[:-step], running[step:])
        reach += step
    return running
