"""Trace the strokes of a digit in a picture, so that it becomes a drawing like any other.

Source of the thinning: T. Y. Zhang and C. Y. Suen, A fast parallel algorithm for thinning digital
patterns, 1984.
"""

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke

_FINER = 4
_THRESHOLD = 0.4
# In pixels of the image: shorter lines are the rough edge of thick ink, not strokes.
_SHORTEST = 2.0
_SMOOTHING = 2.0
_Place = tuple[int, int]
# The neighbours of a pixel, clockwise from the one above: row and column.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def trace_strokes(image: NDArray[np.uint8]) -> Drawing:
    """Return strokes along the middle of the ink in an image (28, 28); the canvas is the image.

    Empty if there is no ink.
    """
    from scipy import ndimage

    if not image.any():
        return Drawing()
    finer = ndimage.zoom(image.astype(np.float64), _FINER, order=1, grid_mode=True, mode="nearest")
    ink = finer > _THRESHOLD * finer.max()
    thin = _thinned(ink)
    # Nothing is left of a dot.
    lines = _lines(thin if thin.any() else ink)
    side = _FINER * len(image)
    long = [line for line in lines if len(line) > _SHORTEST * _FINER] or [max(lines, key=len)]
    return Drawing(tuple(Stroke((_smooth(line) + 0.5) / side) for line in long))


def _thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ink thinned to lines one pixel wide."""
    ink = np.pad(ink, 1)
    changed = True
    while changed:
        changed = False
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            around = np.stack([np.roll(ink, (-y, -x), (0, 1)) for y, x in _AROUND])
            count = around.sum(axis=0)
            begins = (~around & np.roll(around, -1, axis=0)).sum(axis=0)
            goes = ink & (count >= 2) & (count <= 6) & (begins == 1)
            goes &= ~around[list(first)].all(axis=0) & ~around[list(second)].all(axis=0)
            ink = ink & ~goes
            changed |= bool(goes.any())
    return ink[1:-1, 1:-1]


def _lines(thin: NDArray[np.bool_]) -> list[list[_Place]]:
    """Return lines of places (row, column) that go over all pixels, each as straight as it can."""
    left = {(int(y), int(x)) for y, x in np.argwhere(thin)}
    every = set(left)
    lines = []
    while left:
        # Lines begin at ends, or where another line was.
        line = [min(left, key=lambda place: (len(_near(place, every)), place))]
        left.discard(line[0])
        while following := _near(line[-1], left):
            line.append(min(following, key=lambda place: _turn(line, place)))
            left.discard(line[-1])
        joined = [place for place in _near(line[0], every) if place not in line]
        lines.append(joined[:1] + line)
    return lines


def _near(place: _Place, places: set[_Place]) -> list[_Place]:
    return [near for y, x in _AROUND if (near := (place[0] + y, place[1] + x)) in places]


def _turn(line: list[_Place], place: _Place) -> float:
    """Return how far a place is from where the line is heading."""
    before = line[-min(len(line), _FINER)]
    ahead = (2 * line[-1][0] - before[0], 2 * line[-1][1] - before[1])
    return (place[0] - ahead[0]) ** 2 + (place[1] - ahead[1]) ** 2


def _smooth(line: list[_Place]) -> NDArray[np.float64]:
    """Return the points (n, 2) of x, y, without the steps of the pixels."""
    from scipy import ndimage

    points = np.array(line, np.float64)[:, ::-1]
    smooth: NDArray[np.float64] = ndimage.gaussian_filter1d(points, _SMOOTHING, 0, mode="nearest")
    return smooth
