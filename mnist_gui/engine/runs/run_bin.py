"""Deleted runs, the last of which can be restored."""

import errno
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.run_folder import RunFolder

_KEPT = 20
# Checkpoints are most of what a run takes: only that many of the kept ones have theirs.
_WHOLE = 5
_ENTRY = re.compile(r"(?P<number>\d{8})-(?P<identity>.+)")


class RunBin:
    """The folder `.deleted` among the runs. Its methods raise OSError.

    Each deleted run has a growing number before its name, so that no clock decides which are the
    last ones.
    """

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._folder = runs / ".deleted"

    def take(self, folder: RunFolder) -> None:
        """Move a run here; what was deleted long before it is gone for good."""
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(self._folder))
        self._folder.mkdir(exist_ok=True)
        entries = self._entries()
        number = int(entries[0][:8]) + 1 if entries else 1
        folder.path.rename(self._folder / f"{number:08}-{folder.identity}")
        for entry in entries[_WHOLE - 1 :]:
            with suppress(OSError):
                RunFolder(self._folder / entry).remove(run_folder.CHECKPOINT)
        for entry in entries[_KEPT - 1 :]:
            # What cannot be removed yet is tried again with the next run; this one is here.
            with suppress(OSError):
                shutil.rmtree(self._folder / entry)

    def identities(self) -> tuple[str, ...]:
        """Return the runs that are here, the last deleted first."""
        return tuple(entry[9:] for entry in self._entries())

    def give_back(self, identity: str) -> None:
        """Move the run of this identity that was deleted last back among the others."""
        for entry in self._entries():
            if entry[9:] == identity:
                # Unlike a file, a folder that has something in it is never replaced.
                (self._folder / entry).rename(self._runs / identity)
                return
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), identity)

    def _entries(self) -> list[str]:
        if self._folder.is_symlink() or not self._folder.is_dir():
            return []
        names = (path.name for path in self._folder.iterdir() if not path.is_symlink())
        return sorted(filter(_ENTRY.fullmatch, names), reverse=True)
