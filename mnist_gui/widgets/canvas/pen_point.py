"""What a pen, a finger or a mouse reports: one place, and how it got there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PenPoint:
    """A place in the unit square, and when it was reported, in seconds of any clock.

    `pressure` is 0..1 where the device tells it. `is_straight` asks for a straight line to here
    from where that was asked for first.
    """

    x: float
    y: float
    stamp: float
    pressure: float | None = None
    is_straight: bool = False

    @property
    def place(self) -> tuple[float, float]:
        """The place alone."""
        return self.x, self.y

    @property
    def is_on_canvas(self) -> bool:
        """Whether it lies in the unit square; a pen may leave it once it is down."""
        return 0 <= self.x <= 1 and 0 <= self.y <= 1
