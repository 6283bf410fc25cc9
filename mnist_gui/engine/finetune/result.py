"""The events and the result of fine-tuning, as values."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot

MAX_FORGETTING = 0.001
"""The test accuracy that may be lost before accepting the network is advised against."""


class FineTuningPhase(Enum):
    """A part of fine-tuning: what is done at the moment."""

    PREPARING = "preparing"
    CROSS_VALIDATING = "checking"
    TRAINING = "learning"
    TESTING = "testing"


class FineTuningProblem(Enum):
    """Why the fine-tuned network should not be accepted."""

    WORSE_ON_USER_DIGITS = "reads own worse"
    FORGETTING = "forgets"


@dataclass(frozen=True, slots=True)
class FineTuningProgress:
    """The fraction of the whole work that is done, 0..1, and what comes next."""

    phase: FineTuningPhase
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class FineTuningResult:
    """A fine-tuned network beside the one it came from.

    `snapshot` was trained on all user digits. `user_after` therefore comes from the `rounds` of
    cross-validation: each digit was predicted by a network that was trained on others only.
    `held_out` (n,) are the indices of these digits, `user_before` is `base`'s evaluation of them.
    `seconds` is how long everything took. This is the last event.
    """

    base: Snapshot
    snapshot: Snapshot
    held_out: NDArray[np.int64]
    user_before: Evaluation
    user_after: Evaluation
    test_before: Evaluation
    test_after: Evaluation
    rounds: int
    seconds: float

    @property
    def user_gain(self) -> int:
        """How many more of the held-out digits are predicted correctly than before."""
        return self.user_after.correct - self.user_before.correct

    @property
    def objections(self) -> tuple[FineTuningProblem, ...]:
        """What speaks against accepting the network; empty if it is recommended."""
        found = {
            FineTuningProblem.WORSE_ON_USER_DIGITS: self.user_gain < 0,
            FineTuningProblem.FORGETTING: self.test_images_lost > self.most_lost,
        }
        return tuple(objection for objection, holds in found.items() if holds)

    @property
    def test_images_lost(self) -> int:
        """How many fewer test images are predicted correctly than before."""
        return self.test_before.correct - self.test_after.correct

    @property
    def most_lost(self) -> int:
        """How many test images may be lost for the network to be recommended."""
        return round(MAX_FORGETTING * len(self.test_before.labels))


FineTuningEvent = FineTuningProgress | FineTuningResult
