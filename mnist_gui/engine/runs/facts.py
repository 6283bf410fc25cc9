"""What is known of a run: how it was started, how far it came, how it ended."""

from dataclasses import dataclass
from datetime import datetime

from mnist_gui.engine.evaluation import wilson_interval
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.status import RunStatus


@dataclass(frozen=True, slots=True)
class Score:
    """Of `total` images, `correct` were read right by the network as it was after `step` steps."""

    step: int
    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        """The share that was read right, 0..1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval."""
        return wilson_interval(self.correct, self.total)


@dataclass(frozen=True, slots=True)
class RunData:
    """The data set of a run: its name, what tells its files, and how many images it has."""

    name: str
    fingerprint: str
    train: int
    validation: int
    test: int


@dataclass(frozen=True, slots=True)
class RunVersions:
    """The versions of what computed a run; all of them matter to its last bit."""

    program: str
    python: str
    tensorflow: str
    keras: str
    numpy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run. `recipe` is the one it was started with, `steps` how many it is to have.

    `device` and `precision` are "" until it is prepared. `reason` says why it failed, or ended
    before its steps were done. `step` and `seconds` of training are as of the last writing.
    `validation` is that of its weights, the last one but where the run went back to its best
    weights at its end; `best_validation` is the best one. `test_reads` is how often the test images
    were read with its weights.
    """

    recipe: Recipe
    data: RunData
    versions: RunVersions
    started: datetime
    ended: datetime | None = None
    status: RunStatus = RunStatus.RUNNING
    reason: str = ""
    device: str = ""
    precision: str = ""
    step: int = 0
    steps: int
    seconds: float = 0.0
    validation: Score | None = None
    best_validation: Score | None = None
    test: Score | None = None
    test_reads: int = 0
