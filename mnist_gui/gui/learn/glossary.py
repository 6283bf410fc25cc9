"""The glossary: terms to look up, with links to each other and into the window."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from mnist_gui.gui.common.qt import column
from mnist_gui.gui.learn.browser import EntryBrowser
from mnist_gui.gui.learn.text import place_in, term_entries, term_in
from mnist_gui.words.glossary import Place


class GlossaryPage(QWidget):
    """Explains terms; `place_requested` brings the place in the window that the user wants."""

    place_requested = Signal(Place)

    def __init__(self) -> None:
        super().__init__()
        self.browser = EntryBrowser("glossary", self.tr("Terms"))
        self.browser.link_followed.connect(self._follow)
        column(self.browser, parent=self, margins=(14, 14, 14, 12))

    def show_places(self, titles: Mapping[Place, str]) -> None:
        """Lead to these places in the window, which have these titles."""
        self.browser.show_entries(term_entries(titles))

    @Slot(str)
    def show_term(self, key: str) -> None:
        """Show the term with this key."""
        self.browser.show_entry(key)

    @Slot(str)
    def _follow(self, address: str) -> None:
        if (place := place_in(address)) is not None:
            self.place_requested.emit(place)
        else:
            self.browser.show_entry(term_in(address))
