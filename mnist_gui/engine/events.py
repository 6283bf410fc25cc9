"""What happens in a run, as values, and the state that a run is in.

A `LoggedEvent` is written to the run's event log as a line of JSON, with its tag and its fields,
and read back by the types and bounds of its fields.

To add an event, declare it here, add it to a union below, and yield it where it arises. An
annotation also needs its text in `gui/common/values.py`. Other events are handled in one `match`
each: `History.append`, `apply_event` for the run info, and `Activity.handle` for the state.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.io.archive import Count, Number, Share
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import BOUNDS, Recipe
from mnist_gui.engine.snapshot import Checkpoint, Snapshot

# Bounds for what is read from a log; not checked for the program's own events.
_MOST_STEPS = int(BOUNDS["steps"].maximum)
_Step = Annotated[int, Meta(ge=0, le=_MOST_STEPS)]
# Training stops long before such a loss.
_Loss = Annotated[float, Meta(ge=-1e9, le=1e9)]
# One line without control characters.
_Line = Annotated[str, Meta(max_length=1_000, pattern=r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]


class LoggedEvent(Struct, frozen=True, tag_field="event"):
    """An event that is logged, under its tag."""


class SyntheticDigitsProgress(Struct, frozen=True):
    """`done` of `total` synthetic digits are generated."""

    done: int
    total: int


class RunPrepared(LoggedEvent, frozen=True, tag="prepared"):
    """The network is built and traced."""

    device: _Line
    precision: _Line
    parameters: Count
    setup_seconds: Number


class StepsTrained(LoggedEvent, frozen=True, tag="steps"):
    """A chunk was trained; `step` steps and `epoch` epochs are now done.

    `losses` has the loss of each step of the chunk; `accuracies` the index of a step in the chunk
    and the accuracy 0..1 on its batch, before the step and without dropout, where it was measured.
    `seconds` is the time the chunk took. Raises ValueError for contradictions.
    """

    step: _Step
    epoch: Number
    losses: list[_Loss]
    accuracies: list[tuple[Count, Share]]
    seconds: Number

    def __post_init__(self) -> None:
        if len(self.losses) > self.step:
            raise ValueError("there are more losses than steps")
        indices = [index for index, _ in self.accuracies]
        if indices != sorted(set(indices)) or (indices and indices[-1] >= len(self.losses)):
            raise ValueError("the accuracies are not of these steps in their order")


class Validated(LoggedEvent, frozen=True, tag="validated"):
    """The network after `step` steps was evaluated on the validation images."""

    step: _Step
    accuracy: Share
    loss: Number


class SnapshotTaken(Struct, frozen=True):
    """The weights at this moment, to predict with."""

    snapshot: Snapshot


class CheckpointTaken(Struct, frozen=True):
    """What it takes to resume from this moment in another process."""

    checkpoint: Checkpoint


class LearningRateChanged(LoggedEvent, frozen=True, tag="learning-rate-changed"):
    """The learning rate was changed after `step` steps."""

    step: _Step
    learning_rate: Number


class StepsAdded(LoggedEvent, frozen=True, tag="steps-added"):
    """The run was given more steps after `step` steps: it is to have `steps`."""

    step: _Step
    steps: Annotated[int, Meta(ge=1, le=_MOST_STEPS)]


class Paused(LoggedEvent, frozen=True, tag="paused"):
    """The run was paused after about `step` steps."""

    step: _Step


class Resumed(LoggedEvent, frozen=True, tag="resumed"):
    """The run was resumed after `step` steps: in the same process, or from a checkpoint."""

    step: _Step
    from_checkpoint: bool = False


class EvaluationProgress(Struct, frozen=True):
    """`done` of `total` images of the split "validation" or "test" are evaluated."""

    split: str
    done: int
    total: int


class TestEvaluated(Struct, frozen=True):
    """The network after `step` steps was evaluated on the test images, in `seconds` seconds."""

    recipe: Recipe
    step: int
    evaluation: Evaluation
    seconds: float


class BestWeightsRestored(LoggedEvent, frozen=True, tag="best-restored"):
    """At its end after `step` steps, a run restored the weights of its best validation.

    That was after `best_step` steps, with `best_accuracy`, and `validations` validations ago. With
    `is_early`, the run was stopped early.
    """

    step: _Step
    best_step: _Step
    best_accuracy: Share
    validations: Count
    is_early: bool

    @property
    def ending(self) -> MnistGuiError:
        """How the run ended, to be put into words."""
        if not self.is_early:
            return MnistGuiError("ended-with-best", best=self.best_step)
        return MnistGuiError(
            "stopped-early", step=self.step, validations=self.validations, best=self.best_step
        )


Annotation = LearningRateChanged | StepsAdded | Paused | Resumed | BestWeightsRestored
"""What is marked on the curves."""

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
    """What a run does at the moment."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    TESTING = "testing"
    STOPPING = "stopping"

    @property
    def is_active(self) -> bool:
        """Whether a run has not ended."""
        return self is not RunState.IDLE


class Progress(Struct, frozen=True):
    """How far a run is; times in seconds, `remaining` and speed None before the first chunk."""

    step: int
    steps: int
    epoch: float
    elapsed: float
    remaining: float | None
    steps_per_second: float | None
