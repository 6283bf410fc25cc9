"""Where a logarithmic axis is marked, and how."""

from math import ceil, floor, log10

Tick = tuple[float, str]

_COARSE = (1, 2, 5)
_FINE = (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)
_SPARSE = (1, 3)


def log_ticks(low: float, high: float, most: int = 7) -> list[Tick]:
    """Return ticks from 10**low to 10**high: places (powers of ten) and texts such as "0.5"."""
    for factors in (_FINE, _COARSE, _SPARSE, (1,)):
        ticks = _ticks(low, high, factors)
        if len(ticks) <= most:
            return ticks
    stride = ceil(len(ticks) / most)
    return ticks[::stride]


def _ticks(low: float, high: float, factors: tuple[float, ...]) -> list[Tick]:
    powers = range(floor(low), ceil(high) + 1)
    values = (factor * 10.0**power for power in powers for factor in factors)
    return [(log10(value), f"{value:.6g}") for value in values if low <= log10(value) <= high]
