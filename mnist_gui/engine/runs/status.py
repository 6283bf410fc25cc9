"""How a run stands in the eyes of whoever looks at its folder."""

from enum import Enum


class RunStatus(Enum):
    """A run is running until it has exactly one ending."""

    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"
    # Its program ended before it did; never written, but found.
    INTERRUPTED = "interrupted"

    @property
    def can_go_on(self) -> bool:
        """Whether there is work left that a checkpoint may lead on to."""
        return self not in (RunStatus.RUNNING, RunStatus.COMPLETED)
