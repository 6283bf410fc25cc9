"""Write the files of one run."""

import errno
import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.files import append_lines, is_draft, locked, sync_folder
from mnist_gui.engine.models.model_file import write_snapshot
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.listing import RUN_SHARE, SNAPSHOTS_SHARE, free_space
from mnist_gui.engine.runs.run_folder import RunFolder, write_checkpoint
from mnist_gui.engine.snapshot import MOST_SNAPSHOTS, Checkpoint, Snapshot, thin_out

# Looking whether a run is running holds its lock for a moment.
_LOCK_SECONDS = 0.5
_MOST_HISTORY_BYTES = 64 << 20

NETWORK_FILES = (run_folder.BEST, run_folder.NETWORK, run_folder.TEST_PREDICTIONS)
MOST_CHECKPOINT_BYTES = 600 << 20


class RunWriter:
    """Write one run's files to a new folder in `runs`, or to an existing one.

    Methods raise OSError. A folder that vanishes is made anew, with the whole history; `was_made`
    then says that the other files have to be written again too.
    """

    def __init__(
        self, runs: Path, run_id: str, most_checkpoint_bytes: int = MOST_CHECKPOINT_BYTES
    ) -> None:
        self._runs = runs
        self._wanted = run_id
        self._most_checkpoint_bytes = most_checkpoint_bytes
        self._run_id: str | None = None
        self._folder: RunFolder | None = None
        self._lock = ExitStack()
        self._history = bytearray()
        self._on_disk = 0
        self.was_made = False

    @property
    def run_id(self) -> str | None:
        """The run's ID, once its folder was made."""
        return self._run_id

    def open_existing(self) -> RunFolder:
        """Lock an existing folder; raise OSError EBUSY if the run is running."""
        folder = RunFolder(self._runs / self._wanted)
        self._take_lock(folder)
        for name in filter(is_draft, folder.names()):
            folder.remove(name)
        with suppress(FileNotFoundError):
            content = folder.read(run_folder.HISTORY, _MOST_HISTORY_BYTES)
            self._history += content[: content.rfind(b"\n") + 1]
        self._on_disk = len(self._history)
        return folder

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

    def append_history(self, lines: bytes) -> None:
        """Append whole lines to the history; rewrite it if the file is not as it was left.

        What could not be written is written by the next call.
        """
        self._history += lines
        folder = self.create()
        path = folder.file(run_folder.HISTORY)
        if not path.exists() or path.stat().st_size != self._on_disk:
            folder.replace(run_folder.HISTORY, bytes(self._history))
        elif len(self._history) > self._on_disk:
            append_lines(path, bytes(self._history[self._on_disk :]))
        self._on_disk = len(self._history)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint."""
        with self.create().replacing(run_folder.CHECKPOINT) as file:
            write_checkpoint(file, checkpoint)

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
        self._on_disk = 0

    def free_space(self) -> None:
        """Remove old checkpoints and snapshots of other runs, as far as possible."""
        with suppress(OSError, RunStoreError):
            free_space(self._runs, self._most_checkpoint_bytes)

    def close(self) -> None:
        """Unlock the folder; write nothing more."""
        self._lock.close()
        self._folder = None

    def _make(self) -> None:
        self._runs.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = self._runs / (self._wanted + (f"-{number}" if number > 1 else ""))
            try:
                path.mkdir()
            except FileExistsError:
                continue
            self._take_lock(RunFolder(path))
            self._on_disk = 0
            self.was_made = True
            sync_folder(self._runs)
            return

    def _take_lock(self, folder: RunFolder) -> None:
        lock = locked(folder.file(run_folder.LOCK), wait_seconds=_LOCK_SECONDS)
        self._lock.enter_context(lock)
        self._folder = folder
        self._run_id = folder.run_id
