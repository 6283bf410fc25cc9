"""What happens in a run, as values, and the state that a run is in.

An event is declared here once. One that is a `LoggedEvent` is written to the run's event log as a
line of JSON, with its tag and its fields, and read back by the types and bounds of its fields.

To add one, declare it here, in one of the unions below, and yield it where it arises. What marks
the curves also needs its words in `gui/common/values.py`: three modules. What is more than a mark
has its meaning in one `match` each: `History.append`, `apply_event` for what is known of the run,
and `_state_after` for where it stands.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.io.archive import Count, Number, Share
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import BOUNDS, Recipe
from mnist_gui.engine.snapshot import Snapshot

# Bounds of what is read from a log; what the program itself makes is not held against them.
_MOST_STEPS = int(BOUNDS["steps"].maximum)
_Step = Annotated[int, Meta(ge=0, le=_MOST_STEPS)]
# More is no loss that training would go on with.
_Loss = Annotated[float, Meta(ge=-1e9, le=1e9)]
# One line without control characters.
_Line = Annotated[str, Meta(max_length=1_000, pattern=r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]


class LoggedEvent(Struct, frozen=True, tag_field="event"):
    """An event that is a line in the log of its run, named by its tag."""


class SyntheticDigitsProgress(Struct, frozen=True):
    """Part of the pen styles that the recipe mixes in are drawn: `done` of `total` images."""

    done: int
    total: int


class RunPrepared(LoggedEvent, frozen=True, tag="prepared"):
    """The network is built and traced; the first step comes next."""

    device: _Line
    precision: _Line
    parameters: Count
    setup_seconds: Number


class StepsTrained(LoggedEvent, frozen=True, tag="steps"):
    """Some more steps were trained; `step` of them and `epoch` epochs are now done.

    `losses` has the loss of each of these steps. `accuracies` has the accuracy on a step's batch,
    without dropout and before the step, where it was measured: the index of the step among these,
    and the accuracy 0..1. `seconds` is the time that these steps took. Raises ValueError where
    that cannot be.
    """

    step: _Step
    epoch: Number
    losses: list[_Loss]
    accuracies: list[tuple[Count, Share]]
    seconds: Number

    def __post_init__(self) -> None:
        """Let nothing in that could not be placed on a curve."""
        if len(self.losses) > self.step:
            raise ValueError("there are more losses than steps")
        indices = [index for index, _ in self.accuracies]
        if indices != sorted(set(indices)) or (indices and indices[-1] >= len(self.losses)):
            raise ValueError("the accuracies are not of these steps in their order")


class Validated(LoggedEvent, frozen=True, tag="validated"):
    """The validation images were read by the network as it is after `step` steps."""

    step: _Step
    accuracy: Share
    loss: Number


class SnapshotTaken(Struct, frozen=True):
    """The weights at this moment, for whoever wants to read a drawing with them."""

    snapshot: Snapshot


class CheckpointTaken(Struct, frozen=True):
    """What it takes to go on from this moment in another process."""

    checkpoint: Checkpoint


class LearningRateChanged(LoggedEvent, frozen=True, tag="learning-rate-changed"):
    """After `step` steps the learning rate became another one than the recipe's or the last."""

    step: _Step
    learning_rate: Number


class StepsAdded(LoggedEvent, frozen=True, tag="steps-added"):
    """After `step` steps the run was given more, so that it is to have `steps`."""

    step: _Step
    steps: Annotated[int, Meta(ge=1, le=_MOST_STEPS)]


class Paused(LoggedEvent, frozen=True, tag="paused"):
    """After about `step` steps the run was held."""

    step: _Step


class Resumed(LoggedEvent, frozen=True, tag="resumed"):
    """After `step` steps the run went on: in this process, or from a checkpoint in another."""

    step: _Step
    from_checkpoint: bool = False


class EvaluationProgress(Struct, frozen=True):
    """Part of an evaluation is done: `done` of `total` images of "validation" or "test"."""

    split: str
    done: int
    total: int


class TestEvaluated(Struct, frozen=True):
    """The test images were read, `seconds` long, by the network after `step` steps of `recipe`."""

    recipe: Recipe
    step: int
    evaluation: Evaluation
    seconds: float


class BestWeightsRestored(LoggedEvent, frozen=True, tag="best-restored"):
    """At its end after `step` steps a run went back to the weights of its best validation.

    That was after `best_step` steps, with `best_accuracy`; none of the `validations` since were
    better. With `is_early` the run ended because of that, before its steps were done.
    """

    step: _Step
    best_step: _Step
    best_accuracy: Share
    validations: Count
    is_early: bool


# What was done to a run from outside its steps, as curves mark it.
Annotation = LearningRateChanged | StepsAdded | Paused | Resumed | BestWeightsRestored

Event = (
    SyntheticDigitsProgress
    | RunPrepared
    | StepsTrained
    | Validated
    | SnapshotTaken
    | CheckpointTaken
    | EvaluationProgress
    | TestEvaluated
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


class Progress(Struct, frozen=True):
    """How far a run is; times in seconds, `remaining` None while nothing is known of the speed."""

    step: int
    steps: int
    epoch: float
    elapsed: float
    remaining: float | None
    steps_per_second: float | None
