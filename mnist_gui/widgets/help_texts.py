"""The texts behind the Help menu."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui import __version__


def about_text() -> str:
    """Return what the program is, as rich text."""
    sentence = QCoreApplication.translate(
        "help",
        "Train a neural network on MNIST, watch it learn, draw digits and see them read. "
        "For learning, not for reading mail: it knows digits only, alone or side by side.",
    )
    return f"<h3>mnist-gui {escape(__version__)}</h3><p>{escape(sentence)}</p>"


def shortcuts_text(actions: Iterable[QAction]) -> str:
    """Return the actions and their keys as a table in rich text."""
    rows = "".join(_row(action) for action in actions)
    return f"<table cellspacing='6'>{rows}</table>"


def _row(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(key.toString(native) for key in action.shortcuts())
    name = action.text().replace("&", "").removesuffix(" \u2026")
    return f"<tr><td>{escape(name)}</td><td><b>{escape(keys)}</b></td></tr>"
