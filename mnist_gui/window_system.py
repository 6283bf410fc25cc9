"""Where windows are shown: begin with it, or say in one sentence why that cannot be.

    python -m mnist_gui.window_system

ends with status 0 if windows can be shown, and with 2 and that sentence if not.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from mnist_gui.words.language import listed, tr

FAILED = 2
_VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
_LONGEST_REASON = 200


def make_application() -> QApplication:
    """Return a QApplication; where Qt would abort, say why and end the program with status 2."""
    heard: list[str] = []
    # Libraries below Qt write there without asking it.
    errors = os.dup(2)

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        heard.append(text)
        if kind is QtMsgType.QtFatalMsg:
            os.write(errors, f"mnist-gui: {_problem(heard)}\n".encode())
            # Qt aborts once this returns.
            os._exit(FAILED)

    with _silent():
        before = qInstallMessageHandler(hear)
        application = QApplication(sys.argv[:1])
        qInstallMessageHandler(before)
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


def _problem(heard: list[str]) -> str:
    """Return the sentence for what Qt said, of which the first thing is the nearest reason."""
    reason = " ".join(heard[0].split())[:_LONGEST_REASON]
    found = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    if not found:
        text = tr("No window can be opened here ({reason}); 'mnist-gui train' works without one.")
        return text.format(reason=reason)
    text = tr(
        "No window can be opened with {settings} ({reason}); unset or correct that, or train "
        "without a window by 'mnist-gui train'."
    )
    return text.format(settings=listed(found), reason=reason)


if __name__ == "__main__":
    make_application()
