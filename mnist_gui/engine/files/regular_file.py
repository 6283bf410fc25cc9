"""Opens files to read, and says in plain words why a file cannot be read or written."""

import errno
import os
from io import BufferedReader
from pathlib import Path

_REASONS = {
    errno.ENOENT: "there is no such file or folder; check its name",
    errno.ENOTDIR: "part of its path is not a folder; check its name",
    errno.EACCES: "permission is denied; ask its owner or choose another place",
    errno.EPERM: "permission is denied; ask its owner or choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.ENOSPC: "the disk is full; free some space or choose another place",
    errno.EDQUOT: "your share of the disk is full; free some space or choose another place",
    errno.EBUSY: "another program keeps it locked; close that and try again",
    errno.EISDIR: "it is a folder; name a file",
    errno.ELOOP: "it is a link, and links are not followed here; put the file itself there",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.EINVAL: "it is not an ordinary file; name another one",
}


def explain(error: OSError) -> str:
    """Return why a file operation failed and what to do, as a clause without a full stop."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or str(error) or type(error).__name__).rstrip(".")


def open_regular(path: Path) -> BufferedReader:
    """Open an ordinary file to read; raises OSError for folders, pipes and devices as well."""
    # A pipe would be waited for without end.
    if path.exists() and not path.is_file():
        code = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
    return path.open("rb")


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Return the content of an ordinary file; raises OSError, EFBIG if it holds more."""
    with open_regular(path) as file:
        # Room is made for as much as is asked for, so no more is asked for than there is.
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise OSError(errno.EFBIG, f"it is larger than {most_bytes >> 20} MiB", str(path))
        return file.read(size)
