"""Made-up digits of a user's own, and what a network says of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from mnist_gui.engine.digits.model import UserDigit, UserDigitPredictions
from mnist_gui.engine.drawing import Drawing, Stroke
from tests.gui.scripted import prediction

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def kept(labels: Sequence[int]) -> tuple[UserDigit, ...]:
    """Return digits "0", "1" ... with these labels, each drawn a minute after the one before."""
    return tuple(
        UserDigit(
            str(place),
            Drawing((Stroke([[0.5, 0.1], [0.5, 0.2 + place % 7 / 10]]),)),
            label,
            DAY + timedelta(minutes=place),
        )
        for place, label in enumerate(labels)
    )


def reading(read_as: Sequence[int], probability: float = 0.9) -> UserDigitPredictions:
    """Return what was said of the digits "0", "1" ..."""
    rows = {str(n): prediction(digit, probability).probabilities for n, digit in enumerate(read_as)}
    return UserDigitPredictions("cnn-best", 4_900, rows)
