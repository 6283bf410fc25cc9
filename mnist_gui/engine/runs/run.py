"""What is known of a run: its facts, its status and its labels."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated

from msgspec import Meta

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.archive import Count, Number, Positive, check_format, decode, encode
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.recipe import Recipe

MOST_NAME = 100
MOST_NOTE = 2_000
# Okabe and Ito's colours, told apart by all eyes; a curve's own colour is none of them.
COLOURS = ("", "orange", "sky-blue", "green", "yellow", "blue", "vermilion", "purple")
_FORMAT = 1
# Control characters, halves of characters, and the ends of lines and paragraphs.
_NO_TEXT = frozenset(("Cc", "Cs", "Zl", "Zp"))


class RunStatus(Enum):
    """A run is running until it has exactly one ending."""

    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"
    # Its program ended before it did; never written, but found.
    INTERRUPTED = "interrupted"

    @property
    def can_resume(self) -> bool:
        """Whether there is work left that a checkpoint may lead on to."""
        return self not in (RunStatus.RUNNING, RunStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Score:
    """Of `total` images, `correct` were read right by the network as it was after `step` steps."""

    step: Count
    correct: Count
    total: Positive

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
    train: Positive
    validation: Positive
    test: Positive


@dataclass(frozen=True, slots=True)
class RunVersions:
    """The versions of what computed a run; all of them matter to its last bit."""

    program: str
    python: str
    tensorflow: str
    keras: str
    numpy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
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
    started: Annotated[datetime, Meta(tz=True)]
    ended: Annotated[datetime, Meta(tz=True)] | None = None
    status: RunStatus = RunStatus.RUNNING
    reason: str = ""
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
    """A name, "" for that of the recipe; one of COLOURS; whether it is pinned; a note.

    Raises RunStoreError for what is too long or unknown.
    """

    name: str = ""
    colour: str = ""
    is_pinned: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        """Let nothing in that could not be read again."""
        if len(self.name) > MOST_NAME:
            raise RunStoreError(
                f"A run's name has at most {MOST_NAME} letters; choose a shorter one."
            )
        if _has_controls(self.name):
            raise RunStoreError("A run's name is one line of text; leave out control characters.")
        if self.colour not in COLOURS:
            raise RunStoreError(
                f"There is no colour {self.colour[:40]!r} for runs; "
                f"choose one of {', '.join(COLOURS[1:])}."
            )
        if len(self.note) > MOST_NOTE:
            raise RunStoreError(f"A run's note has at most {MOST_NOTE:,} letters; shorten it.")
        if _has_controls(self.note.replace("\t", " ").replace("\n", " ")):
            raise RunStoreError("A run's note is plain text; leave out control characters.")


def _has_controls(text: str) -> bool:
    """Whether there is in it what is no letter, sign or space, and not what joins them either."""
    return any(unicodedata.category(letter) in _NO_TEXT for letter in text)


def format_labels(labels: RunLabels) -> bytes:
    """Return the JSON that `parse_labels` reads."""
    return encode(labels, _FORMAT, in_lines=True)


def parse_labels(content: bytes) -> RunLabels:
    """Read labels; raises FileFormatError, NewerVersionError and RunStoreError."""
    check_format(content, _FORMAT, "labels.json")
    return decode(content, RunLabels, "labels.json")


class NextAction(Enum):
    """What can be done with a run that has ended, so that more comes of it."""

    # From its checkpoint, to the steps that it is to have.
    RESUME = "go on"
    # It was completed: from its checkpoint, with more steps.
    CONTINUE = "train further"
    # It ended before its first checkpoint: from the beginning, with its settings and its seed.
    RESTART = "start again"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is known of the run of this ID, what the user calls it, and how it stands.

    `has_checkpoint` says whether there is something to go on from, `has_weights` whether its
    network can be loaded, `has_best` whether other weights than the last ones read most validation
    images right.
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
        """What to call it: the user's name for it, or else its recipe's."""
        return self.labels.name or self.info.recipe.name

    @property
    def continuation(self) -> NextAction | None:
        """What can be done so that more comes of it."""
        if self.status.can_resume:
            return NextAction.RESUME if self.has_checkpoint else NextAction.RESTART
        is_further = self.status is RunStatus.COMPLETED and self.has_checkpoint
        return NextAction.CONTINUE if is_further else None

    @property
    def can_resume(self) -> bool:
        """Whether there is work left, and something to go on from."""
        return self.continuation is NextAction.RESUME


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A folder among the runs that is none, or a damaged one; `problem` is a sentence."""

    run_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs, the latest first, and what could not be read."""

    runs: tuple[RunRecord, ...]
    unreadable: tuple[UnreadableRun, ...]
