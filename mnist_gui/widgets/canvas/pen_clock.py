"""The time of a drawing, which begins with its first point."""

# A pen that comes back later than this has begun anew; so has one whose clock went back.
_LONGEST_PAUSE = 3_600.0
_REST = 0.3


class PenClock:
    """Turns the stamps of events, seconds of any clock, into seconds since a drawing's beginning.

    No stroke begins before an earlier one ended, whatever was opened, undone or drawn with a
    device that has another clock.
    """

    def __init__(self) -> None:
        self._beginning: float | None = None

    def begin_stroke(self, stamp: float, end: float | None) -> None:
        """Let a stroke begin; `end` is that of the stroke before in seconds, None for the first."""
        if end is None:
            self._beginning = stamp
        elif self._beginning is None or not 0 <= self.seconds(stamp) - end <= _LONGEST_PAUSE:
            self._beginning = stamp - end - _REST

    def seconds(self, stamp: float) -> float:
        """Return the seconds since the drawing's beginning."""
        return stamp - (self._beginning or 0.0)
