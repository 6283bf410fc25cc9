"""A stroke while it is drawn."""

from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Stroke
from mnist_gui.widgets.canvas.pen_point import PenPoint

# Closer points change neither the picture nor the reading, but cost memory.
_NEAREST = 1 / 400
# A straight line has points so near to each other that no curve bends it.
_STRAIGHT_SPACING = 1 / 50


class GrowingStroke:
    """Collects points of the unit square; adding one is cheap however many there are.

    A point's `stamp` is in seconds since the drawing's first. Pressures are kept if the first
    point has one.
    """

    def __init__(self, point: PenPoint) -> None:
        # x, y, seconds, pressure.
        self._rows = np.empty((64, 4))
        self._rows[0] = _row(point)
        self._size = 1
        self._anchor: int | None = None
        self._has_pressure = point.pressure is not None

    def __len__(self) -> int:
        return self._size

    @property
    def steady(self) -> int:
        """How many points stay whatever comes; a straight line still follows the pointer."""
        return self._size if self._anchor is None else self._anchor + 1

    def add(self, point: PenPoint) -> bool:
        """Take in a point; False if it is too close to the last one to matter."""
        row = _row(point)
        # Devices' clocks may go back; a pen may forget to tell its pressure.
        before = self.steady if point.is_straight else self._size
        row[2] = max(row[2], self._rows[before - 1, 2])
        if np.isnan(row[3]):
            row[3] = self._rows[self._size - 1, 3]
        if point.is_straight:
            return self._stretch_line(row)
        last = self._rows[self._size - 1]
        if np.abs(row[:2] - last[:2]).max() < _NEAREST:
            return False
        # A point that is there twice is a corner: the straight line stays one to its end.
        self._append(np.stack((last, row)) if self._anchor is not None else row[np.newaxis])
        self._anchor = None
        return True

    def recent(self, count: int) -> NDArray[np.float64]:
        """Return the places (n, 2) of so many of the newest points, and of all that may change."""
        return self._rows[max(0, self.steady - count) : self._size, :2]

    def stroke(self) -> Stroke:
        """Return what was drawn so far."""
        rows = self._rows[: self._size]
        pressures = rows[:, 3] if self._has_pressure else None
        return Stroke(rows[:, :2], rows[:, 2], pressures)

    def _stretch_line(self, row: NDArray[np.float64]) -> bool:
        if self._anchor is None:
            self._anchor = self._size - 1
        self._size = self._anchor + 1
        start = self._rows[self._anchor]
        length = hypot(*(row - start)[:2])
        if length >= _NEAREST:
            # Its first point is there twice as well.
            self._append(np.linspace(start, row, ceil(length / _STRAIGHT_SPACING) + 1))
        return True

    def _append(self, rows: NDArray[np.float64]) -> None:
        needed = self._size + len(rows)
        if needed > len(self._rows):
            spare = np.empty((max(needed, len(self._rows)), 4))
            self._rows = np.concatenate((self._rows[: self._size], spare))
        self._rows[self._size : needed] = rows
        self._size = needed


def _row(point: PenPoint) -> NDArray[np.float64]:
    pressure = np.nan if point.pressure is None else min(max(point.pressure, 0.0), 1.0)
    return np.array([point.x, point.y, max(point.stamp, 0.0), pressure])
