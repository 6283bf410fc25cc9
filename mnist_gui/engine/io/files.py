"""Write files atomically, append to them durably, lock them, and read regular files only."""

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from mnist_gui.engine.errors import FileFormatError

_DRAFT = ".part"
_PAUSE_SECONDS = 0.005
# A disk that takes no more than this has no room for a network.
_TRIED_BYTES = 64 << 10


def write_file_atomically(path: Path, content: bytes | memoryview) -> None:
    """Replace a file's content; see `replacing`."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file to write to, which replaces the one at `path` if there was no error.

    Links and permissions stay as they are. Raises OSError, which leaves the old file as it was
    and nothing behind, also for folders, pipes and devices.
    """
    _check_regular(path)
    target = real_path(path)
    # The target's own name with a suffix could be too long.
    draft = target.with_name(f".{secrets.token_hex(8)}{_DRAFT}")
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a new folder to fill, which gets the name `path` if there was no error.

    Raises OSError, also for what is there already; then nothing is left behind.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    draft = path.with_name(f".{secrets.token_hex(8)}{_DRAFT}")
    draft.mkdir()
    try:
        yield draft
        draft.rename(path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def check_writable(path: Path) -> None:
    """Raise the OSError, if any, that writing a file there would end with; leave nothing behind."""
    with suppress(FileNotFoundError):
        # A name may be too long, or lead round in a circle.
        path.stat()
    with suppress(_TriedError), replacing(path) as file:
        file.write(bytes(_TRIED_BYTES))
        file.flush()
        os.fsync(file.fileno())
        raise _TriedError


class _TriedError(Exception):
    """Ends an attempt that is not to leave a file."""


def real_path(path: Path) -> Path:
    """Return where a path leads to, by whatever links; raises OSError if they go in a circle."""
    try:
        target = path.resolve()
    except RuntimeError:
        # Python before 3.13.
        target = path
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def is_draft(name: str) -> bool:
    """Return whether a program that died in `replacing` left a file of this name behind."""
    return name.startswith(".") and name.endswith(_DRAFT)


def append_lines(path: Path, content: bytes) -> None:
    """Append whole lines, each with its line end, durably; make the file if it is missing.

    An unfinished last line, as an interrupted program leaves it, is ended first. Raises OSError,
    which leaves the file as it was. Only one program at a time may call this.
    """
    _check_regular(path)
    is_new = not path.exists()
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o600)
    try:
        _write_through(file, content)
    finally:
        os.close(file)
    if is_new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write the names of a folder's new files to the disk, where the system can."""
    # Windows cannot open folders; some file systems do this by themselves.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_through(file: int, content: bytes) -> None:
    size = os.fstat(file).st_size
    if size:
        os.lseek(file, size - 1, os.SEEK_SET)
        if os.read(file, 1) != b"\n":
            content = b"\n" + content
    try:
        # Usually one call; a full disk takes only a part.
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def open_regular_file(path: Path) -> BufferedReader:
    """Open a regular file to read; raises OSError, also for folders, pipes and devices."""
    _check_regular(path)
    return path.open("rb")


def _check_regular(path: Path) -> None:
    """Raise OSError for what exists but is no regular file: a pipe would be waited for forever."""
    if path.exists() and not path.is_file():
        code = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))


def read_file_bounded(path: Path, most_bytes: int) -> bytes:
    """Return the content of a regular file; raises OSError, FileFormatError if it is larger."""
    with open_regular_file(path) as file:
        # Python allocates as much as it is asked to read.
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise FileFormatError("file-too-large", mebibytes=most_bytes >> 20)
        return file.read(size)


if sys.platform == "win32":
    import msvcrt

    def _try(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _release(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock of this file, which is made if it is missing and stays empty.

    The system releases the lock of a program that dies. Raises OSError: EBUSY if another program
    holds it for longer than `wait_seconds`.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _take(file, path, monotonic() + wait_seconds)
        try:
            yield
        finally:
            _release(file)
    finally:
        os.close(file)


def is_locked(path: Path) -> bool:
    """Return whether the lock of this file is held; raises OSError."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return False
    try:
        _take(file, path, deadline=0.0)
        _release(file)
    except OSError as error:
        if error.errno == errno.EBUSY:
            return True
        raise
    finally:
        os.close(file)
    return False


def _take(file: int, path: Path, deadline: float) -> None:
    while True:
        try:
            _try(file)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise
        else:
            return
        if monotonic() > deadline:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))
        sleep(_PAUSE_SECONDS)
