"""What was read of a drawing while it was drawn: probabilities against pen time."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PenTrace:
    """Readings of an unfinished drawing, in the order of its growth.

    `duration` is the whole drawing's, in seconds; `seconds` (n,) float64 are the moments at which
    it was read, and `probabilities` (n, 10) float32 what was read.
    """

    duration: float
    seconds: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    probabilities: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 10), "f4"))

    def with_reading(self, seconds: float, probabilities: NDArray[np.float32]) -> "PenTrace":
        """Return this trace and what was read at one more moment, not before the last."""
        return PenTrace(
            self.duration,
            np.append(self.seconds, seconds),
            np.append(self.probabilities, probabilities[np.newaxis], axis=0),
        )

    def digits(self, least: float) -> list[int]:
        """Return the digits that were ever so likely, the one that is likeliest last at the end."""
        if not len(self.seconds):
            return []
        ever = np.flatnonzero(self.probabilities.max(axis=0) >= least)
        return sorted(ever.tolist(), key=lambda digit: float(self.probabilities[-1, digit]))
