"""Where axes end and where they are marked, and how."""

from math import ceil, floor, log10

from mnist_gui.gui.common.labels import count

Tick = tuple[float, str]

_COARSE = (1, 2, 5)
_FINE = (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
_SPARSE = (1, 3)
_ENDS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def log_ticks(low: float, high: float, most: int = 7) -> list[Tick]:
    """Return ticks from 10**low to 10**high: positions (powers of ten) and texts such as "0.5"."""
    for factors in (_FINE, _COARSE, _SPARSE, (1,)):
        ticks = _ticks(low, high, factors)
        if len(ticks) <= most:
            return ticks
    stride = ceil(len(ticks) / most)
    return ticks[::stride]


def linear_ticks(low: float, high: float, most: int = 9) -> list[Tick]:
    """Return ticks at whole multiples of 1, 2, 5, 10, 20 ... from low to high."""
    widest = max((high - low) / max(most - 1, 1), 1)
    power = 10 ** floor(log10(widest))
    spacing = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= widest)
    places = range(ceil(low / spacing), floor(high / spacing) + 1)
    return [(float(place * spacing), count(place * spacing)) for place in places]


def axis_end(step: float) -> float:
    """Return a round number of steps not below `step`: an axis that ends there seldom moves."""
    if step <= 1:
        return 1.0
    power = 10.0 ** floor(log10(step))
    return min(end * power for end in _ENDS if end * power >= step)


def _ticks(low: float, high: float, factors: tuple[float, ...]) -> list[Tick]:
    powers = range(floor(low), ceil(high) + 1)
    values = (factor * 10.0**power for power in powers for factor in factors)
    return [(log10(value), f"{value:.6g}") for value in values if low <= log10(value) <= high]
