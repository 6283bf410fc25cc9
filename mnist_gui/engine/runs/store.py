"""The store of runs: find, load, label, delete and restore them."""

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

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import (
    MnistGuiError,
    NewerVersionError,
    RunStoreError,
)
from mnist_gui.engine.io.files import (
    check_writable,
    open_regular_file,
)
from mnist_gui.engine.models.finite import check_computes
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.event_log import StoredHistory, read_history
from mnist_gui.engine.runs.listing import RunLister
from mnist_gui.engine.runs.recorder import (
    WRITE_SECONDS,
    RunRecorder,
    initial_info,
    new_run_id,
    now,
    versions,
)
from mnist_gui.engine.runs.run import (
    Comparison,
    RunInfo,
    RunLabels,
    RunList,
    RunRecord,
    RunStatus,
    TestPredictions,
    compare,
    format_labels,
)
from mnist_gui.engine.runs.run_folder import (
    UNUSABLE,
    RunFolder,
    format_run_info,
    load_checkpoint,
    load_test_predictions,
)
from mnist_gui.engine.runs.writer import MOST_CHECKPOINT_BYTES, RunWriter
from mnist_gui.engine.snapshot import Checkpoint, Snapshot

_TRASHED = re.compile(r"\d{8}-.+")
_RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")
# A file of this name is never there.
_TRIED = ".tried"


class RunTrash:
    """The folder `.deleted` in the store. Methods raise OSError.

    A growing number before the name of each deleted run says which are the last ones.
    """

    def __init__(self, runs: Path, most_runs: int, most_checkpoints: int) -> None:
        self._runs = runs
        self._folder = runs / ".deleted"
        self._most_runs = most_runs
        self._most_checkpoints = most_checkpoints

    def move_in(self, folder: RunFolder) -> None:
        """Move a run here; remove the runs that were deleted long before it."""
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(self._folder))
        self._folder.mkdir(exist_ok=True)
        entries = self._entries()
        number = int(entries[0][:8]) + 1 if entries else 1
        folder.path.rename(self._folder / f"{number:08}-{folder.run_id}")
        for entry in entries[self._most_checkpoints - 1 :]:
            with suppress(OSError):
                for name in run_folder.CHECKPOINTS:
                    RunFolder(self._folder / entry).remove(name)
        for entry in entries[self._most_runs - 1 :]:
            # What cannot be removed now is tried again with the next run.
            with suppress(OSError):
                shutil.rmtree(self._folder / entry)

    def run_ids(self) -> tuple[str, ...]:
        """Return the IDs of the runs here, the last deleted first."""
        return tuple(entry[9:] for entry in self._entries())

    def restore(self, run_id: str) -> None:
        """Move the run of this ID back; the last deleted one if there are several."""
        for entry in self._entries():
            if entry[9:] == run_id:
                # `rename` never replaces a folder that is not empty.
                (self._folder / entry).rename(self._runs / run_id)
                return
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), run_id)

    def _entries(self) -> list[str]:
        if self._folder.is_symlink() or not self._folder.is_dir():
            return []
        names = (path.name for path in self._folder.iterdir() if not path.is_symlink())
        return sorted(filter(_TRASHED.fullmatch, names), reverse=True)


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How much a store keeps, how soon it writes, and by which clock.

    Only the last `trashed_checkpoints` of the `trashed_runs` keep their checkpoints; those of
    completed runs, and the snapshots of all, take at most `checkpoint_bytes`.
    """

    trashed_runs: int = 20
    trashed_checkpoints: int = 5
    checkpoint_bytes: int = MOST_CHECKPOINT_BYTES
    write_seconds: float = WRITE_SECONDS
    now: Callable[[], datetime] = now


STANDARD = StoreOptions()


class RunStore:
    """The runs in a folder, which need not exist yet; for one thread at a time.

    All methods raise RunStoreError; those that load weights also ModelFileError.
    """

    def __init__(self, folder: Path, options: StoreOptions = STANDARD) -> None:
        self.folder = folder
        self._lister = RunLister(folder)
        self._options = options
        self._trash = RunTrash(folder, options.trashed_runs, options.trashed_checkpoints)

    def runs(self) -> RunList:
        """Return all runs, the latest first; files that did not change are not read again."""
        return self._lister.runs()

    def check_writable(self) -> None:
        """Make the folder if it is missing; raise RunStoreError if nothing can be written there."""
        try:
            if not _exists(self.folder):
                self.folder.mkdir(parents=True)
            check_writable(self.folder / _TRIED)
        except OSError as error:
            raise RunStoreError("runs-unwritable", folder=self.folder, reason=error) from error

    def run(self, run_id: str) -> RunRecord:
        """Return one run."""
        self._check_is_there(run_id)
        return self._lister.run(run_id)

    def find(self, words: str) -> RunRecord:
        """Return the run with this ID or name, the one whose ID starts so, or the "last" one."""
        listed = self.runs()
        runs = listed.runs
        found = [run for run in runs if words in (run.run_id, run.labels.name)]
        found = found or [run for run in runs if run.run_id.startswith(words)]
        if words == "last":
            found = list(runs[:1])
        if len(found) == 1:
            return found[0]
        if found:
            names = [run.run_id for run in found[:3]]
            raise RunStoreError("run-ambiguous", name=words, count=len(found), names=names)
        for damaged in listed.unreadable:
            if damaged.run_id == words:
                raise damaged.problem
        raise RunStoreError("no-run", name=words[:80], folder=self.folder)

    def start(
        self, recipe: Recipe, dataset: Dataset, warn: Callable[[MnistGuiError], None]
    ) -> RunRecorder:
        """Return a recorder for a new run; see RunRecorder for `warn`."""
        info = initial_info(recipe, dataset, self._options.now())
        return self._recorder(self._writer(new_run_id(info)), info, warn)

    def _writer(self, run_id: str) -> RunWriter:
        return RunWriter(self.folder, run_id, self._options.checkpoint_bytes)

    def _recorder(
        self, writer: RunWriter, info: RunInfo, warn: Callable[[MnistGuiError], None]
    ) -> RunRecorder:
        return RunRecorder(writer, info, warn, self._options.write_seconds, self._options.now)

    def resume(
        self, run_id: str, dataset: Dataset, warn: Callable[[MnistGuiError], None]
    ) -> tuple[Checkpoint | None, RunRecorder]:
        """Return the checkpoint to resume a run from, and a recorder.

        The checkpoint is None for a run that ended before its first one: it is restarted. Raise
        RunStoreError for another data set than the run's.
        """
        writer = self._writer(self._folder(run_id).run_id)
        with self._explaining(run_id), ExitStack() as undoing:
            _open(writer, run_id)
            undoing.callback(writer.close)
            info = self.run(run_id).info
            if info.data.fingerprint != dataset.fingerprint:
                raise RunStoreError(
                    "run-other-data", run=run_id, given=dataset.name, data=info.data.name
                )
            checkpoint = None
            if self.run(run_id).has_checkpoint or info.status is RunStatus.COMPLETED:
                name, checkpoint = self._intact_checkpoint(run_id)
                if name != run_folder.CHECKPOINT:
                    writer.return_to_checkpoint_before()
                    warn(RunStoreError("checkpoint-before", run=run_id, step=checkpoint.step))
                writer.forget_snapshots(after=checkpoint.step)
            else:
                writer.restart()
                info = initial_info(info.recipe, dataset, self._options.now())
            undoing.pop_all()
        if info.versions != versions():
            warn(RunStoreError("versions-differ", run=run_id))
        return checkpoint, self._recorder(writer, replace(info, versions=versions()), warn)

    def history(self, run_id: str, until: int | None = None) -> StoredHistory:
        """Read the history of a run, which may still be running, up to the step `until`."""
        recipe = self.run(run_id).info.recipe
        with (
            self._explaining(run_id),
            open_regular_file(self._folder(run_id).file(run_folder.HISTORY)) as file,
        ):
            return read_history(file, recipe, until)

    def snapshot(self, run_id: str, *, best: bool = False) -> Snapshot:
        """Load a run's last good weights, or those of its best validation."""
        names = self._names(run_id)
        if best and run_folder.BEST in names:
            return load_snapshot(self._file(run_id, run_folder.BEST))
        has_ended = self.run(run_id).info.status is not RunStatus.RUNNING
        has_checkpoint = not names.isdisjoint(run_folder.CHECKPOINTS)
        if run_folder.NETWORK in names and (has_ended or not has_checkpoint):
            return load_snapshot(self._file(run_id, run_folder.NETWORK))
        checkpoint = self.checkpoint(run_id)
        shapes = checkpoint.recipe.architecture.weight_shapes
        weights = {name: checkpoint.arrays[f"network/{name}"] for name in shapes}
        with self._explaining(run_id):
            check_computes(weights)
        return Snapshot(checkpoint.recipe, checkpoint.step, weights, checkpoint.temperature)

    def snapshot_steps(self, run_id: str) -> tuple[int, ...]:
        """Return the steps of the snapshots that a run keeps, in order."""
        return run_folder.snapshot_steps(self._names(run_id))

    def load_snapshot(self, run_id: str, step: int) -> Snapshot:
        """Load one of the snapshots that a run keeps."""
        if step in self.snapshot_steps(run_id):
            snapshot = load_snapshot(self._file(run_id, run_folder.snapshot_file(step)))
            if snapshot.step == step:
                return snapshot
        raise RunStoreError("run-no-snapshot", run=run_id, step=step)

    def checkpoint(self, run_id: str) -> Checkpoint:
        """Load a run's newest checkpoint that is not damaged."""
        return self._intact_checkpoint(run_id)[1]

    def _intact_checkpoint(self, run_id: str) -> tuple[str, Checkpoint]:
        """Load the newest checkpoint that is not damaged; return also the name of its file."""
        names = self._names(run_id)
        problems = []
        for name in filter(names.__contains__, run_folder.CHECKPOINTS):
            try:
                return name, load_checkpoint(self._file(run_id, name))
            except RunStoreError as error:
                if isinstance(error.facts.get("reason"), NewerVersionError):
                    raise
                problems.append(error)
        if not problems:
            raise RunStoreError("run-no-checkpoint", run=run_id)
        if self.run(run_id).info.status is RunStatus.COMPLETED:
            raise problems[0]
        raise RunStoreError("checkpoints-damaged", run=run_id, folder=self.folder / run_id) from (
            problems[0]
        )

    def reading(self, run_id: str) -> TestPredictions:
        """Load what a run's network predicted for each test image."""
        if run_folder.TEST_PREDICTIONS not in self._names(run_id):
            raise RunStoreError("run-untested", run=run_id)
        return load_test_predictions(self._file(run_id, run_folder.TEST_PREDICTIONS))

    def compare(self, first: str, second: str) -> Comparison:
        """Compare two runs on the same test images, by McNemar's test."""
        return compare(self.reading(first), self.reading(second))

    def count_test_evaluation(self, run_id: str, fingerprint: str) -> None:
        """Count one more evaluation on the test images with the network of a run that has ended.

        Only if `fingerprint` is that of the run's data set.
        """
        if self.run(run_id).info.data.fingerprint != fingerprint:
            return
        writer = self._writer(self._folder(run_id).run_id)
        with self._explaining(run_id), closing(writer):
            _open(writer, run_id)
            info = self.run(run_id).info
            info = replace(info, test_reads=info.test_reads + 1)
            self._folder(run_id).replace(run_folder.INFO, format_run_info(info))

    def rename(self, run_id: str, name: str) -> RunRecord:
        """Give a run a name; an empty one stands for the recipe's."""
        return self._label(run_id, name=name.strip())

    def recolour(self, run_id: str, colour: str) -> RunRecord:
        """Give a run one of `COLOURS`."""
        return self._label(run_id, colour=colour)

    def pin(self, run_id: str, *, is_pinned: bool) -> RunRecord:
        """Pin or unpin a run."""
        return self._label(run_id, is_pinned=is_pinned)

    def note(self, run_id: str, note: str) -> RunRecord:
        """Replace the note of a run."""
        return self._label(run_id, note=note)

    def delete(self, run_id: str) -> None:
        """Move a run to the trash."""
        record = self.run(run_id)
        if record.status is RunStatus.RUNNING:
            raise RunStoreError("run-still-running", run=run_id)
        with self._explaining(run_id):
            self._trash.move_in(self._folder(run_id))

    def deleted(self) -> tuple[str, ...]:
        """Return the IDs of the runs that can be restored, the last deleted first."""
        return self._trash.run_ids()

    def restore(self, run_id: str) -> RunRecord:
        """Bring a deleted run back."""
        self._folder(run_id)
        with self._explaining(run_id):
            self._trash.restore(run_id)
        return self.run(run_id)

    def _label(self, run_id: str, **changed: Any) -> RunRecord:
        labels: RunLabels = replace(self.run(run_id).labels, **changed)
        with self._explaining(run_id):
            self._folder(run_id).replace(run_folder.LABELS, format_labels(labels))
        return self.run(run_id)

    def _folder(self, run_id: str) -> RunFolder:
        if not _RUN_ID.fullmatch(run_id):
            raise RunStoreError("no-run", name=run_id[:80], folder=self.folder)
        return RunFolder(self.folder / run_id)

    def _names(self, run_id: str) -> frozenset[str]:
        with self._explaining(run_id):
            return self._folder(run_id).names()

    def _file(self, run_id: str, name: str) -> Path:
        with self._explaining(run_id):
            return self._folder(run_id).file(name)

    def _check_is_there(self, run_id: str) -> None:
        """Raise RunStoreError for a run that another window has deleted, say."""
        try:
            self._folder(run_id).path.lstat()
        except FileNotFoundError as error:
            raise RunStoreError("run-gone", run=run_id, folder=self.folder) from error
        except OSError:
            # Whoever reads its files says what is wrong.
            return

    @contextmanager
    def _explaining(self, run_id: str) -> Iterator[None]:
        try:
            yield
        except UNUSABLE as error:
            self._check_is_there(run_id)
            raise RunStoreError(
                "run-unusable", run=run_id, folder=self.folder, reason=error
            ) from error


def _exists(folder: Path) -> bool:
    """Return whether there is something at this path; raise OSError for a link to itself."""
    try:
        folder.stat()
    except FileNotFoundError:
        return False
    return True


def _open(writer: RunWriter, run_id: str) -> None:
    try:
        writer.open_existing()
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise RunStoreError("run-elsewhere", run=run_id) from error
