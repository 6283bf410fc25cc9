"""The log of unexpected errors, for developers."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mnist_gui.engine.io.files import append_lines
from mnist_gui.paths import log_file


def keep_error_log(find_file: Callable[[str], Path | None] = log_file) -> None:
    """Write unexpected errors with their tracebacks to a file in the user's folder for logs.

    The user sees only a sentence. Where no file can be written, the errors are lost. `find_file`
    returns the path of the log of this name, or None where there can be none.
    """
    logger = logging.getLogger("mnist_gui")
    logger.addHandler(_LogFile(find_file))
    logger.propagate = False


class _LogFile(logging.Handler):
    """Creates the file with the first error."""

    def __init__(self, find_file: Callable[[str], Path | None]) -> None:
        super().__init__(logging.ERROR)
        self._find_file = find_file
        self.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Append what happened."""
        path = self._find_file("errors.log")
        if path is None:
            return
        text = self.format(record) + "\n"
        # Whole or not at all, also where the disk is full.
        with suppress(OSError):
            append_lines(path, text.encode("utf-8", errors="backslashreplace"))
