"""Which of the user's digits are shown, and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from mnist_gui.engine.digits.model import KeptDigit, OwnReading


class Outcome(Enum):
    """How the network reads a digit."""

    ANY = "any"
    WRONG = "wrong"
    RIGHT = "right"


class Order(Enum):
    """By what the digits are sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LABEL = "label"
    HARDEST = "hardest"


@dataclass(frozen=True, slots=True)
class DigitChoice:
    """A label, or any; right or wrong, or both; an order. Hardest first: by the label's share."""

    label: int | None = None
    outcome: Outcome = Outcome.ANY
    order: Order = Order.NEWEST

    def of(self, digits: Sequence[KeptDigit], reading: OwnReading | None) -> list[KeptDigit]:
        """Return the digits chosen; while nothing was read, none is right or wrong."""
        chosen = [digit for digit in digits if self._has(digit, reading)]
        match self.order:
            case Order.NEWEST:
                # The last lines first, of the same time as well.
                chosen.reverse()
                chosen.sort(key=lambda digit: digit.time, reverse=True)
            case Order.OLDEST:
                chosen.sort(key=lambda digit: digit.time)
            case Order.LABEL:
                chosen.sort(key=lambda digit: digit.label)
            case Order.HARDEST:
                chosen.sort(key=lambda digit: _own_share(digit, reading))
        return chosen

    def _has(self, digit: KeptDigit, reading: OwnReading | None) -> bool:
        if self.label not in (None, digit.label):
            return False
        if self.outcome is Outcome.ANY:
            return True
        is_right = is_read_right(digit, reading)
        return is_right is not None and is_right is (self.outcome is Outcome.RIGHT)


def is_read_right(digit: KeptDigit, reading: OwnReading | None) -> bool | None:
    """Whether the network reads the digit as what it is; None if it has not read it."""
    prediction = reading.prediction(digit) if reading else None
    return None if prediction is None else prediction.digit == digit.label


def _own_share(digit: KeptDigit, reading: OwnReading | None) -> float:
    shares = reading.probabilities.get(digit.identity) if reading else None
    return 1.0 if shares is None else float(shares[digit.label])
