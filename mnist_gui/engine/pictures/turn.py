"""Tell whether a picture lies on its side or its head."""

from contextlib import suppress

import numpy as np

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.snapshot import Snapshot

# A picture is turned only if it reads worse than this as it is, and turned so much better than
# as it is and than in any other turn.
_WELL_READ = 0.75
_LEAD = 0.15
# One digit alone may be a 6 or a 9: it is not turned.
_MIN_DIGITS = 2


def is_poorly_read(prediction: PicturePrediction) -> bool:
    """Tell whether a picture reads so poorly that it may lie on its side."""
    return len(prediction.digits) >= _MIN_DIGITS and _quality(prediction) < _WELL_READ


def digits_in_turns(picture: Picture) -> dict[int, tuple[FoundDigit, ...]]:
    """Return the digits after one, two and three quarter turns to the left, where there are any."""
    found = {}
    for turns in (1, 2, 3):
        with suppress(PictureError):
            found[turns] = find_digits(picture.turned(turns))
    return {turns: digits for turns, digits in found.items() if len(digits) >= _MIN_DIGITS}


def better_turn(
    prediction: PicturePrediction,
    in_turns: dict[int, tuple[FoundDigit, ...]],
    snapshot: Snapshot,
    classifier: Classifier,
) -> int:
    """Return how many quarter turns to the left read much better than a prediction; mostly 0."""
    qualities = {0: _quality(prediction)} | {
        turns: _quality(predict_digits(digits, snapshot, classifier))
        for turns, digits in in_turns.items()
    }
    best, *others = sorted(qualities, key=lambda turns: qualities[turns], reverse=True)
    is_clear = all(qualities[best] >= qualities[other] + _LEAD for other in others)
    return best if is_clear else 0


def _quality(prediction: PicturePrediction) -> float:
    """Return how well digits are read: the mean of how much each looks like what it is read as."""
    each = [read.digit_score * read.probability for read in prediction.predictions]
    return float(np.mean(each))
