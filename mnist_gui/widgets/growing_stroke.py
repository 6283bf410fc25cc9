"""A stroke while it is drawn."""

import numpy as np

from mnist_gui.engine.strokes import Stroke

# Closer points change neither the picture nor the reading, but cost memory.
_NEAREST = 1 / 400


class GrowingStroke:
    """Collects points of the unit square; adding one is cheap however many there are."""

    def __init__(self, x: float, y: float) -> None:
        self._points = np.empty((64, 2), dtype=np.float32)
        self._points[0] = (x, y)
        self._size = 1

    def __len__(self) -> int:
        return self._size

    @property
    def last(self) -> tuple[float, float]:
        """The newest point, x and y."""
        x, y = self._points[self._size - 1]
        return float(x), float(y)

    def add(self, x: float, y: float) -> bool:
        """Take in a point; False if it is too close to the last one to matter."""
        last_x, last_y = self.last
        if max(abs(x - last_x), abs(y - last_y)) < _NEAREST:
            return False
        if self._size == len(self._points):
            self._points = np.concatenate((self._points, np.empty_like(self._points)))
        self._points[self._size] = (x, y)
        self._size += 1
        return True

    def stroke(self) -> Stroke:
        """Return what was drawn so far."""
        return Stroke(self._points[: self._size])
