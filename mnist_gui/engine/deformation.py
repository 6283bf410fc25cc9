"""Smooth deformations of strokes: what differs when one shape is drawn again."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Deformation:
    """How each of n drawings is changed; `points` are about 1 high, around the origin.

    `waves` (8, n) are the sizes, then the halved phases, of the sine waves by which it is bent;
    `aspect` (n,) is what its width is multiplied by, `slant` (n,) how far it leans to the right
    for each unit of height, `turn` (n,) the angle in radians, clockwise, about the origin.
    """

    waves: _Floats
    aspect: _Floats
    slant: _Floats
    turn: _Floats

    def apply(self, points: _Floats, owner: NDArray[np.int64]) -> _Floats:
        """Return the points (n, 2) moved; `owner` (n,) tells the drawing each belongs to."""
        x, y = points.T
        bend_x, bend_y = _bends(x, y, self.waves[:, owner])
        y = y + bend_y
        x = (x + bend_x) * self.aspect[owner] - self.slant[owner] * y
        cos, sin = np.cos(self.turn)[owner], np.sin(self.turn)[owner]
        return np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)


def _bends(x: _Floats, y: _Floats, waves: _Floats) -> tuple[_Floats, _Floats]:
    """Return displacements (n,) along x and y: two sine waves (8, n) each."""
    sizes, phases = waves[:4], 2 * waves[4:]
    along_x = sizes[0] * np.sin(4 * y + phases[0]) + sizes[1] * np.sin(3 * x + phases[1])
    along_y = sizes[2] * np.sin(4 * x + phases[2]) + sizes[3] * np.sin(3 * y + phases[3])
    return along_x, along_y
