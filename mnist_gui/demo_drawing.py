"""A digit drawn in code, for pictures of the window."""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke


def draw_three() -> Drawing:
    """Return a three as one would write it: two bowls that meet in the middle."""
    upper = _arc((0.47, 0.31), (0.17, 0.15), start=-150, end=90)
    lower = _arc((0.47, 0.65), (0.22, 0.19), start=-90, end=150)
    return Drawing((Stroke(np.concatenate((upper, lower))),))


def _arc(
    centre: tuple[float, float], radii: tuple[float, float], *, start: float, end: float
) -> NDArray[np.float64]:
    """Return points (n, 2) on an ellipse, from one angle in degrees to another, clockwise."""
    angles = np.radians(np.linspace(start, end, 40))
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    points: NDArray[np.float64] = np.array(centre) + np.array(radii) * circle
    return points
