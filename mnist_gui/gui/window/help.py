"""The help, what the program is, and the texts of both."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from PySide6.QtCore import QCoreApplication, QObject, QSize, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog

from mnist_gui import __version__
from mnist_gui.gui.common.dialogs import show_text
from mnist_gui.gui.common.qt import actions_in, column, menu_of, without_key
from mnist_gui.gui.learn.browser import Entry, EntryBrowser
from mnist_gui.gui.learn.text import term_entries, term_in, topic_entries
from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow

_KEYS = "keys"
_SIZE = QSize(820, 600)
Group = tuple[str, list[tuple[str, str]]]


def about_text() -> str:
    """Return what the program is, as rich text."""
    sentence = QCoreApplication.translate(
        "help",
        "Train a neural network on MNIST, watch it learn, draw digits and see them read. "
        "For learning, not for production. It reads the digits 0\u20139, single or in a row.",
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
    """Return a table of actions and their keys as rich text.

    Each group has a heading, and pairs of names and keys; adjacent pairs that differ only in a
    digit are one line.
    """
    lines = [line for heading, pairs in groups for line in _group(heading, pairs)]
    return f"<table cellpadding='3'>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _group(heading: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    lines = [_line(list(alike)) for _, alike in groupby(pairs, _without_digit)]
    return [f"<th colspan='2' align='left'>{escape(heading)}</th>", *lines]


def name_and_keys(action: QAction) -> tuple[str, str]:
    """Return what an action is called in a list, and its keys."""
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(key.toString(native) for key in action.shortcuts())
    return without_key(action.text()).rstrip(" \u2026"), keys


def _without_digit(names: tuple[str, str]) -> tuple[str, str]:
    text, keys = names
    both_end_in_it = text[-1:].isdigit() and text[-1:] == keys[-1:]
    return (text[:-1], keys[:-1]) if both_end_in_it else names


def _line(alike: Sequence[tuple[str, str]]) -> str:
    (text, keys), (last_text, last_keys) = alike[0], alike[-1]
    if len(alike) > 1:
        text, keys = f"{text} \u2013 {last_text[-1]}", f"{keys} \u2013 {last_keys[-1]}"
    return f"<td>{escape(text)}</td><td><b>{escape(keys)}</b></td>"


def shortcut_groups(window: MainWindow) -> list[Group]:
    """Return the menus' keys, then those of single pages, then those of the canvas."""
    # Canvas and picture have some actions alike, each its own.
    seen: list[tuple[str, str]] = []

    def group(heading: str, actions: Iterator[QAction]) -> Group:
        pairs = [name_and_keys(action) for action in actions if action.shortcuts()]
        new = [pair for pair in dict.fromkeys(pairs) if pair not in seen]
        seen.extend(new)
        return without_key(heading), new

    bar, pages = window.menuBar(), window.pages
    menus = [menu for menu in map(menu_of, bar.actions()) if menu is not None]
    groups = [group(menu.title(), actions_in(menu)) for menu in menus]
    for page in Page:
        actions = pages.place(page).findChildren(QAction)
        heading, pairs = group(pages.title(page), iter(actions))
        groups.append((heading, [*pairs, *(_gallery_keys() if page is Page.MY_DIGITS else [])]))
    heading, others = group(
        QCoreApplication.translate("help", "Canvas"), iter(window.findChildren(QAction))
    )
    groups.append((heading, [*others, *_pen_keys()]))
    return [(heading, pairs) for heading, pairs in groups if pairs]


def _gallery_keys() -> list[tuple[str, str]]:
    """Return the keys of the gallery, which are no actions."""
    names = (
        QCoreApplication.translate("help", "Open on the canvas"),
        QCoreApplication.translate("help", "Relabel the digits selected"),
        QCoreApplication.translate("help", "Delete the digits selected"),
        QCoreApplication.translate("help", "Undo and redo such changes"),
    )
    enter = QCoreApplication.translate("help", "Enter")
    delete = QCoreApplication.translate("help", "Del")
    return list(zip(names, (enter, "0 \u2013 9", delete, "Ctrl+Z, Ctrl+Shift+Z"), strict=True))


def _pen_keys() -> list[tuple[str, str]]:
    """Return the keys of the keyboard's pen, which are no actions."""
    move = QCoreApplication.translate("help", "Move the pen")
    lift = QCoreApplication.translate("help", "Put the pen down, lift it")
    line = QCoreApplication.translate("help", "Draw a straight line")
    return [
        (move, QCoreApplication.translate("help", "Arrows")),
        (lift, QCoreApplication.translate("help", "Space")),
        (line, QCoreApplication.translate("help", "Shift")),
    ]


class HelpWindow(QDialog):
    """Explains the program by topics, the keys of its actions, and the glossary; all searched."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("help_window")
        self.setWindowTitle(self.tr("Help"))
        self._keys = self.tr("Keyboard shortcuts")
        self.browser = EntryBrowser("help", self.tr("Contents"))
        self.browser.link_followed.connect(self._follow)
        self.browser.show_entries(self._entries(shortcut_groups(window)))
        column(self.browser, parent=self, margins=(12, 12, 12, 12))
        self.resize(_SIZE.boundedTo(window.screen().availableSize() * 0.9))

    def show_keys(self) -> None:
        """Show the section with the keys."""
        self.browser.show_entry(_KEYS)

    def _entries(self, groups: Sequence[Group]) -> list[Entry]:
        topics = topic_entries()
        names = " ".join(f"{name} {keys}" for _, pairs in groups for name, keys in pairs)
        html = f"<h3>{escape(self._keys)}</h3>{shortcuts_text(groups)}"
        keys = Entry(_KEYS, topics[0].group, self._keys, html, names)
        return [*topics, keys, *term_entries({})]

    @Slot(str)
    def _follow(self, address: str) -> None:
        self.browser.show_entry(term_in(address))


class HelpBoxes(QObject):
    """Shows the help, the keys in it, and what the program is, when the user asks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._help: HelpWindow | None = None
        window.actions_offered.help.triggered.connect(self._show_help)
        window.actions_offered.shortcuts.triggered.connect(self._show_keys)
        window.actions_offered.about.triggered.connect(self._show_about)

    @Slot()
    def _show_about(self) -> None:
        show_text(self._window, self.tr("About mnist-gui"), about_text())

    @Slot()
    def _show_help(self) -> HelpWindow:
        # Made when it is first asked for, and kept as it was left.
        if self._help is None:
            self._help = HelpWindow(self._window)
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()
        return self._help

    @Slot()
    def _show_keys(self) -> None:
        self._show_help().show_keys()
