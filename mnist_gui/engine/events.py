"""What happens in a run, as values, and the state that a run is in."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class DigitsDrawn:
    """Part of the pen styles that the recipe mixes in are drawn: `done` of `total` images."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunPrepared:
    """The network is built and traced; the first step comes next."""

    device: str
    precision: str
    parameters: int
    setup_seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class StepsEnded:
    """Some more steps were trained; `step` of them and `epoch` epochs are now done.

    `losses` (n,) has the loss of each of these n steps. `accuracies` (n,) has the accuracy on a
    step's batch, without dropout and before the step, where it was measured; nan elsewhere.
    `seconds` is the time that these steps took.
    """

    step: int
    epoch: float
    losses: NDArray[np.float32]
    accuracies: NDArray[np.float32]
    seconds: float


@dataclass(frozen=True, slots=True)
class Validated:
    """The validation images were read by the network as it is after `step` steps."""

    step: int
    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class SnapshotTaken:
    """The weights at this moment, for whoever wants to read a drawing with them."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class CheckpointTaken:
    """What it takes to go on from this moment in another process."""

    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class LearningRateChanged:
    """After `step` steps the learning rate became another one than the recipe's or the last."""

    step: int
    learning_rate: float


@dataclass(frozen=True, slots=True)
class StepsAdded:
    """After `step` steps the run was given more, so that it is to have `steps`."""

    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class Paused:
    """After about `step` steps the run was held."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """After `step` steps the run went on: in this process, or from a checkpoint in another."""

    step: int
    from_checkpoint: bool = False


@dataclass(frozen=True, slots=True)
class ImagesRead:
    """Part of an evaluation is done: `done` of `total` images of "validation" or "test"."""

    split: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Tested:
    """The test images were read, `seconds` long, by the network after `step` steps of `recipe`."""

    recipe: Recipe
    step: int
    evaluation: Evaluation
    seconds: float


@dataclass(frozen=True, slots=True)
class BestRestored:
    """At its end after `step` steps a run went back to the weights of its best validation.

    That was after `best_step` steps, with `best_accuracy`; none of the `validations` since were
    better. With `is_early` the run ended because of that, before its steps were done.
    """

    step: int
    best_step: int
    best_accuracy: float
    validations: int
    is_early: bool


# What befell a run from outside its steps, as curves mark it.
Annotation = LearningRateChanged | StepsAdded | Paused | Resumed | BestRestored

Event = (
    DigitsDrawn
    | RunPrepared
    | StepsEnded
    | Validated
    | SnapshotTaken
    | CheckpointTaken
    | ImagesRead
    | Tested
    | Annotation
)


class RunState(Enum):
    """Where a run stands."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    TESTING = "testing"
    STOPPING = "stopping"

    @property
    def is_active(self) -> bool:
        """Whether there is a run that has not ended."""
        return self is not RunState.IDLE


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; times in seconds, `remaining` None while nothing is known of the speed."""

    step: int
    steps: int
    epoch: float
    elapsed: float
    remaining: float | None
    steps_per_second: float | None
