"""Where windows are shown: begin with it, or say in one sentence why that cannot be.

    python -m mnist_gui.window_system

ends with status 0 if windows can be shown, and with 2 and Qt's reason if not.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

FAILED = 2
_LONGEST_REASON = 200


def make_application(worded: Callable[[str], str]) -> QApplication:
    """Return a QApplication; where Qt would abort, say why and end the program with status 2.

    `worded` makes of Qt's reason what is said.
    """
    heard: list[str] = []
    # Libraries below Qt write there without asking it.
    errors = os.dup(2)

    def end() -> None:
        # What it said first is the nearest reason.
        reason = " ".join(heard[0].split())[:_LONGEST_REASON]
        os.write(errors, f"{worded(reason)}\n".encode())
        os._exit(FAILED)

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        heard.append(text)
        if kind is QtMsgType.QtFatalMsg:
            # Qt aborts once this returns.
            end()

    with _silent():
        before = qInstallMessageHandler(hear)
        application = QApplication(sys.argv[:1])
        qInstallMessageHandler(before)
        if not application.screens():
            # Qt aborts once there is a window.
            heard.append("no screens available")
            end()
    os.close(errors)
    return application


@contextmanager
def _silent() -> Iterator[None]:
    """Have nothing written to standard error meanwhile."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


if __name__ == "__main__":
    make_application(str)
