"""Last words of a library that ends the program, where nothing of the program can speak any more.

TensorFlow does so where a setting of its own is wrong. A process that waits meanwhile tells what
the library wrote last.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_SHELL = Path("/bin/sh")
# A word comes when all went well, or else the end of the pipe. Each line of a log begins with
# date, process and place in the code, as in "F0000 00:00:17.2 13380 flags.cc:234] Unknown flag".
_WATCH = """
read -r word || {
    said=$(tail -n 1 -- "$2" | tr -d '[:cntrl:]' | sed 's/^[A-Z][0-9]* .*[.]cc:[0-9]*] //')
    printf 'mnist-gui: %s %s\n' "$1" "$said" >&2
}
[ -z "$3" ] || rm -f -- "$2"
"""

words = ""
"""The sentence before the last words, "" to tell nothing; set by whoever starts the program."""


@contextmanager
def told(log: Path, *, is_temporary: bool) -> Iterator[None]:
    """Tell, if the program ends within the block, the last line of the log on standard error.

    A log that `is_temporary` is removed in any case. Nothing is told where there is no shell.
    """
    watch = _started(log, is_temporary=is_temporary)
    try:
        yield
    finally:
        if watch is not None:
            with suppress(OSError):
                watch.communicate(b"well\n")
        if is_temporary:
            log.unlink(missing_ok=True)


def _started(log: Path, *, is_temporary: bool) -> "subprocess.Popen[bytes] | None":
    if not words or sys.platform == "win32" or not _SHELL.exists():
        return None
    # Where it is needed, as it takes a while to import.
    import subprocess

    arguments = (words, str(log), "temporary" if is_temporary else "")
    with suppress(OSError):
        return subprocess.Popen(
            [str(_SHELL), "-c", _WATCH, "sh", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
    return None
