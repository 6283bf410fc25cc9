"""Write the files of one run."""

import errno
import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.files import (
    append_lines,
    is_draft,
    locked,
    open_regular_file,
    sync_folder,
)
from mnist_gui.engine.models.model_file import write_snapshot
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.listing import RUN_SHARE, SNAPSHOTS_SHARE, free_space
from mnist_gui.engine.runs.run_folder import RunFolder, write_checkpoint
from mnist_gui.engine.snapshot import MOST_SNAPSHOTS, Checkpoint, Snapshot, thin_out

# Looking whether a run is running holds its lock for a moment.
_LOCK_SECONDS = 0.5
# Of a longer history only the end is looked at.
_MOST_HELD_BYTES = 64 << 20

NETWORK_FILES = (run_folder.BEST, run_folder.NETWORK, run_folder.TEST_PREDICTIONS)
MOST_CHECKPOINT_BYTES = 600 << 20


class RunWriter:
    """Write one run's files to a new folder in `runs`, or to an existing one.

    Methods raise OSError. A folder that vanishes is made anew, with the whole history, or of one
    that is too long to be held in memory with what came since the run was resumed; `was_made` then
    says that the other files have to be written again too.
    """

    def __init__(
        self, runs: Path, run_id: str, most_checkpoint_bytes: int = MOST_CHECKPOINT_BYTES
    ) -> None:
        self.runs = runs
        self._wanted = run_id
        self._most_checkpoint_bytes = most_checkpoint_bytes
        self._run_id: str | None = None
        self._folder: RunFolder | None = None
        self._lock = ExitStack()
        self._history = bytearray()
        # What comes before that in the file, and how much of it the file has.
        self._bytes_before = 0
        self._on_disk = 0
        self.was_made = False

    @property
    def run_id(self) -> str | None:
        """The run's ID, once its folder was made."""
        return self._run_id

    def open_existing(self) -> RunFolder:
        """Lock an existing folder; raise OSError EBUSY if the run is running."""
        folder = RunFolder(self.runs / self._wanted)
        self._take_lock(folder)
        for name in filter(is_draft, folder.names()):
            folder.remove(name)
        with suppress(FileNotFoundError):
            self._take_history(folder)
        return folder

    def _take_history(self, folder: RunFolder) -> None:
        """Know the history on the disk, up to its last whole line."""
        with open_regular_file(folder.file(run_folder.HISTORY)) as file:
            size = os.fstat(file.fileno()).st_size
            start = max(0, size - _MOST_HELD_BYTES)
            file.seek(start)
            content = file.read(size - start)
        whole = content.rfind(b"\n") + 1
        if start:
            self._bytes_before = start + whole
        else:
            self._history += content[:whole]
        self._on_disk = start + whole

    def create(self) -> RunFolder:
        """Return the folder, made if it does not exist."""
        if self._folder is not None and not self._folder.file(run_folder.LOCK).exists():
            # Reported as an error; the next call makes it anew.
            path = self._folder.path
            self.close()
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if self._folder is None:
            self._make()
        assert self._folder is not None
        return self._folder

    def is_still_there(self) -> bool:
        """Whether the folder that was made is there, or there again; it is locked then."""
        if self._folder is None or not self._folder.file(run_folder.LOCK).exists():
            self.close()
            if self._run_id is None:
                return False
            try:
                self._take_lock(RunFolder(self.runs / self._run_id))
            except FileNotFoundError:
                return False
        return True

    def append_history(self, lines: bytes) -> None:
        """Append whole lines to the history; rewrite it if the file is not as it was left.

        What could not be written is written by the next call.
        """
        self._history += lines
        folder = self.create()
        path = folder.file(run_folder.HISTORY)
        size = path.stat().st_size if path.exists() else 0
        if size > self._on_disk and self._bytes_before:
            # The end of a line that was never whole.
            os.truncate(path, self._on_disk)
        elif size != self._on_disk or not path.exists():
            folder.replace(run_folder.HISTORY, bytes(self._history))
            self._bytes_before, self._on_disk = 0, len(self._history)
        new = bytes(self._history[self._on_disk - self._bytes_before :])
        if new:
            append_lines(path, new)
            self._on_disk += len(new)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint, which stays as the one before."""
        folder = self.create()
        folder.keep(run_folder.CHECKPOINT, run_folder.CHECKPOINT_BEFORE)
        with folder.replacing(run_folder.CHECKPOINT) as file:
            write_checkpoint(file, checkpoint)

    def return_to_checkpoint_before(self) -> None:
        """Let the checkpoint before take the place of the newest one, which is damaged or gone."""
        folder = self.create()
        before = folder.file(run_folder.CHECKPOINT_BEFORE)
        before.replace(folder.path / run_folder.CHECKPOINT)

    def write_snapshot(self, name: str, snapshot: Snapshot) -> None:
        """Replace one of the files of weights."""
        with self.create().replacing(name) as file:
            write_snapshot(file, snapshot)

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """Add a snapshot to those that the run keeps; thin out the others if they are too many."""
        self.write_snapshot(run_folder.snapshot_file(snapshot.step), snapshot)
        size = sum(array.nbytes for array in snapshot.weights.values())
        fitting = int(self._most_checkpoint_bytes * SNAPSHOTS_SHARE * RUN_SHARE / size)
        others = self._snapshot_steps() - {snapshot.step}
        self._remove_snapshots(
            others.difference(thin_out(others, min(MOST_SNAPSHOTS, fitting) - 1))
        )

    def forget_snapshots(self, after: int) -> None:
        """Remove the snapshots of later steps: their work is lost."""
        self._remove_snapshots(step for step in self._snapshot_steps() if step > after)

    def _snapshot_steps(self) -> set[int]:
        return set(run_folder.snapshot_steps(self.create().names()))

    def _remove_snapshots(self, steps: Iterable[int]) -> None:
        for step in steps:
            self.create().remove(run_folder.snapshot_file(step))

    def restart(self) -> None:
        """Remove the run's history and networks."""
        self._history.clear()
        self.forget_snapshots(after=-1)
        for name in (run_folder.HISTORY, *NETWORK_FILES):
            self.create().remove(name)
        self._bytes_before = self._on_disk = 0

    def free_space(self) -> None:
        """Remove old checkpoints and snapshots of other runs, as far as possible."""
        with suppress(OSError, RunStoreError):
            free_space(self.runs, self._most_checkpoint_bytes)

    def discard(self) -> None:
        """Remove the folder that was just made, as nothing can be written to it.

        Otherwise one more would be left at each further try.
        """
        folder, self._run_id, self.was_made = self._folder, None, False
        self.close()
        if folder is not None:
            with suppress(OSError):
                folder.remove(run_folder.LOCK)
                folder.path.rmdir()

    def close(self) -> None:
        """Unlock the folder; write nothing more."""
        self._lock.close()
        self._folder = None

    def _make(self) -> None:
        self.runs.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = self.runs / (self._wanted + (f"-{number}" if number > 1 else ""))
            try:
                path.mkdir()
            except FileExistsError:
                continue
            self._folder = RunFolder(path)
            try:
                self._take_lock(self._folder)
            except OSError:
                self.discard()
                raise
            self._bytes_before = self._on_disk = 0
            self.was_made = True
            sync_folder(self.runs)
            return

    def _take_lock(self, folder: RunFolder) -> None:
        lock = locked(folder.file(run_folder.LOCK), wait_seconds=_LOCK_SECONDS)
        self._lock.enter_context(lock)
        self._folder = folder
        self._run_id = folder.run_id
