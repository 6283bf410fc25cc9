"""Files that are needed only for a while, in the system's folder for temporary files."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.io.files import check_writable

_PREFIX = "mnist-gui-"
_CHUNK = 1 << 20
# Where Python looks first; see tempfile.gettempdir.
_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_USUAL = "/tmp"


class TemporaryFilesError(MnistGuiError):
    """The folder for temporary files cannot be used, say as its disk is full."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a new folder, which is deleted afterwards; raises TemporaryFilesError."""
    with explaining_temporary_files():
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
    with folder as name:
        yield Path(name)


@contextmanager
def temporary_file(content: bytes) -> Iterator[FileIO]:
    """Give a file with this content, at its start; raises TemporaryFilesError."""
    with _file() as file:
        _write(file, content)
        file.seek(0)
        yield file


@contextmanager
def temporary_copy(source: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a file with what is left to be read in another one, at its start.

    Raises TemporaryFilesError, and what reading raises.
    """
    with _file() as file:
        while content := source.read(_CHUNK):
            _write(file, content)
        file.seek(0)
        with BufferedReader(file) as copy:
            yield copy


@contextmanager
def explaining_temporary_files() -> Iterator[None]:
    """Turn an OSError into a TemporaryFilesError, which names the folder and the reason."""
    try:
        yield
    except OSError as error:
        raise _named(error) from error


def _named(error: OSError) -> TemporaryFilesError:
    folder, reason = tempfile.tempdir, error
    if folder is None:
        # Python has tried them all, and says only that none can be used.
        folder = next(filter(None, map(os.getenv, _VARIABLES)), _USUAL)
        try:
            check_writable(Path(folder) / _PREFIX)
        except OSError as first:
            reason = first
    return TemporaryFilesError("temporary-unusable", folder=folder, reason=reason)


@contextmanager
def _file() -> Iterator[FileIO]:
    with explaining_temporary_files():
        # Without a buffer, which could be written out only when it is closed.
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - see below
    with file:
        yield file


def _write(file: FileIO, content: bytes) -> None:
    left = memoryview(content)
    with explaining_temporary_files():
        # A full disk takes only a part.
        while left:
            left = left[file.write(left) :]
