"""Last words of a library that ends the program, where nothing of the program can speak any more.

TensorFlow does so where a setting of its own is wrong. A process that waits meanwhile tells what
the library wrote last, and leaves a mark, by which the next start knows.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_SHELL = Path("/bin/sh")
# As in "F0000 00:00:17.2 13380 flags.cc:234] Unknown flag": time, process, place in the code.
_ORIGIN = r"^[A-Z][0-9]* .*[.]cc:[0-9]*[]] "
# A word comes when all went well, or else the end of the pipe. Only a message that begins with F,
# for fatal, is the library's reason; without one the program may have been ended from outside.
_WATCH = """
read -r word || {
    last=$(tail -n 1 -- "$2" | tr -d '[:cntrl:]')
    case "$last" in F[0-9]*)
        printf 'mnist-gui: %s %s\n' "$1" "$(printf %s "$last" | sed "s/$5//")" >&2
    esac
    [ -z "$4" ] || : > "$4"
}
[ -z "$3" ] || rm -f -- "$2"
"""
_LONGEST_WORDS = 200

words = ""
"""The sentence before the last words, "" to tell nothing; set by whoever starts the program."""


def no_mark() -> Path | None:
    """Return None: a sudden end is told, and no more."""
    return None


find_mark: Callable[[], Path | None] = no_mark
"""Returns the file that marks a sudden end, None for none; set by whoever starts the program."""


def last_words(output: str) -> str:
    """Return the last line of a library's messages, without where in its code that is from."""
    lines = output.strip().splitlines()[-1:]
    said = "".join(filter(str.isprintable, "".join(lines)))
    return re.sub(_ORIGIN, "", said)[:_LONGEST_WORDS].rstrip(".")


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

    removed, mark = "temporary" if is_temporary else "", str(find_mark() or "")
    arguments = (words, str(log), removed, mark, _ORIGIN)
    with suppress(OSError):
        return subprocess.Popen(
            [str(_SHELL), "-c", _WATCH, "sh", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
    return None
