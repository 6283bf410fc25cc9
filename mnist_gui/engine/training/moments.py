"""When in the course of a run it is time for something."""

from time import perf_counter

from mnist_gui.engine.recipe import Recipe

# So often the weights are shown to whoever reads a drawing with them.
_SNAPSHOT_SECONDS = 0.5
_SLOWEST_SNAPSHOT_SECONDS = 2.0
# From one snapshot to the next the training grows by about this share.
_GROWTH_PER_SNAPSHOT = 0.06
# A new run has nothing to go on from: its first checkpoint comes soon.
_FIRST_CHECKPOINT_SECONDS = 1.0


class SnapshotClock:
    """Tells when to show the weights: the longer a run has trained, the less they change."""

    def __init__(self) -> None:
        self._started = self._last = perf_counter()

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next snapshot."""
        wanted = (self._last - self._started) * _GROWTH_PER_SNAPSHOT
        seconds = min(max(wanted, _SNAPSHOT_SECONDS), _SLOWEST_SNAPSHOT_SECONDS)
        return perf_counter() - self._last > seconds

    def restart(self) -> None:
        """Begin to wait for the next one."""
        self._last = perf_counter()


class CheckpointClock:
    """Tells when to take a checkpoint: every `seconds`, or never while they are None."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self._due = 0.0

    def begin(self, *, is_new: bool) -> None:
        """Begin to wait for the first one of a run that is new, or of one that goes on."""
        if self.seconds is not None:
            first = min(_FIRST_CHECKPOINT_SECONDS, self.seconds) if is_new else self.seconds
            self._due = perf_counter() + first

    def hurry(self) -> None:
        """Let the next one be due at once."""
        self._due = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next checkpoint."""
        return self.seconds is not None and perf_counter() > self._due

    def restart(self) -> None:
        """Begin to wait for the next one."""
        self._due = perf_counter() + (self.seconds or 0.0)


def validation_steps(recipe: Recipe) -> tuple[int, ...]:
    """Return after which steps a run validates: early a few times, then evenly, and at the end.

    So the curve has a beginning, and validating costs less than a twentieth of the run.
    """
    every = recipe.validate_every
    early = {every // 10, every // 5, every // 2} - {0}
    steps = early | set(range(every, recipe.steps, every)) | {recipe.steps}
    return tuple(sorted(step for step in steps if step <= recipe.steps))
