"""What the prediction panel shows, wherever it comes from."""

from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.prediction import Certainty, NumberPrediction, Prediction


class Source(Enum):
    """Where the digit that is displayed comes from."""

    DRAWING = auto()
    REPLAY = auto()
    TEST_IMAGE = auto()
    TRAINING_IMAGE = auto()
    """Of the training file, in which the images of validation come first."""
    PICTURE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Displayed:
    """What the prediction panel shows: a digit, where it comes from, and what the network predicts.

    `drawing` is what was drawn, or replayed so far; images of other sources have none. `image`
    (28, 28) uint8 is None until it is made, and for several digits, which `prediction` holds each
    with its own. `prediction` is None until the network has answered: what is shown of an earlier
    moment stays till then. The canvas may be ahead of the drawing that was predicted. `label` is
    the true digit of an image of the data set, `index` its number in its file, or the place of a
    picture's digit, both from 0. `problem` says why there is no prediction.
    """

    source: Source = Source.DRAWING
    drawing: Drawing = field(default_factory=Drawing)
    image: NDArray[np.uint8] | None = None
    prediction: Prediction | NumberPrediction | None = None
    index: int | None = None
    label: int | None = None
    problem: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether it was drawn on the canvas, or is drawn again."""
        return self.source in (Source.DRAWING, Source.REPLAY)

    @property
    def is_of_dataset(self) -> bool:
        """Whether it is a test image or a training image."""
        return self.source in (Source.TEST_IMAGE, Source.TRAINING_IMAGE)

    @property
    def digit(self) -> tuple[NDArray[np.uint8] | None, Prediction | None]:
        """The image and the prediction of the digit; of several, those of the least sure one."""
        if isinstance(self.prediction, NumberPrediction):
            digit = self.prediction.digits[self.prediction.least_sure]
            return digit.image, digit.prediction
        return self.image, self.prediction


def doubt(prediction: Prediction) -> str:
    """Return the question that a prediction leaves open; "" if it is sure."""
    match prediction.certainty:
        case Certainty.SURE:
            return ""
        case Certainty.UNDECIDED:
            text = QCoreApplication.translate("verdict", "{first} or {second}?")
        case Certainty.NOT_A_DIGIT:
            text = QCoreApplication.translate(
                "verdict", "Not a digit? (closest: {first}, then {second})"
            )
    first, second = prediction.candidates
    return text.format(first=first, second=second)
