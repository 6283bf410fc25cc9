"""A lock that programs and threads take in turns, so that what they write to a file stays whole."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

_PAUSE_SECONDS = 0.005

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

    The system takes the lock from a program that dies. Raises OSError: EBUSY when another holds
    it for longer than `wait_seconds`.
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
    """Whether somebody holds the lock of this file; raises OSError."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        return False
    try:
        _take(file, path, deadline=0.0)
        _release(file)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        return True
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
            raise OSError(errno.EBUSY, "another program keeps it locked", str(path))
        sleep(_PAUSE_SECONDS)
