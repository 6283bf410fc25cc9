"""What is known of a run: its info, status and labels; compare runs."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.errors import MnistGuiError, RunStoreError
from mnist_gui.engine.io.archive import Count, Number, Positive, check_format, decode, encode
from mnist_gui.engine.prediction import Evaluation, wilson_interval
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.names import COLOURS

MOST_NAME = 100
MOST_NOTE = 2_000
_FORMAT = 1
# Unicode categories: control characters, surrogates, line and paragraph separators.
_NO_TEXT = frozenset(("Cc", "Cs", "Zl", "Zp"))
_SIGNIFICANT = 0.05
# A smaller probability is not worth its digits.
_CERTAIN = 0.001


class RunStatus(Enum):
    """Whether a run is running, or how it ended."""

    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"
    # The program ended first: concluded from a "running" run that nobody has locked, never written.
    INTERRUPTED = "interrupted"

    @property
    def can_resume(self) -> bool:
        """Whether the run ended before its steps were done."""
        return self not in (RunStatus.RUNNING, RunStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Score:
    """Of `total` images, the network after `step` steps predicted `correct` right."""

    step: Count
    correct: Count
    total: Positive

    @property
    def accuracy(self) -> float:
        """The fraction that was predicted right, 0..1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval."""
        return wilson_interval(self.correct, self.total)


@dataclass(frozen=True, slots=True)
class RunData:
    """The data set of a run: its name, the hash of its files, and the images of each split."""

    name: str
    fingerprint: str
    train: Positive
    validation: Positive
    test: Positive


@dataclass(frozen=True, slots=True)
class RunVersions:
    """The versions of what computed a run; any of them can change the last bits of its weights."""

    program: str
    python: str
    tensorflow: str
    keras: str
    numpy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What `run.json` says of a run.

    `recipe` is the one it was started with, `steps` how many it is to have. `device` and
    `precision` are "" until it is prepared. `reason` says why it failed or ended early, as the
    JSON of an error. `step` and `seconds` of training are as of the last writing. `validation` is
    that of the run's weights, `best_validation` the best one. `test_reads` counts the evaluations
    on the test images.
    """

    recipe: Recipe
    data: RunData
    versions: RunVersions
    started: Annotated[datetime, Meta(tz=True)]
    ended: Annotated[datetime, Meta(tz=True)] | None = None
    status: RunStatus = RunStatus.RUNNING
    reason: dict[str, Any] | None = field(default=None, hash=False)
    device: str = ""
    precision: str = ""
    step: Count = 0
    steps: Positive
    seconds: Number = 0.0
    validation: Score | None = None
    best_validation: Score | None = None
    test: Score | None = None
    test_reads: Count = 0


@dataclass(frozen=True, slots=True)
class RunLabels:
    """What the user calls a run: a name ("" for the recipe's), one of COLOURS, a pin and a note.

    Raises RunStoreError for what is too long or unknown.
    """

    name: str = ""
    colour: str = ""
    is_pinned: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.name) > MOST_NAME:
            raise RunStoreError("run-name-long", most=MOST_NAME)
        if _has_controls(self.name):
            raise RunStoreError("run-name-controls")
        if self.colour not in COLOURS:
            raise RunStoreError("run-colour", colour=self.colour[:40], names=COLOURS[1:])
        if len(self.note) > MOST_NOTE:
            raise RunStoreError("run-note-long", most=MOST_NOTE)
        if _has_controls(self.note.replace("\t", " ").replace("\n", " ")):
            raise RunStoreError("run-note-controls")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) in _NO_TEXT for letter in text)


def format_labels(labels: RunLabels) -> bytes:
    """Return the JSON that `parse_labels` reads."""
    return encode(labels, _FORMAT, in_lines=True)


def parse_labels(content: bytes) -> RunLabels:
    """Read labels; raises FileFormatError, NewerVersionError and RunStoreError."""
    check_format(content, _FORMAT, "labels.json")
    return decode(content, RunLabels, "labels.json")


class NextAction(Enum):
    """How a run that has ended can be trained on: see GLOSSARY.md for the three words."""

    RESUME = "go on"
    CONTINUE = "train further"
    RESTART = "start again"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run of the store: its ID, info, labels and status, and which of its files are there.

    `has_weights` says whether its network can be loaded, `has_best` whether the weights with the
    best validation are others than the last ones.
    """

    run_id: str
    info: RunInfo
    labels: RunLabels
    status: RunStatus
    has_checkpoint: bool
    has_weights: bool
    has_best: bool

    @property
    def name(self) -> str:
        """The user's name for the run, or else its recipe's."""
        return self.labels.name or self.info.recipe.name

    @property
    def continuation(self) -> NextAction | None:
        """How the run can be trained on; None if it cannot."""
        if self.status.can_resume:
            return NextAction.RESUME if self.has_checkpoint else NextAction.RESTART
        is_completed = self.status is RunStatus.COMPLETED
        return NextAction.CONTINUE if is_completed and self.has_checkpoint else None

    @property
    def can_resume(self) -> bool:
        """Whether there are steps left, and a checkpoint to resume from."""
        return self.continuation is NextAction.RESUME


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A folder in the store that is no run, or a damaged one."""

    run_id: str
    problem: RunStoreError


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs, the latest first, and the folders that could not be read."""

    runs: tuple[RunRecord, ...]
    unreadable: tuple[UnreadableRun, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TestPredictions:
    """The labels and the predicted digits of a data set's test images, (n,) uint8.

    `fingerprint` is the data set's; `step` says after how many steps they were predicted. The
    probabilities (n, 10) were not kept by all versions of the program.
    """

    fingerprint: str
    step: int
    labels: NDArray[np.uint8]
    predicted: NDArray[np.uint8]
    probabilities: NDArray[np.float32] | None = None

    @property
    def evaluation(self) -> Evaluation:
        """What was predicted, as if surely where the probabilities are not known."""
        if self.probabilities is not None:
            return Evaluation(self.labels, self.probabilities)
        return Evaluation(self.labels, np.eye(CLASSES, dtype=np.float32)[self.predicted])

    @property
    def is_right(self) -> NDArray[np.bool]:
        """Whether each image was predicted right (n,)."""
        return np.equal(self.labels, self.predicted)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many of `images` only the first, and only the second of two networks predicted right."""

    only_first: int
    only_second: int
    images: int

    @property
    def difference(self) -> float:
        """The first network's accuracy less the second's, -1..1."""
        return (self.only_first - self.only_second) / self.images

    @property
    def p_value(self) -> float:
        """The probability of such a difference, or a larger one, between equally good networks.

        By McNemar's exact test: the images on which they differ are distributed binomially.
        Source: Q. McNemar, Note on the sampling error of the difference between correlated
        proportions, 1947.
        """
        differing = self.only_first + self.only_second
        # Sums the binomial coefficients up to the smaller count, in whole numbers.
        cases = case = 1
        for number in range(min(self.only_first, self.only_second)):
            case = case * (differing - number) // (number + 1)
            cases += case
        return min(1.0, 2 * cases / (1 << differing))

    @property
    def is_distinguishable(self) -> bool:
        """Whether the difference is significant: chance alone makes it in under 5 % of cases."""
        return self.p_value < _SIGNIFICANT

    def verdict(self, first: str, second: str) -> MnistGuiError:
        """Return which of two runs of these names is better, to be put into words."""
        if not self.difference:
            return MnistGuiError("runs-equal", first=first, second=second, images=self.images)
        points = 100 * abs(self.difference)
        chance = self._chance()
        if self.difference > 0:
            return MnistGuiError(
                "run-better", first=first, second=second, points=points, chance=chance
            )
        return MnistGuiError("run-worse", first=first, second=second, points=points, chance=chance)

    def _chance(self) -> MnistGuiError:
        """Return whether the difference may be due to chance, as a clause."""
        if self.p_value < _CERTAIN:
            return MnistGuiError("difference-certain")
        if self.is_distinguishable:
            return MnistGuiError("difference-significant", p=self.p_value)
        return MnistGuiError("difference-by-chance", p=self.p_value)


def compare(first: TestPredictions, second: TestPredictions) -> Comparison:
    """Compare predictions for the same images; raise RunStoreError if they are others."""
    is_same = first.fingerprint == second.fingerprint
    if not (is_same and np.array_equal(first.labels, second.labels)):
        raise RunStoreError("runs-of-other-images")
    rights, others = first.is_right, second.is_right
    return Comparison(
        int(np.count_nonzero(rights & ~others)),
        int(np.count_nonzero(others & ~rights)),
        len(first.labels),
    )


def settings(run: RunRecord) -> Mapping[str, Any]:
    """Return the settings of a run by name: its recipe, data, device and versions."""
    info = run.info
    recipe = asdict(info.recipe)
    recipe["recipe"] = recipe.pop("name")
    return {
        **recipe,
        "steps": info.steps,
        "precision": info.precision or info.recipe.precision,
        "data": info.data.name,
        "data_fingerprint": info.data.fingerprint,
        "device": info.device,
        **{f"{name}_version": version for name, version in asdict(info.versions).items()},
    }


def changed_settings(recipe: Recipe) -> dict[str, Any]:
    """Return the settings, without the steps, that differ from the built-in recipe of this name."""
    original = asdict(RECIPES.get(recipe.name, recipe))
    return {
        name: value
        for name, value in asdict(recipe).items()
        if name != "steps" and value != original[name]
    }


def settings_diff(runs: Sequence[RunRecord]) -> dict[str, tuple[Any, ...]]:
    """Return the settings that differ between runs: by name, the value of each run."""
    columns = [settings(run) for run in runs]
    rows = {name: tuple(column[name] for column in columns) for name in columns[0]}
    return {name: values for name, values in rows.items() if len(set(values)) > 1}
