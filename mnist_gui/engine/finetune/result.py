"""What comes of learning the user's hand: values only."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot

MOST_FORGOTTEN = 0.001
"""By how much the accuracy on the test images may fall before keeping is advised against."""


class FineTuningPhase(Enum):
    """What is being done at the moment."""

    PREPARING = "preparing"
    CHECKING = "checking"
    LEARNING = "learning"
    TESTING = "testing"


class FineTuningProblem(Enum):
    """Why the network that learnt the hand had better not be kept."""

    READS_OWN_WORSE = "reads own worse"
    FORGETS = "forgets"


@dataclass(frozen=True, slots=True)
class FineTuningProgress:
    """So much of the whole work is done, 0..1, and this is what comes next."""

    stage: FineTuningPhase
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class FineTuningResult:
    """A network that has learnt the user's hand, beside the one it came from.

    `snapshot` has learnt from all of the digits. `own_after` is therefore not its own: each digit
    in it was read by a network that had learnt, in the same way, from the others alone.
    `held_out` (n,) are the places of these digits among those that were given; `own_before` is
    how `base` reads the same ones. `rounds` tells how many networks had to be trained for it, and
    `seconds` how long everything took.
    """

    base: Snapshot
    snapshot: Snapshot
    held_out: NDArray[np.int64]
    own_before: Evaluation
    own_after: Evaluation
    test_before: Evaluation
    test_after: Evaluation
    rounds: int
    seconds: float

    @property
    def own_gain(self) -> int:
        """How many more of the held-out digits are read right than before."""
        return self.own_after.correct - self.own_before.correct

    @property
    def forgotten(self) -> float:
        """By how much the accuracy on the test images has fallen; negative if it has risen."""
        return self.test_before.accuracy - self.test_after.accuracy

    @property
    def objections(self) -> tuple[FineTuningProblem, ...]:
        """What speaks against keeping the network; nothing if it can be recommended."""
        found = {
            FineTuningProblem.READS_OWN_WORSE: self.own_gain < 0,
            FineTuningProblem.FORGETS: self.test_images_lost > self.most_lost,
        }
        return tuple(objection for objection, holds in found.items() if holds)

    @property
    def test_images_lost(self) -> int:
        """How many fewer of the test images are read right than before."""
        return self.test_before.correct - self.test_after.correct

    @property
    def most_lost(self) -> int:
        """How many fewer of them may be read right for the network to be recommended."""
        return round(MOST_FORGOTTEN * len(self.test_before.labels))


@dataclass(frozen=True, slots=True)
class FineTuned:
    """The hand is learnt; nothing comes after this."""

    result: FineTuningResult


FineTuningEvent = FineTuningProgress | FineTuned
