"""What a learning-rate range test measures: losses at growing rates, and where rates are safe.

Source: L. N. Smith, Cyclical learning rates for training neural networks, 2017, sec. 3.3.
"""

from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

FIRST_RATE, LAST_RATE = 1e-6, 10.0

_KEPT = 0.85
# A loss so many times as high as the lowest one has exploded.
_EXPLODED = 4.0
# The loss before it falls is that of so many batches.
_FIRST = 10
# The shares of its fall at which the zone begins, a rate is suggested, and the zone ends.
_SHARES = (0.1, 0.8, 0.9)
# The loss has to fall by this share to say anything.
_LEAST_FALL = 0.1

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SafeZone:
    """Learning rates between which training is fast and safe, and one of them to begin with."""

    low: float
    high: float
    suggested: float


@dataclass(frozen=True, eq=False)
class RateTest:
    """The loss of each batch (n,) and the rate of the step that followed it (n,).

    `steps` is how many batches there are if the loss does not explode before.
    """

    rates: Values
    losses: Values
    steps: int
    is_over: bool = False

    def __len__(self) -> int:
        return len(self.losses)

    @cached_property
    def smoothed(self) -> Values:
        """The losses' exponential average (n,), corrected for its beginning at nothing."""
        return smoothed(self.losses)

    @property
    def has_exploded(self) -> bool:
        """Whether the loss is far above its lowest, or the test ended before its last rate."""
        if self.is_over and len(self) < self.steps:
            return True
        return bool(len(self)) and bool(self.smoothed[-1] > _EXPLODED * self.smoothed.min())

    @cached_property
    def zone(self) -> SafeZone | None:
        """The safe zone by the smoothed loss; None if that never falls by a tenth.

        It goes from the rate at which a tenth of the fall is done to that at which nine tenths
        are; the rate at which four fifths are done, with one digit, is suggested.
        """
        if not len(self):
            return None
        start, end = float(self.losses[:_FIRST].mean()), float(self.smoothed.min())
        if end > (1 - _LEAST_FALL) * start:
            return None
        levels = (start - share * (start - end) for share in _SHARES)
        low, suggested, high = (self._rate_below(level) for level in levels)
        return SafeZone(low, high, _rounded(suggested))

    def loss_at(self, rate: float) -> float | None:
        """Return the smoothed loss at a rate; None where it was not tested."""
        if not len(self) or not self.rates[0] <= rate <= self.rates[-1]:
            return None
        return float(np.interp(np.log(rate), np.log(self.rates), self.smoothed))

    def _rate_below(self, level: float) -> float:
        """Return the first rate at which the smoothed loss is not above a level."""
        return float(self.rates[np.argmax(self.smoothed <= level)])


def smoothed(values: Values) -> Values:
    """Return the exponential average up to each value (n,): each keeps 0.85 of the one before.

    Divided by its weights' sum, as it begins at 0: D. P. Kingma and J. Ba, Adam, 2015, sec. 3.
    """
    averages, average = np.empty_like(values), 0.0
    for place, value in enumerate(values.tolist()):
        average = _KEPT * average + (1 - _KEPT) * value
        averages[place] = average / (1 - _KEPT ** (place + 1))
    return averages


def growing_rates(steps: int, first: float = FIRST_RATE, last: float = LAST_RATE) -> Values:
    """Return `steps` rates from first to last, each the same factor above the one before."""
    return first * (last / first) ** (np.arange(steps) / max(steps - 1, 1))


def _rounded(rate: float) -> float:
    """Return the rate with one digit: 0.004."""
    return float(round(rate, -floor(log10(rate))))
