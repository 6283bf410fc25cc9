"""Which points lie inside a line that was drawn round them."""

import numpy as np
from numpy.typing import NDArray


def inside(points: NDArray[np.floating], line: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return for each point (n, 2) whether it is inside the closed line (m, 2), by the even-odd
    rule: from there to the right, the line is crossed an odd number of times.
    """
    within = np.zeros(len(points), np.bool_)
    if len(line) < 3:
        return within
    near = np.flatnonzero(((points >= line.min(axis=0)) & (points <= line.max(axis=0))).all(axis=1))
    x, y = points[near].T
    odd = np.zeros(len(near), np.bool_)
    for start, end in zip(line, np.roll(line, -1, axis=0), strict=True):
        crosses = (start[1] > y) != (end[1] > y)
        if crosses.any():
            at = start[0] + (y[crosses] - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
            odd[crosses] ^= x[crosses] < at
    within[near] = odd
    return within
