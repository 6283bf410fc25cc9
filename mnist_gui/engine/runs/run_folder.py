"""The folder of one run: which files it has, read and written without following links."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mnist_gui.engine.files.atomic_file import replace_file, replacing
from mnist_gui.engine.files.file_lock import is_locked
from mnist_gui.engine.files.regular_file import read_bounded

FACTS = "run.json"
LABELS = "labels.json"
HISTORY = "history.jsonl"
CHECKPOINT = "checkpoint.zip"
NETWORK = "network.mnistgui"
BEST = "best.mnistgui"
READING = "test.zip"
LOCK = "run.lock"


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
