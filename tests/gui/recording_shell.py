"""A shell for presenters that writes down what it is told, with real menus and pages."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from mnist_gui.gui.common.theme import LIGHT_PLOT
from mnist_gui.gui.pages import Pages
from mnist_gui.gui.shell import WindowActions, WindowMenus


class RecordingShell(QMainWindow):
    """Keeps what each of a shell's methods is given in a list; the offers are those that stand.

    Its pages are real, so that the one in front can be seen once the shell is shown.
    """

    plot_colours_changed = Signal(object)
    leaving = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pages = Pages()
        self.actions_offered = WindowActions(self)
        self.menus = WindowMenus(self.menuBar(), self.actions_offered, self.pages.actions_offered)
        self.setCentralWidget(self.pages)
        self.plot_colours = LIGHT_PLOT
        self.datasets: list[str] = []
        self.devices: list[tuple[str, str]] = []
        self.statuses: list[str] = []
        self.errors: list[tuple[str, str]] = []
        self.file_errors: list[str] = []
        self.opened: list[str] = []
        self.saved: list[str] = []
        self.written: list[tuple[str, str]] = []
        self.details: Callable[[], object] | None = None
        self.offers: list[tuple[str, str, Callable[[], object]]] = []

    @property
    def dialog_parent(self) -> QWidget:
        return self

    def show_dataset(self, name: str) -> None:
        self.datasets.append(name)

    def show_device(self, text: str, tooltip: str = "") -> None:
        self.devices.append((text, tooltip))

    def show_status(self, text: str) -> None:
        self.statuses.append(text)

    def show_error(self, title: str, sentence: str) -> None:
        self.errors.append((title, sentence))

    def show_file_error(self, sentence: str) -> None:
        self.file_errors.append(sentence)

    def show_opened(self, path: str) -> None:
        self.opened.append(path)

    def show_saved(self, path: str) -> None:
        self.saved.append(path)

    def show_written(self, sentence: str, path: str) -> None:
        self.written.append((sentence, path))

    def offer(
        self,
        sentence: str,
        button: str,
        accept: Callable[[], object],
        details: Callable[[], object] | None = None,
    ) -> None:
        self.offers.append((sentence, button, accept))
        self.details = details

    def withdraw_offer(self) -> None:
        self.offers.clear()
