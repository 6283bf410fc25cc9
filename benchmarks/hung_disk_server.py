"""The disk of `benchmarks.hung_disk`: a file system that passes all on to a folder.

python -m benchmarks.hung_disk_server FOLDER MOUNT
"""

import os
import sys
from pathlib import Path
from typing import Any

from fuse import FUSE, Operations

_FACTS = ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_mtime", "st_ino")
_ROOM = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_files", "f_ffree", "f_frsize")


class Passing(Operations):  # type: ignore[misc]
    """Does what is asked of a path with the same path in the folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __call__(self, operation: str, path: str, *arguments: Any) -> Any:
        """Do one operation; FUSE calls this."""
        return super().__call__(operation, f"{self._folder}{path}", *arguments)

    chmod = staticmethod(os.chmod)
    mkdir = staticmethod(os.mkdir)
    rmdir = staticmethod(os.rmdir)
    unlink = staticmethod(os.unlink)
    open = staticmethod(os.open)

    def getattr(self, path: str, _handle: Any = None) -> dict[str, Any]:
        """Return the facts of a file."""
        found = os.lstat(path)
        return {name: getattr(found, name) for name in _FACTS}

    def readdir(self, path: str, _handle: Any) -> list[str]:
        """Return the names in a folder."""
        return [".", "..", *(each.name for each in Path(path).iterdir())]

    def rename(self, old: str, new: str) -> None:
        """Move a file."""
        Path(old).rename(f"{self._folder}{new}")

    def create(self, path: str, mode: int, _info: Any = None) -> int:
        """Make a file."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)

    def read(self, _path: str, size: int, offset: int, handle: int) -> bytes:
        """Return a part of a file."""
        return os.pread(handle, size, offset)

    def write(self, _path: str, content: bytes, offset: int, handle: int) -> int:
        """Write a part of a file."""
        return os.pwrite(handle, content, offset)

    def truncate(self, path: str, length: int, _handle: Any = None) -> None:
        """Cut a file."""
        os.truncate(path, length)

    def release(self, _path: str, handle: int) -> None:
        """Close a file."""
        os.close(handle)

    def statfs(self, path: str) -> dict[str, int]:
        """Return how much room there is."""
        found = os.statvfs(path)
        return {name: getattr(found, name) for name in _ROOM}


if __name__ == "__main__":
    # What it has answered is not to be known any more when it is stopped.
    forgetful = {"attr_timeout": 0, "entry_timeout": 0}
    FUSE(Passing(sys.argv[1]), sys.argv[2], foreground=True, nothreads=True, **forgetful)
