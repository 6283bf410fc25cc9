"""What can happen in a run, as frozen values, in the order in which it happens."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.evaluation import Evaluation
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


Event = DigitsDrawn | RunPrepared | StepsEnded | Validated | SnapshotTaken | ImagesRead | Tested
