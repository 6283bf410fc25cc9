"""All keys of a window, in the groups in which one looks for them."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mnist_gui.widgets.window.help_texts import name_and_keys
from mnist_gui.widgets.window.main_window import MainWindow
from mnist_gui.widgets.window.pages import Page

Group = tuple[str, list[tuple[str, str]]]


def shortcut_groups(window: MainWindow) -> list[Group]:
    """Return the menus' keys, then those of single pages, then those of the canvas."""
    seen: list[QAction] = []

    def group(heading: str, actions: Iterator[QAction]) -> Group:
        new = [action for action in actions if action.shortcuts() and action not in seen]
        seen.extend(new)
        return heading.replace("&", ""), [name_and_keys(action) for action in new]

    bar, tabs = window.menuBar(), window.tabs
    menus = [menu for menu in map(_menu_of, bar.actions()) if menu is not None]
    groups = [group(menu.title(), _actions_in(menu)) for menu in menus]
    for page in Page:
        actions = tabs.place(page).findChildren(QAction)
        heading, pairs = group(tabs.tabText(page.value), iter(actions))
        groups.append((heading, [*pairs, *(_gallery_keys() if page is Page.MY_DIGITS else [])]))
    heading, others = group(_canvas_heading(), iter(window.findChildren(QAction)))
    groups.append((heading, [*others, *_pen_keys()]))
    return [(heading, pairs) for heading, pairs in groups if pairs]


def _menu_of(action: QAction) -> QMenu | None:
    menu = action.menu()
    return menu if isinstance(menu, QMenu) else None


def _actions_in(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = _menu_of(action)
        if inner is None:
            yield action
        else:
            yield from _actions_in(inner)


def _canvas_heading() -> str:
    return QCoreApplication.translate("help", "Canvas")


def _gallery_keys() -> list[tuple[str, str]]:
    """Return the keys of the gallery, which are no actions."""
    return [
        (
            QCoreApplication.translate("help", "Open on the canvas"),
            QCoreApplication.translate("help", "Enter"),
        ),
        (QCoreApplication.translate("help", "Relabel the digits selected"), "0 \u2013 9"),
        (
            QCoreApplication.translate("help", "Delete the digits selected"),
            QCoreApplication.translate("help", "Del"),
        ),
        (QCoreApplication.translate("help", "Undo and redo such changes"), "Ctrl+Z, Ctrl+Shift+Z"),
    ]


def _pen_keys() -> list[tuple[str, str]]:
    """Return the keys of the keyboard's pen, which are no actions."""
    return [
        (
            QCoreApplication.translate("help", "Move the pen"),
            QCoreApplication.translate("help", "Arrows"),
        ),
        (
            QCoreApplication.translate("help", "Put the pen down, lift it"),
            QCoreApplication.translate("help", "Space"),
        ),
        (
            QCoreApplication.translate("help", "Draw a straight line"),
            QCoreApplication.translate("help", "Shift"),
        ),
    ]
