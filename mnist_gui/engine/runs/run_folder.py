"""The files of a run: their names, and how each is written and read."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.calibration import Temperature
from mnist_gui.engine.errors import FileFormatError, NewerVersionError, RunStoreError
from mnist_gui.engine.io.archive import (
    MOST_NUMBER,
    ArchiveReader,
    ArrayType,
    Count,
    Positive,
    check_format,
    decode,
    encode,
    is_of_this_time,
    is_text,
    write_archive,
)
from mnist_gui.engine.io.files import (
    is_locked,
    open_regular_file,
    read_file_bounded,
    replacing,
    write_file_atomically,
)
from mnist_gui.engine.models.model_file import parse_recipe
from mnist_gui.engine.recipe import BOUNDS, PRECISIONS
from mnist_gui.engine.runs.run import RunInfo, RunStatus, TestPredictions
from mnist_gui.engine.snapshot import BestValidation, Checkpoint, checkpoint_types

MOST_BYTES = 64 << 10
_FORMAT = 1
# From 2 on with probabilities.
_TEST_FORMAT = 2
# Rounded, the sum of what a network gives may be a little more than 1.
_MOST_PROBABLE = 1.001
_LONGEST_TEXT = 1_000
_MOST_NESTED = 8
_CHECKPOINT_KIND = "checkpoint"
_TEST_KIND = "test"
_PART = "description"
# A thousand times MNIST's.
_MOST_IMAGES = 10_000_000
INFO = "run.json"
# As it was when the run began, got other steps or ended: for the case that the other is damaged.
INFO_COPY = "run-copy.json"
LABELS = "labels.json"
HISTORY = "history.jsonl"
CHECKPOINT = "checkpoint.safetensors"
CHECKPOINT_BEFORE = "checkpoint-before.safetensors"
CHECKPOINTS = (CHECKPOINT, CHECKPOINT_BEFORE)
"""A run's newest checkpoint, and the one before in case that the newest is damaged."""

NETWORK = "network.mnistgui"
BEST = "best.mnistgui"
TEST_PREDICTIONS = "test.safetensors"
LOCK = "run.lock"
_SNAPSHOT = re.compile(r"snapshot-(\d{9})\.mnistgui")

UNUSABLE = (OSError, NewerVersionError, FileFormatError)
"""What opening and reading a file of a run raises."""


def snapshot_file(step: int) -> str:
    """Return the name of the file with the snapshot of this step."""
    return f"snapshot-{step:09}.mnistgui"


def snapshot_steps(names: Iterable[str]) -> tuple[int, ...]:
    """Return the steps of the snapshots among files of these names, in order."""
    found = filter(None, map(_SNAPSHOT.fullmatch, names))
    return tuple(sorted(int(match[1]) for match in found))


def format_run_info(info: RunInfo) -> bytes:
    """Return the JSON that `parse_run_info` reads."""
    return encode(info, _FORMAT, in_lines=True)


def parse_run_info(content: bytes) -> RunInfo:
    """Read a run's info; raise FileFormatError or NewerVersionError."""
    check_format(content, _FORMAT, INFO)
    parse_recipe(decode(content, _WithRecipe, INFO).recipe)
    info = decode(content, RunInfo, INFO)
    _check_run_info(info)
    return info


class _WithRecipe(msgspec.Struct):
    recipe: dict[str, Any]


def _check_run_info(info: RunInfo) -> None:
    """Raise FileFormatError for what the types do not exclude."""
    data, versions = asdict(info.data).values(), asdict(info.versions).values()
    for value in (info.device, info.precision, *data, *versions, *_texts(info.reason)):
        if isinstance(value, str) and not (is_text(value) and len(value) <= _LONGEST_TEXT):
            raise FileFormatError("run-info-text")
    for time in (info.started, info.ended):
        if time and not is_of_this_time(time):
            raise FileFormatError("run-info-date")
    for score in (info.validation, info.best_validation, info.test):
        if score and score.correct > score.total:
            raise FileFormatError("run-info-score")
    if info.status is RunStatus.INTERRUPTED:
        raise FileFormatError("run-info-status")


def _texts(fact: object, depth: int = 0) -> Iterator[str]:
    """Yield the texts in an error's JSON; raise FileFormatError if it is nested too deeply."""
    if depth > _MOST_NESTED:
        raise FileFormatError("run-info-nested")
    match fact:
        case str():
            yield fact
        case list():
            for part in fact:
                yield from _texts(part, depth + 1)
        case dict():
            yield from _texts([*fact, *fact.values()], depth)


@contextmanager
def opened(path: Path, kind: str) -> Iterator[ArchiveReader]:
    """Open a file of arrays; raise RunStoreError for whatever is wrong with it."""
    try:
        with open_regular_file(path) as file:
            yield ArchiveReader(file, kind)
    except UNUSABLE as error:
        raise RunStoreError("run-file-unusable", path=path, reason=error) from error


class _CheckpointHeader(msgspec.Struct):
    recipe: dict[str, Any]
    steps: Positive
    step: Count
    learning_rate: float
    precision: str
    validated: Annotated[int, Meta(ge=-1, le=MOST_NUMBER)]
    best: BestValidation | None
    temperature: Temperature = 1.0


def write_checkpoint(file: IO[bytes], checkpoint: Checkpoint) -> None:
    """Write a checkpoint for `load_checkpoint`; raise OSError."""
    names = _CheckpointHeader.__struct_fields__
    info = encode({name: getattr(checkpoint, name) for name in names}, _FORMAT)
    write_archive(file, _CHECKPOINT_KIND, info, checkpoint.arrays)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; its arrays are read-only. Raise RunStoreError.

    Every size that the file declares is checked before anything of that size is read.
    """
    with opened(path, _CHECKPOINT_KIND) as archive:
        return _unpacked_checkpoint(archive)


def _unpacked_checkpoint(archive: ArchiveReader) -> Checkpoint:
    check_format(archive.facts, _FORMAT, _PART)
    header = decode(archive.facts, _CheckpointHeader, _PART)
    recipe, best = parse_recipe(header.recipe), header.best
    if not (best.step if best else -1) <= header.validated <= header.step <= header.steps:
        raise FileFormatError("checkpoint-steps")
    if not BOUNDS["learning_rate"].holds(header.learning_rate):
        raise FileFormatError("checkpoint-rate", rate=header.learning_rate)
    if header.precision not in PRECISIONS:
        raise FileFormatError("checkpoint-precision", precision=header.precision[:40])
    types = checkpoint_types(recipe, has_best=best is not None)
    return Checkpoint(
        recipe,
        header.steps,
        header.step,
        header.learning_rate,
        header.precision,
        header.validated,
        archive.arrays(types),
        best,
        header.temperature,
    )


class _TestHeader(msgspec.Struct):
    fingerprint: str
    step: Count
    images: Annotated[int, Meta(ge=1, le=_MOST_IMAGES)]
    has_probabilities: bool = False


def format_test_predictions(predictions: TestPredictions) -> memoryview:
    """Return the bytes that `load_test_predictions` reads."""
    labels = predictions.labels
    arrays: dict[str, NDArray[Any]] = {"labels": labels, "predicted": predictions.predicted}
    if predictions.probabilities is not None:
        arrays["probabilities"] = predictions.probabilities
    facts = (predictions.fingerprint, predictions.step, len(labels))
    header = _TestHeader(*facts, has_probabilities="probabilities" in arrays)
    buffer = BytesIO()
    write_archive(buffer, _TEST_KIND, encode(header, _TEST_FORMAT), arrays)
    return buffer.getbuffer()


def load_test_predictions(path: Path) -> TestPredictions:
    """Read what a network predicted for the test images; raise RunStoreError."""
    with opened(path, _TEST_KIND) as archive:
        check_format(archive.facts, _TEST_FORMAT, _PART)
        header = decode(archive.facts, _TestHeader, _PART)
        digits = ArrayType((header.images,), "|u1")
        types = {"labels": digits, "predicted": digits}
        if header.has_probabilities:
            types["probabilities"] = ArrayType((header.images, CLASSES), "<f4")
        predictions = TestPredictions(header.fingerprint, header.step, **archive.arrays(types))
        _check_test_predictions(predictions)
    return predictions


def _check_test_predictions(predictions: TestPredictions) -> None:
    """Raise FileFormatError for what the types do not exclude."""
    predicted, probabilities = predictions.predicted, predictions.probabilities
    if max(predictions.labels.max(), predicted.max()) >= CLASSES:
        raise FileFormatError("predictions-digits")
    if probabilities is None:
        return
    is_possible = probabilities.min() >= 0 and probabilities.max() <= _MOST_PROBABLE
    if not is_possible or np.any(probabilities.argmax(axis=1) != predicted):
        raise FileFormatError("predictions-probabilities")


class RunFolder:
    """Access the files of one run, refusing links. Methods raise OSError, ELOOP for links."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def run_id(self) -> str:
        """The run's ID: the folder's name."""
        return self.path.name

    def file(self, name: str) -> Path:
        """Return the path of a file of the run, which need not exist but must be no link."""
        path = self.path / name
        for each in (self.path, path):
            if each.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(each))
        return path

    def names(self) -> frozenset[str]:
        """Return the names of the ordinary files in the folder."""
        with os.scandir(self.path) as entries:
            return frozenset(
                entry.name for entry in entries if entry.is_file(follow_symlinks=False)
            )

    def read(self, name: str, most_bytes: int) -> bytes:
        """Return the content of a file of at most this many bytes."""
        return read_file_bounded(self.file(name), most_bytes)

    def replace(self, name: str, content: bytes | memoryview) -> None:
        """Replace a file atomically."""
        write_file_atomically(self.file(name), content)

    def replacing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open a new file to write to, which then replaces the old one atomically."""
        return replacing(self.file(name))

    def keep(self, name: str, other: str) -> None:
        """Give a file, if it is there, another name as well, in place of what has that.

        Where the disk cannot do that, nothing happens.
        """
        with suppress(OSError):
            link = self.file(f".{name}.part")
            link.unlink(missing_ok=True)
            os.link(self.file(name), link, follow_symlinks=False)
            link.replace(self.file(other))
            # Where both were the same file already, the system has left it.
            link.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a file, if it is there."""
        self.file(name).unlink(missing_ok=True)

    def is_open(self) -> bool:
        """Whether a program, perhaps this one, trains the run now."""
        return is_locked(self.file(LOCK))
