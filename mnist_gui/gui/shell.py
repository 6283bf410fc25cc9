"""What presenters may ask of the window they are in."""

from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from mnist_gui.gui.actions import WindowActions, WindowMenus
from mnist_gui.gui.common.theme import PlotColours


class Page(Enum):
    """The pages, numbered in their order."""

    CURVES = 0
    RESULTS = 1
    PICTURE = 2
    EXPLANATION = 3
    RUNS = 4
    MY_DIGITS = 5


class Shell(Protocol):
    """The window round a feature: it tells, asks and shows pages, and has the menus."""

    actions_offered: WindowActions
    menus: WindowMenus
    plot_colours: PlotColours

    @property
    def plot_colours_changed(self) -> "SignalInstance[tuple[Any]]":
        """Brings the new colours for plots when the theme changes."""

    @property
    def leaving(self) -> "SignalInstance[tuple[()]]":
        """Emitted just before the window closes, to hand over what is not yet kept."""

    @property
    def dialog_parent(self) -> QWidget:
        """The widget that dialogs belong to."""

    def show_dataset(self, name: str) -> None:
        """Show the data set's name."""

    def show_device(self, text: str, tooltip: str = "") -> None:
        """Show where the network runs, and in the tooltip why there."""

    def show_status(self, text: str) -> None:
        """Show a passing remark."""

    def show_error(self, title: str, sentence: str) -> None:
        """Show what went wrong; the program goes on meanwhile."""

    def show_file_error(self, sentence: str) -> None:
        """Show what is wrong with a file; the program goes on meanwhile."""

    def show_opened(self, path: str) -> None:
        """Say that a file was opened."""

    def show_saved(self, path: str) -> None:
        """Say that a file was saved."""

    def offer(self, sentence: str, button: str, accept: Callable[[], object]) -> None:
        """Show a sentence with a button that accepts what it offers, until it is put away."""

    def withdraw_offer(self) -> None:
        """Show no offer any more."""

    def fill(self, page: Page, content: QWidget) -> None:
        """Put its content into a page."""

    def bring_to_front(self, page: Page) -> None:
        """Show a page."""

    @property
    def page_in_front(self) -> Page:
        """The page that can be seen."""

    @property
    def page_changed(self) -> "SignalInstance[tuple[int]]":
        """What is emitted when another page can be seen."""
