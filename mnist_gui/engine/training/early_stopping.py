"""When a run that no longer gets better has to end, as told by the validation images only."""

from collections.abc import Callable
from dataclasses import replace

from mnist_gui.engine.checkpoint import Standing
from mnist_gui.engine.snapshot import Snapshot


class EarlyStopping:
    """Keeps the weights of the best validation, and counts those since (I. Goodfellow, Y. Bengio
    and A. Courville, Deep Learning, 2016, algorithm 7.1).

    It is over once `patience` validations in a row were not better than the best one, which is the
    first of equals. With a patience of 0 nothing is kept, and it is never over.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self.standing: Standing | None = None
        self.best: Snapshot | None = None

    @property
    def is_over(self) -> bool:
        """Whether the run has to end."""
        return self.standing is not None and self.standing.since >= self._patience

    def take(self, accuracy: float, snapshot: Callable[[], Snapshot]) -> None:
        """Take in a validation of the weights that `snapshot` returns."""
        if not self._patience:
            return
        if self.standing is None or accuracy > self.standing.accuracy:
            self.best = snapshot()
            self.standing = Standing(self.best.step, accuracy)
        else:
            self.standing = replace(self.standing, since=self.standing.since + 1)

    def restore(self, standing: Standing, best: Snapshot) -> None:
        """Go on from what was told before."""
        self.standing = standing
        self.best = best

    def be_patient_again(self) -> None:
        """Count from 0: the run was given more steps."""
        if self.standing is not None:
            self.standing = replace(self.standing, since=0)
