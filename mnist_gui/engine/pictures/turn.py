"""Tell whether a picture lies on its side or its head."""

import numpy as np

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.result import Picture, PicturePrediction
from mnist_gui.engine.snapshot import Snapshot

# A picture is turned only if it reads worse than this as it is, and turned so much better than
# as it is and than in any other turn.
_WELL_READ = 0.75
_LEAD = 0.15
# One digit alone may be a 6 or a 9.
_MIN_DIGITS = 2


def better_turn(
    picture: Picture,
    prediction: PicturePrediction | None,
    snapshot: Snapshot,
    classifier: Classifier,
) -> int:
    """Return by how many quarter turns to the left a picture reads much better; mostly 0.

    `prediction` is what is read of the picture as it is, None for no digits.
    """
    qualities = [_quality(prediction)]
    if qualities[0] >= _WELL_READ:
        return 0
    for turns in (1, 2, 3):
        try:
            digits = find_digits(picture.turned(turns))
        except PictureError:
            qualities.append(0.0)
        else:
            qualities.append(_quality(predict_digits(digits, snapshot, classifier)))
    best = int(np.argmax(qualities))
    others = max(quality for turns, quality in enumerate(qualities) if turns != best)
    return best if qualities[best] >= others + _LEAD else 0


def _quality(prediction: PicturePrediction | None) -> float:
    """Return how well digits are read: the mean of how much each looks like what it is read as."""
    if prediction is None or len(prediction.digits) < _MIN_DIGITS:
        return 0.0
    each = [read.digit_score * read.probability for read in prediction.predictions]
    return float(np.mean(each))
