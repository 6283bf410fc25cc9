"""The log of unexpected errors, for developers."""

import logging
from contextlib import suppress

from mnist_gui.paths import log_file


def keep_error_log() -> None:
    """Write unexpected errors with their tracebacks to a file in the user's folder for logs.

    The user sees only a sentence. Where no file can be written, the errors are lost.
    """
    logger = logging.getLogger("mnist_gui")
    logger.addHandler(_LogFile())
    logger.propagate = False


class _LogFile(logging.Handler):
    """Creates the file with the first error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Append what happened."""
        path = log_file("errors.log")
        if path is None:
            return
        with suppress(OSError), path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(self.format(record) + "\n")
