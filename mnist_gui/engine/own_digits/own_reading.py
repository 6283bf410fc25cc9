"""What a network says of the user's own digits: a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.evaluation import Evaluation
from mnist_gui.engine.own_digits.kept_digit import KeptDigit
from mnist_gui.engine.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class OwnReading:
    """The ten probabilities, by the digits' identities, that the network of a recipe gave.

    `step` is how many steps it had learnt by then. Labels are no part of it: a digit that is
    relabelled need not be read again.
    """

    network: str
    step: int
    probabilities: Mapping[str, NDArray[np.float32]]

    def prediction(self, digit: KeptDigit) -> Prediction | None:
        """Return what was said of one digit, None if it was not read."""
        shares = self.probabilities.get(digit.identity)
        return None if shares is None else Prediction(shares)

    def evaluation(self, digits: Sequence[KeptDigit]) -> Evaluation | None:
        """Return how well those of the digits that were read are read, in their order.

        None if none of them was: a digit may be newer than the reading.
        """
        read = [digit for digit in digits if digit.identity in self.probabilities]
        if not read:
            return None
        labels = np.array([digit.label for digit in read], np.uint8)
        rows = [self.probabilities[digit.identity] for digit in read]
        return Evaluation(labels, np.array(rows, np.float32))
