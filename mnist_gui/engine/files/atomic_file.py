"""Writes a file in one step: the old content or the new is there, never a part of one."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_DRAFT = ".part"


def replace_file(path: Path, content: bytes | memoryview) -> None:
    """Write bytes to a new file beside `path`, then let it take that name; see `replacing`."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file beside `path` to write to, which takes that name if all went well.

    A link stays a link; permissions are kept. Raises OSError; the old file is then as it was, and
    nothing else is left behind. Folders, pipes and devices are refused.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        code = errno.EISDIR if target.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
    # Not the target's own name with a suffix: that could become too long.
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


def is_draft(name: str) -> bool:
    """Whether a file of this name is what a program that died in `replacing` has left behind."""
    return name.startswith(".") and name.endswith(_DRAFT)
