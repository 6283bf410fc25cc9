"""The files of a run: their names, and how each is written and read."""

import errno
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.checkpoint import BestValidation, Checkpoint, checkpoint_types
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.archive import (
    JsonObject,
    NewerError,
    UnusableError,
    member_of,
    open_archive,
    packed,
    parse_json,
    read_array,
    read_member,
    write_archive,
)
from mnist_gui.engine.io.files import (
    explain,
    is_locked,
    open_regular,
    read_bounded,
    replace_file,
    replacing,
)
from mnist_gui.engine.models.model_file import parse_recipe
from mnist_gui.engine.recipe import BOUNDS, PRECISIONS
from mnist_gui.engine.runs.run import RunData, RunInfo, RunRecord, RunStatus, RunVersions, Score

MOST_BYTES = 64 << 10
_FORMAT = 1
_PART = "run.json"
_WRITTEN = tuple(status.value for status in RunStatus if status is not RunStatus.INTERRUPTED)


_CHECKPOINT_HEADER = "checkpoint.json"
_MOST_CHECKPOINT_HEADER_BYTES = 64 << 10
_TEST_HEADER = "test.json"
_MOST_TEST_HEADER_BYTES = 4_096
# A thousand times MNIST's.
_MOST_IMAGES = 10_000_000
_FORMAT = 1
FACTS = "run.json"
LABELS = "labels.json"
HISTORY = "history.jsonl"
CHECKPOINT = "checkpoint.zip"
NETWORK = "network.mnistgui"
BEST = "best.mnistgui"
READING = "test.zip"
LOCK = "run.lock"


def format_run_info(facts: RunInfo) -> bytes:
    """Return the JSON that `parse_run_info` reads."""
    return json.dumps({"format": _FORMAT, **asdict(facts)}, indent=2, default=_plain).encode()


def parse_run_info(content: bytes) -> RunInfo:
    """Read what is known of a run; raises UnusableError and NewerError."""
    found = JsonObject(_PART, parse_json(_PART, content))
    found.check_format(_FORMAT)
    return RunInfo(
        recipe=parse_recipe(found.value("recipe")),
        data=_data(found.part("data")),
        versions=_versions(found.part("versions")),
        started=found.time("started"),
        ended=found.time("ended") if "ended" in found else None,
        status=_status(found.text("status")),
        reason=found.text("reason"),
        device=found.text("device"),
        precision=found.text("precision"),
        step=found.whole("step"),
        steps=found.whole("steps", least=1),
        seconds=found.number("seconds"),
        validation=_score(found, "validation"),
        best_validation=_score(found, "best_validation"),
        test=_score(found, "test"),
        test_reads=found.whole("test_reads"),
    )


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case Enum():
            return value.value
    raise TypeError(value)


def _data(found: JsonObject) -> RunData:
    sizes = (found.whole(key, least=1) for key in ("train", "validation", "test"))
    return RunData(found.text("name"), found.text("fingerprint"), *sizes)


def _versions(found: JsonObject) -> RunVersions:
    return RunVersions(*(found.text(field.name) for field in fields(RunVersions)))


def _status(word: str) -> RunStatus:
    if word not in _WRITTEN:
        raise UnusableError(f"its {_PART}'s 'status' is not one of {', '.join(_WRITTEN)}")
    return RunStatus(word)


def _score(found: JsonObject, key: str) -> Score | None:
    if key not in found:
        return None
    part = found.part(key)
    score = Score(part.whole("step"), part.whole("correct"), part.whole("total", least=1))
    if score.correct > score.total:
        raise UnusableError(f"its {_PART}'s {key!r} has more right than there are")
    return score


@contextmanager
def opened(path: Path, what: str) -> Iterator[zipfile.ZipFile]:
    """Give an archive to read from; whatever is wrong with it is raised as RunStoreError.

    `what` is what the sentence calls it: "checkpoint".
    """
    try:
        with open_regular(path) as file, open_archive(file, what) as archive:
            yield archive
            return
    except OSError as error:
        problem = explain(error)
    except NewerError:
        problem = "it was written by a newer version of the program; update the program to use it"
    except UnusableError as error:
        problem = str(error)
    raise RunStoreError(f"The {what} {path} cannot be used: {problem}.")


_FORMAT = 1


def write_checkpoint(file: IO[bytes], checkpoint: Checkpoint) -> None:
    """Write what `load_checkpoint` reads; raises OSError."""
    header = {
        "format": _FORMAT,
        "recipe": asdict(checkpoint.recipe),
        "steps": checkpoint.steps,
        "step": checkpoint.step,
        "learning_rate": checkpoint.learning_rate,
        "precision": checkpoint.precision,
        "validated": checkpoint.validated,
        "best": asdict(checkpoint.best) if checkpoint.best else None,
    }
    write_archive(
        file, checkpoint.arrays, {_CHECKPOINT_HEADER: json.dumps(header, indent=2).encode()}
    )


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; its arrays are read-only.

    Every size the file declares is checked before anything of that size is read. Raises
    RunStoreError.
    """
    with opened(path, "checkpoint") as archive:
        return _unpacked_checkpoint(archive)


def _unpacked_checkpoint(archive: zipfile.ZipFile) -> Checkpoint:
    content = read_member(archive, _CHECKPOINT_HEADER, _MOST_CHECKPOINT_HEADER_BYTES)
    header = JsonObject(_CHECKPOINT_HEADER, parse_json(_CHECKPOINT_HEADER, content))
    header.check_format(_FORMAT)
    recipe = parse_recipe(header.value("recipe"))
    best = _best(header) if "best" in header else None
    types = checkpoint_types(recipe, has_best=best is not None)
    if set(archive.namelist()) != {_CHECKPOINT_HEADER, *map(member_of, types)}:
        raise UnusableError("its arrays are not those of its recipe")
    steps = header.whole("steps", least=1)
    step = header.whole("step")
    validated = header.whole("validated", least=-1)
    if not (best.step if best else -1) <= validated <= step <= steps:
        raise UnusableError("its steps contradict each other")
    return Checkpoint(
        recipe,
        steps,
        step,
        _learning_rate(header),
        _precision(header),
        validated,
        {name: read_array(archive, name, kind.shape, kind.dtype) for name, kind in types.items()},
        best,
    )


def _best(header: JsonObject) -> BestValidation:
    best = header.part("best")
    accuracy = best.number("accuracy")
    if accuracy > 1:
        raise UnusableError(f"its accuracy of {accuracy:g} is more than all")
    return BestValidation(best.whole("step"), accuracy, best.whole("since"))


def _learning_rate(header: JsonObject) -> float:
    rate = header.number("learning_rate")
    if not BOUNDS["learning_rate"].holds(rate):
        raise UnusableError(f"its learning rate of {rate:g} is none to learn at")
    return rate


def _precision(header: JsonObject) -> str:
    precision = header.text("precision")
    if precision not in PRECISIONS:
        raise UnusableError(f"it knows no precision {precision[:40]!r}")
    return precision


@dataclass(frozen=True, slots=True, eq=False)
class TestPredictions:
    """The digits (n,) uint8 of the test images of a data set, and those that were read in them.

    `fingerprint` tells the data set; `step` after how many steps of training it was.
    """

    fingerprint: str
    step: int
    labels: NDArray[np.uint8]
    predicted: NDArray[np.uint8]

    @property
    def is_right(self) -> NDArray[np.bool]:
        """Whether each image was read right (n,)."""
        return np.equal(self.labels, self.predicted)


def format_reading(reading: TestPredictions) -> memoryview:
    """Return the content of the file that `load_reading` reads."""
    header = {
        "format": _FORMAT,
        "fingerprint": reading.fingerprint,
        "step": reading.step,
        "images": len(reading.labels),
    }
    arrays = {"labels": reading.labels, "predicted": reading.predicted}
    return packed(arrays, {_TEST_HEADER: json.dumps(header, indent=2).encode()})


def load_reading(path: Path) -> TestPredictions:
    """Read what was read; raises RunStoreError."""
    with opened(path, "file of test results") as archive:
        return _unpacked_test(archive)


def _unpacked_test(archive: zipfile.ZipFile) -> TestPredictions:
    content = read_member(archive, _TEST_HEADER, _MOST_TEST_HEADER_BYTES)
    header = JsonObject(_TEST_HEADER, parse_json(_TEST_HEADER, content))
    header.check_format(_FORMAT)
    images = header.whole("images", least=1)
    if images > _MOST_IMAGES:
        raise UnusableError(f"it declares {images} images, far too many")
    labels, predicted = (
        read_array(archive, name, (images,), "|u1") for name in ("labels", "predicted")
    )
    if max(labels.max(), predicted.max()) > 9:
        raise UnusableError("it has digits above 9")
    return TestPredictions(header.text("fingerprint"), header.whole("step"), labels, predicted)


class RunFolder:
    """Names and guards the files of one run. Its methods raise OSError, ELOOP for links."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def identity(self) -> str:
        """The run's identity, which is the folder's name."""
        return self.path.name

    def file(self, name: str) -> Path:
        """Return the path of a file of the run, which may be missing but is no link."""
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
        """Return the content of a file, which must not be larger."""
        return read_bounded(self.file(name), most_bytes)

    def replace(self, name: str, content: bytes | memoryview) -> None:
        """Write a file in one step."""
        replace_file(self.file(name), content)

    @contextmanager
    def replacing(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file to write to, which takes the name's place in one step."""
        with replacing(self.file(name)) as file:
            yield file

    def remove(self, name: str) -> None:
        """Delete a file, if it is there."""
        self.file(name).unlink(missing_ok=True)

    def is_open(self) -> bool:
        """Whether a program, this one perhaps, goes on with the run."""
        return is_locked(self.file(LOCK))


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """Return all that a run's record has, as plain values."""
    facts: dict[str, Any] = json.loads(format_run_info(run.facts))
    del facts["format"]
    facts["status"] = run.status.value
    for name in ("validation", "best_validation", "test"):
        score = getattr(run.facts, name)
        if score is not None:
            facts[name] = score_as_json(score)
    return {
        "run": run.identity,
        **asdict(run.labels),
        **facts,
        "can_go_on": run.can_resume,
        "continuation": run.continuation.value if run.continuation else None,
        "has_weights": run.has_weights,
    }


def score_as_json(score: Score) -> dict[str, Any]:
    """Return a score with its accuracy and the 95 % interval, shares 0..1."""
    return {**asdict(score), "accuracy": score.accuracy, "interval": score.interval}
