"""Where in an image most of the evidence lies, coarsely enough to be said in a few words."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

_MOST = 0.5


class Height(Enum):
    """A third of the ink's square, from its upper side down; ANY if none holds most."""

    ANY = -1
    UPPER = 0
    MIDDLE = 1
    LOWER = 2


class Side(Enum):
    """The left or the right third of the ink's square; ANY if neither holds most."""

    ANY = -1
    LEFT = 0
    RIGHT = 2


def main_place(weights: NDArray[np.float64]) -> tuple[Height, Side]:
    """Return where more than half of the positive weights (28, 28) lies.

    The thirds are those of the square around all pixels whose weight is not zero, so that a
    slender 1 lies neither left nor right.
    """
    rows, columns = np.nonzero(weights)
    mass = weights[rows, columns].clip(min=0)
    if not mass.any():
        return Height.ANY, Side.ANY
    side = max(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    column = _main_third(columns, mass, side)
    return Height(_main_third(rows, mass, side)), Side.ANY if column == 1 else Side(column)


def _main_third(indices: NDArray[np.int64], mass: NDArray[np.float64], side: int) -> int:
    middle = (int(indices.min()) + int(indices.max()) + 1) / 2
    places = (indices + 0.5 - middle) / side + 0.5
    shares = np.bincount((3 * places).astype(np.int64), weights=mass, minlength=3) / mass.sum()
    largest = int(shares.argmax())
    return largest if shares[largest] > _MOST else -1
