"""The log of errors that nobody has thought of, for who is to mend them."""

import logging
from contextlib import suppress

from mnist_gui.paths import log_file


def keep_error_log() -> None:
    """Have such errors written, with their tracebacks, to a file in the user's folder for logs.

    They go nowhere else: a user is told a sentence. Where no file can be written, they are lost.
    """
    logger = logging.getLogger("mnist_gui")
    logger.addHandler(_LogFile())
    logger.propagate = False


class _LogFile(logging.Handler):
    """Makes the file with the first error only."""

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
