"""Splits values into two kinds, a low and a high one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BINS = 128


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """The value between two kinds, and the mean of each."""

    between: float
    low: float
    high: float


def split_in_two(values: NDArray[np.float32]) -> TwoKinds:
    """Return where values split best: as far apart as possible for their numbers.

    Equal values, or none, are of one kind: all three are then their mean. Source: N. Otsu, A
    threshold selection method from gray-level histograms, 1979.
    """
    counts, edges = np.histogram(values, _BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    possible = (below > 0) & (above > 0)
    if not possible.any():
        mean = float(values.mean()) if values.size else 0.0
        return TwoKinds(mean, mean, mean)
    low = sums[possible] / below[possible]
    high = (sums[-1] - sums[possible]) / above[possible]
    apart = below[possible] * above[possible] * (high - low) ** 2
    best = int(apart.argmax())
    between = float(edges[1:][possible][best])
    return TwoKinds(between, float(low[best]), float(high[best]))
