"""The texts behind the Help menu."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby, zip_longest

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui import __version__

_COLUMNS = 2
_GAP = "<td width='24'></td>"


def about_text() -> str:
    """Return what the program is, as rich text."""
    sentence = QCoreApplication.translate(
        "help",
        "Train a neural network on MNIST, watch it learn, draw digits and see them read. "
        "For learning, not for reading mail: it knows digits only, alone or side by side.",
    )
    thanks = QCoreApplication.translate(
        "help",
        "MIT licence. The images are MNIST's, by Y. LeCun, C. Cortes and C. Burges. Built with "
        "TensorFlow (Apache 2.0), Qt for Python (LGPL), NumPy and pyqtgraph. Nothing leaves your "
        "computer.",
    )
    sentences = "".join(f"<p>{escape(part)}</p>" for part in (sentence, thanks))
    return f"<h3>mnist-gui {escape(__version__)}</h3>{sentences}"


def shortcuts_text(groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """Return what is done by which keys as a table in rich text, in columns beside each other.

    Each group has a heading, and pairs of names and keys; pairs in a row that differ in a digit
    only are one line.
    """
    lines = [line for heading, pairs in groups for line in _group(heading, pairs)]
    height = -(-len(lines) // _COLUMNS)
    columns = [lines[start : start + height] for start in range(0, len(lines), height)]
    rows = "".join(f"<tr>{_GAP.join(row)}</tr>" for row in zip_longest(*columns, fillvalue=""))
    return f"<table cellspacing='6' style='white-space: nowrap'>{rows}</table>"


def _group(heading: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    lines = [_line(list(alike)) for _, alike in groupby(pairs, _without_digit)]
    return [f"<th colspan='2' align='left'>{escape(heading)}</th>", *lines]


def name_and_keys(action: QAction) -> tuple[str, str]:
    """Return what an action is called in a list, and its keys."""
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(key.toString(native) for key in action.shortcuts())
    return action.text().replace("&", "").removesuffix(" \u2026"), keys


def _without_digit(names: tuple[str, str]) -> tuple[str, str]:
    text, keys = names
    both_end_in_it = text[-1:].isdigit() and text[-1:] == keys[-1:]
    return (text[:-1], keys[:-1]) if both_end_in_it else names


def _line(alike: Sequence[tuple[str, str]]) -> str:
    (text, keys), (last_text, last_keys) = alike[0], alike[-1]
    if len(alike) > 1:
        text, keys = f"{text} \u2013 {last_text[-1]}", f"{keys} \u2013 {last_keys[-1]}"
    return f"<td>{escape(text)}</td><td><b>{escape(keys)}</b></td>"
