"""What a network says of one image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Ten probabilities, float32, that add up to 1."""

    probabilities: NDArray[np.float32]

    @property
    def digit(self) -> int:
        """The likeliest digit."""
        return int(np.argmax(self.probabilities))

    @property
    def probability(self) -> float:
        """The likeliest digit's probability."""
        return float(np.max(self.probabilities))

    @property
    def runner_up(self) -> int:
        """The second likeliest digit."""
        return int(np.argsort(-self.probabilities, kind="stable")[1])
