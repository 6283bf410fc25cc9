"""The states of a training run as a user sees them."""

from dataclasses import dataclass
from enum import Enum


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
