"""Appends to a file so that what was written is on the disk, whole, or not in the file at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path


def append_lines(path: Path, content: bytes) -> None:
    """Append whole lines, which end with a line end; the file is made if it is missing.

    When this returns they are on the disk. A last line without its end, such as an interrupted
    program leaves behind, is ended first. Raises OSError; the file is then as it was. To be called
    by one program at a time.
    """
    if path.exists() and not path.is_file():
        code = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
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
    """Have the names of a folder's new files written to the disk, where a system can."""
    # Windows opens no folders; some file systems cannot do it, and do it by themselves.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_through(file: int, content: bytes) -> None:
    size = os.fstat(file).st_size
    if not _ends_a_line(file, size):
        content = b"\n" + content
    try:
        # In one call as a rule; a disk that becomes full takes a part.
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _ends_a_line(file: int, size: int) -> bool:
    if not size:
        return True
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"
