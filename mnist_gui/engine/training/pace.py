"""How many steps go into one call, so that a call is worth its overhead and a stop is soon."""

_MOST_GROWTH = 4.0


class Pace:
    """Adjusts the number of steps in a call to the time that calls take.

    `target` is the time in seconds that a call should take.
    """

    def __init__(self, target: float) -> None:
        self._target = target
        self._steps = 1.0

    @property
    def steps(self) -> int:
        """How many steps the next call should run."""
        return max(1, round(self._steps))

    def adjust(self, steps: int, seconds: float) -> None:
        """Learn that a call of so many steps took so long."""
        wanted = steps * self._target / max(seconds, 1e-6)
        self._steps = min(max(wanted, 1.0), self._steps * _MOST_GROWTH)
