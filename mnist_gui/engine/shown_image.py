"""An image of the data set as it is shown: which one, what it is, and what it is read as."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class ShownImage:
    """The test image (28, 28) uint8 at a place, from 0, with its label and a network's reading."""

    index: int
    image: NDArray[np.uint8]
    label: int
    prediction: Prediction

    @property
    def is_right(self) -> bool:
        """Whether it is read as what it is."""
        return self.prediction.digit == self.label
