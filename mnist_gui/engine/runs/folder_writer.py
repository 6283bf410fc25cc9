"""Writes the folder of one run, whose lock it holds."""

import errno
import os
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.atomic_file import is_draft
from mnist_gui.engine.files.durable_append import append_lines, sync_folder
from mnist_gui.engine.files.file_lock import locked
from mnist_gui.engine.model_file import write_snapshot
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.checkpoint_file import write_checkpoint
from mnist_gui.engine.runs.making_room import MOST_BYTES, make_room
from mnist_gui.engine.runs.run_folder import RunFolder
from mnist_gui.engine.snapshot import Snapshot

# Somebody who only looks whether a run goes on holds its lock for a moment.
_LOCK_SECONDS = 0.5
_MOST_HISTORY_BYTES = 64 << 20


class FolderWriter:
    """Makes a folder among `runs` when it is first needed, or goes on with one that is `taken`.

    Its methods raise OSError. A folder that vanishes is made anew, and its history is written
    whole again; `was_made` then tells that the rest has to be as well.
    """

    def __init__(self, runs: Path, identity: str) -> None:
        self._runs = runs
        self._wanted = identity
        self._identity: str | None = None
        self._folder: RunFolder | None = None
        self._lock = ExitStack()
        self._history = bytearray()
        self._on_disk = 0
        self.was_made = False

    @property
    def identity(self) -> str | None:
        """The run's identity, once its folder was made."""
        return self._identity

    def take(self) -> RunFolder:
        """Take the lock of a run's folder that is there already; OSError EBUSY if it goes on."""
        folder = RunFolder(self._runs / self._wanted)
        self._take_lock(folder)
        self._remove_drafts(folder)
        self._history += _whole_lines(folder)
        self._on_disk = len(self._history)
        return folder

    def prepare(self) -> RunFolder:
        """Return the folder, and make it if it is not there."""
        if self._folder is not None and not self._folder.file(run_folder.LOCK).exists():
            # It is told of as trouble, and made anew the next time.
            path = self._folder.path
            self.close()
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if self._folder is None:
            self._make()
        assert self._folder is not None
        return self._folder

    def append_history(self, lines: bytes) -> None:
        """Append whole lines to the history, or write it anew if it is not what it should be.

        The lines count as appended in any case: what failed now is written the next time.
        """
        self._history += lines
        path = self.prepare().file(run_folder.HISTORY)
        if not path.exists() or path.stat().st_size != self._on_disk:
            self.prepare().replace(run_folder.HISTORY, bytes(self._history))
        elif len(self._history) > self._on_disk:
            append_lines(path, bytes(self._history[self._on_disk :]))
        self._on_disk = len(self._history)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in the place of the last one."""
        with self.prepare().replacing(run_folder.CHECKPOINT) as file:
            write_checkpoint(file, checkpoint)

    def write_snapshot(self, name: str, snapshot: Snapshot) -> None:
        """Write weights under one of the names for them."""
        with self.prepare().replacing(name) as file:
            write_snapshot(file, snapshot)

    def begin_again(self) -> None:
        """Forget what a folder that was taken holds of the run's course and its networks."""
        self._history.clear()
        for name in (run_folder.HISTORY, run_folder.BEST, run_folder.NETWORK, run_folder.READING):
            self.prepare().remove(name)
        self._on_disk = 0

    def make_room(self) -> None:
        """Give up old checkpoints of other runs, where that can be done."""
        with suppress(OSError, RunRecordError):
            make_room(self._runs, MOST_BYTES)

    def close(self) -> None:
        """Let the folder go; nothing is written any more."""
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
        self._identity = folder.identity

    def _remove_drafts(self, folder: RunFolder) -> None:
        """Remove what a program that died while it wrote has left behind."""
        for name in folder.names():
            if is_draft(name):
                folder.remove(name)


def _whole_lines(folder: RunFolder) -> bytes:
    try:
        content = folder.read(run_folder.HISTORY, _MOST_HISTORY_BYTES)
    except FileNotFoundError:
        return b""
    return content[: content.rfind(b"\n") + 1]
