"""A run as the ledger lists it."""

from dataclasses import dataclass
from enum import Enum

from mnist_gui.engine.runs.facts import RunFacts
from mnist_gui.engine.runs.labels import RunLabels
from mnist_gui.engine.runs.status import RunStatus


class Continuation(Enum):
    """What can be done with a run that has ended, so that more comes of it."""

    # From its checkpoint, to the steps that it is to have.
    GO_ON = "go on"
    # It was completed: from its checkpoint, with more steps.
    TRAIN_FURTHER = "train further"
    # It ended before its first checkpoint: from the beginning, with its settings and its seed.
    START_AGAIN = "start again"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is known of the run of this identity, what the user calls it, and how it stands.

    `has_checkpoint` says whether there is something to go on from, `has_weights` whether its
    network can be loaded, `has_best` whether other weights than the last ones read most validation
    images right.
    """

    identity: str
    facts: RunFacts
    labels: RunLabels
    status: RunStatus
    has_checkpoint: bool
    has_weights: bool
    has_best: bool

    @property
    def name(self) -> str:
        """What to call it: the user's name for it, or else its recipe's."""
        return self.labels.name or self.facts.recipe.name

    @property
    def continuation(self) -> Continuation | None:
        """What can be done so that more comes of it."""
        if self.status.can_go_on:
            return Continuation.GO_ON if self.has_checkpoint else Continuation.START_AGAIN
        is_further = self.status is RunStatus.COMPLETED and self.has_checkpoint
        return Continuation.TRAIN_FURTHER if is_further else None

    @property
    def can_go_on(self) -> bool:
        """Whether there is work left, and something to go on from."""
        return self.continuation is Continuation.GO_ON


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A folder among the runs that is none, or a damaged one; `problem` is a sentence."""

    identity: str
    problem: str


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs, the latest first, and what could not be read."""

    runs: tuple[RunRecord, ...]
    unreadable: tuple[UnreadableRun, ...]
