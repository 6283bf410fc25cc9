"""The store of runs: find, label, delete and restore them; where it is."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.archive import (
    FileFormatError,
    NewerVersionError,
    check_format,
    decode,
    encode,
)
from mnist_gui.engine.io.files import (
    explain,
    open_regular_file,
    read_file_bounded,
    write_file_atomically,
)
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.compare import Comparison, compare
from mnist_gui.engine.runs.event_log import StoredHistory, read_history
from mnist_gui.engine.runs.listing import RunLister
from mnist_gui.engine.runs.recorder import (
    MOST_CHECKPOINT_BYTES,
    WRITE_SECONDS,
    RunRecorder,
    RunWriter,
    initial_info,
    new_run_id,
    now,
    versions,
)
from mnist_gui.engine.runs.run import (
    RunInfo,
    RunLabels,
    RunList,
    RunRecord,
    RunStatus,
    format_labels,
)
from mnist_gui.engine.runs.run_folder import (
    RunFolder,
    TestPredictions,
    format_run_info,
    load_checkpoint,
    load_reading,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import runs_folder

_ENTRY = re.compile(r"(?P<number>\d{8})-(?P<run_id>.+)")


_IDENTITY = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")
_NAME = "choices.json"
_FORMAT = 1
_MOST_BYTES = 64 << 10


class RunTrash:
    """The folder `.deleted` among the runs. Its methods raise OSError.

    Each deleted run has a growing number before its name, so that no clock decides which are the
    last ones.
    """

    def __init__(self, runs: Path, most_runs: int, most_checkpoints: int) -> None:
        self._runs = runs
        self._folder = runs / ".deleted"
        self._most_runs = most_runs
        self._most_checkpoints = most_checkpoints

    def move_in(self, folder: RunFolder) -> None:
        """Move a run here; what was deleted long before it is gone for good."""
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(self._folder))
        self._folder.mkdir(exist_ok=True)
        entries = self._entries()
        number = int(entries[0][:8]) + 1 if entries else 1
        folder.path.rename(self._folder / f"{number:08}-{folder.run_id}")
        for entry in entries[self._most_checkpoints - 1 :]:
            with suppress(OSError):
                RunFolder(self._folder / entry).remove(run_folder.CHECKPOINT)
        for entry in entries[self._most_runs - 1 :]:
            # What cannot be removed yet is tried again with the next run; this one is here.
            with suppress(OSError):
                shutil.rmtree(self._folder / entry)

    def run_ids(self) -> tuple[str, ...]:
        """Return the runs that are here, the last deleted first."""
        return tuple(entry[9:] for entry in self._entries())

    def restore(self, run_id: str) -> None:
        """Move the run of this ID that was deleted last back among the others."""
        for entry in self._entries():
            if entry[9:] == run_id:
                # Unlike a file, a folder that has something in it is never replaced.
                (self._folder / entry).rename(self._runs / run_id)
                return
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), run_id)

    def _entries(self) -> list[str]:
        if self._folder.is_symlink() or not self._folder.is_dir():
            return []
        names = (path.name for path in self._folder.iterdir() if not path.is_symlink())
        return sorted(filter(_ENTRY.fullmatch, names), reverse=True)


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How much a store keeps, how soon it writes, and by which clock.

    Checkpoints are most of what a run takes: only so many of the `trashed_runs` keep theirs, and
    those of completed runs take `checkpoint_bytes` at most.
    """

    trashed_runs: int = 20
    trashed_checkpoints: int = 5
    checkpoint_bytes: int = MOST_CHECKPOINT_BYTES
    write_seconds: float = WRITE_SECONDS
    now: Callable[[], datetime] = now


STANDARD = StoreOptions()


class RunStore:
    """The runs in a folder, which need not exist yet. To be used by one thread at a time.

    All its methods raise RunStoreError with one sentence; those that load weights ModelFileError.
    """

    def __init__(self, folder: Path, options: StoreOptions = STANDARD) -> None:
        self.folder = folder
        self._lister = RunLister(folder)
        self._options = options
        self._trash = RunTrash(folder, options.trashed_runs, options.trashed_checkpoints)

    def runs(self) -> RunList:
        """Return all runs, the latest first. What has not changed is not read again."""
        return self._lister.runs()

    def run(self, run_id: str) -> RunRecord:
        """Return one run as it is now."""
        self._folder(run_id)
        return self._lister.run(run_id)

    def find(self, words: str) -> RunRecord:
        """Return the run of this ID or of its beginning, of this name, or the "last" one."""
        runs = self.runs().runs
        found = [run for run in runs if words in (run.run_id, run.labels.name)]
        found = found or [run for run in runs if run.run_id.startswith(words)]
        if words == "last":
            found = list(runs[:1])
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(run.run_id for run in found[:3])
            raise RunStoreError(
                f"{words!r} may be any of {len(found)} runs, {names} ...; name one of them."
            )
        raise RunStoreError(f"There is no run {words[:80]!r} in {self.folder}; name a listed one.")

    def start(self, recipe: Recipe, dataset: Dataset, warn: Callable[[str], None]) -> RunRecorder:
        """Return a recorder for a run that begins now; see RunRecorder for `warn`."""
        info = initial_info(recipe, dataset, self._options.now())
        return self._recorder(self._writer(new_run_id(info)), info, warn)

    def _writer(self, run_id: str) -> RunWriter:
        return RunWriter(self.folder, run_id, self._options.checkpoint_bytes)

    def _recorder(
        self, writer: RunWriter, info: RunInfo, warn: Callable[[str], None]
    ) -> RunRecorder:
        return RunRecorder(writer, info, warn, self._options.write_seconds, self._options.now)

    def resume(
        self, run_id: str, dataset: Dataset, warn: Callable[[str], None]
    ) -> tuple[Checkpoint | None, RunRecorder]:
        """Return where a run that has ended, or was interrupted, is to be resumed; its recorder.

        A run that has no checkpoint, and was not completed, is restarted: None. It has to be the
        data set it was started on.
        """
        writer = self._writer(self._folder(run_id).run_id)
        with self._explaining(run_id, "folder"), ExitStack() as undoing:
            _open(writer, run_id)
            undoing.callback(writer.close)
            info = self.run(run_id).info
            if info.data.fingerprint != dataset.fingerprint:
                raise RunStoreError(
                    f"The run {run_id} was trained on other data than {dataset.name}; "
                    f"open its data set, {info.data.name}, to go on."
                )
            checkpoint = self._checkpoint_to_resume(run_id, info)
            if checkpoint is None:
                writer.restart()
                info = initial_info(info.recipe, dataset, self._options.now())
            undoing.pop_all()
        if info.versions != versions():
            warn(
                f"The run {run_id} was begun with other versions of the program, of Python, "
                "TensorFlow, Keras or NumPy; its weights may come to differ in their last bits."
            )
        return checkpoint, self._recorder(writer, replace(info, versions=versions()), warn)

    def _checkpoint_to_resume(self, run_id: str, info: RunInfo) -> Checkpoint | None:
        has_checkpoint = run_folder.CHECKPOINT in self._names(run_id)
        is_restarted = info.status is not RunStatus.COMPLETED and not has_checkpoint
        return None if is_restarted else self.checkpoint(run_id)

    def history(self, run_id: str, until: int | None = None) -> StoredHistory:
        """Read the course of a run, also while it goes on; up to the step `until` if it is given.

        A run that is to go on from a checkpoint has its history until the checkpoint's step.
        """
        recipe = self.run(run_id).info.recipe
        with (
            self._explaining(run_id, "history"),
            open_regular_file(self._folder(run_id).file(run_folder.HISTORY)) as file,
        ):
            return read_history(file, recipe, until)

    def snapshot(self, run_id: str, *, best: bool = False) -> Snapshot:
        """Load a run's last good weights, or those that read most validation images right."""
        names = self._names(run_id)
        if best and run_folder.BEST in names:
            return load_snapshot(self._file(run_id, run_folder.BEST))
        has_ended = self.run(run_id).info.status is not RunStatus.RUNNING
        if run_folder.NETWORK in names and (has_ended or run_folder.CHECKPOINT not in names):
            return load_snapshot(self._file(run_id, run_folder.NETWORK))
        return _weights(self.checkpoint(run_id))

    def checkpoint(self, run_id: str) -> Checkpoint:
        """Load what it takes for a run to go on."""
        if run_folder.CHECKPOINT not in self._names(run_id):
            raise RunStoreError(
                f"The run {run_id} has no checkpoint to go on from; start a new one with its "
                "settings."
            )
        return load_checkpoint(self._file(run_id, run_folder.CHECKPOINT))

    def reading(self, run_id: str) -> TestPredictions:
        """Load what a run's network read in each test image."""
        if run_folder.READING not in self._names(run_id):
            raise RunStoreError(
                f"The run {run_id} has not been tested; choose one that was completed."
            )
        return load_reading(self._file(run_id, run_folder.READING))

    def compare(self, first: str, second: str) -> Comparison:
        """Compare what two runs read in the same test images, by McNemar's test."""
        return compare(self.reading(first), self.reading(second))

    def count_test_evaluation(self, run_id: str, fingerprint: str) -> None:
        """Note that test images were read once more with the network of a run that has ended.

        `fingerprint` is of their data set: only the images that the run itself was tested on count.
        A run that goes on counts for itself.
        """
        if self.run(run_id).info.data.fingerprint != fingerprint:
            return
        writer = self._writer(self._folder(run_id).run_id)
        with self._explaining(run_id, "folder"), closing(writer):
            _open(writer, run_id)
            info = self.run(run_id).info
            info = replace(info, test_reads=info.test_reads + 1)
            self._folder(run_id).replace(run_folder.FACTS, format_run_info(info))

    def rename(self, run_id: str, name: str) -> RunRecord:
        """Call a run by this name, by its recipe's if it is empty."""
        return self._label(run_id, name=name.strip())

    def recolour(self, run_id: str, colour: str) -> RunRecord:
        """Give a run one of `labels.COLOURS`."""
        return self._label(run_id, colour=colour)

    def pin(self, run_id: str, *, is_pinned: bool) -> RunRecord:
        """Pin a run, or let it go."""
        return self._label(run_id, is_pinned=is_pinned)

    def note(self, run_id: str, note: str) -> RunRecord:
        """Write a note to a run in place of the one it has."""
        return self._label(run_id, note=note)

    def delete(self, run_id: str) -> None:
        """Delete a run; the last ones that were deleted can be restored."""
        record = self.run(run_id)
        if record.status is RunStatus.RUNNING:
            raise RunStoreError(f"The run {run_id} still goes on; stop it and delete it then.")
        with self._explaining(run_id, "folder"):
            self._trash.move_in(self._folder(run_id))

    def deleted(self) -> tuple[str, ...]:
        """Return the IDs of the runs that can be restored, the last deleted first."""
        return self._trash.run_ids()

    def restore(self, run_id: str) -> RunRecord:
        """Bring a deleted run back."""
        self._folder(run_id)
        with self._explaining(run_id, "folder"):
            self._trash.restore(run_id)
        return self.run(run_id)

    def _label(self, run_id: str, **changed: Any) -> RunRecord:
        labels: RunLabels = replace(self.run(run_id).labels, **changed)
        with self._explaining(run_id, "labels"):
            self._folder(run_id).replace(run_folder.LABELS, format_labels(labels))
        return self.run(run_id)

    def _folder(self, run_id: str) -> RunFolder:
        if not _IDENTITY.fullmatch(run_id):
            raise RunStoreError(f"There is no run {run_id[:80]!r}; name one that is listed.")
        return RunFolder(self.folder / run_id)

    def _names(self, run_id: str) -> frozenset[str]:
        with self._explaining(run_id, "folder"):
            return self._folder(run_id).names()

    def _file(self, run_id: str, name: str) -> Path:
        with self._explaining(run_id, "folder"):
            return self._folder(run_id).file(name)

    @contextmanager
    def _explaining(self, run_id: str, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RunStoreError(
                f"The {what} of the run {run_id} in {self.folder} cannot be used: {explain(error)}."
            ) from error


def _open(writer: RunWriter, run_id: str) -> None:
    try:
        writer.open_existing()
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise RunStoreError(
            f"The run {run_id} goes on in another program, and can only be looked at here; "
            "stop it there to go on with it."
        ) from error


def _weights(checkpoint: Checkpoint) -> Snapshot:
    names = checkpoint.recipe.architecture.weight_shapes
    weights = {name: checkpoint.arrays[f"network/{name}"] for name in names}
    return Snapshot(checkpoint.recipe, checkpoint.step, weights)


def kept_runs(data_folder: Path) -> Path:
    """Return where the runs are: where was chosen, or in the data folder; raises RunStoreError."""
    return read_runs_choice(data_folder) or runs_folder(data_folder)


def read_runs_choice(data_folder: Path) -> Path | None:
    """Return the folder that was chosen in a user's data folder, or None for the usual one.

    Raises RunStoreError for a choice that is there but cannot be read: the runs are then not
    where they are usually looked for.
    """
    path = data_folder / _NAME
    try:
        return _parsed(read_file_bounded(path, _MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, explain(error)) from error
    except FileFormatError as error:
        raise _unreadable(path, str(error)) from error
    except NewerVersionError as error:
        raise _unreadable(path, "it was written by a later version of the program") from error


def write_runs_choice(data_folder: Path, runs: Path) -> None:
    """Keep runs in this folder from now on; raises RunStoreError, and has then changed nothing."""
    path = data_folder / _NAME
    choice = _Choice(str(runs.absolute()))
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        write_file_atomically(path, encode(choice, _FORMAT, in_lines=True))
    except UnicodeEncodeError as error:
        raise RunStoreError(
            f"The folder for runs cannot be remembered in {path}: its name is not text in UTF-8; "
            "choose another one."
        ) from error
    except OSError as error:
        raise RunStoreError(
            f"The folder for runs cannot be remembered in {path}: {explain(error)}."
        ) from error


class _Choice(msgspec.Struct):
    runs: str


def _parsed(content: bytes) -> Path:
    check_format(content, _FORMAT, _NAME)
    runs = decode(content, _Choice, _NAME).runs
    # Not only one line of ordinary letters, as other texts are: folders may have any name.
    if "\0" in runs or not Path(runs).is_absolute():
        raise FileFormatError("what it names is no folder")
    return Path(runs)


def _unreadable(path: Path, problem: str) -> RunStoreError:
    return RunStoreError(
        f"Where runs are kept cannot be read from {path}: {problem}; name the folder by --runs, "
        "or choose it anew by File > Keep runs in."
    )
