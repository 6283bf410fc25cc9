"""Writes a file in one step: the old content or the new is there, never a part of one."""

import errno
import os
import secrets
import shutil
from pathlib import Path


def replace_file(path: Path, content: bytes | memoryview) -> None:
    """Write bytes to a new file beside `path`, then let it take that name.

    A link stays a link; permissions are kept. Raises OSError; the old file is then as it was, and
    nothing else is left behind. Folders, pipes and devices are refused.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        code = errno.EISDIR if target.is_dir() else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
    # Not the target's own name with a suffix: that could become too long.
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        _write_through(draft, content)
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write_through(path: Path, content: bytes | memoryview) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
