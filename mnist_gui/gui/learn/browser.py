"""Entries to look things up in: a list with a search, and the text of the one chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from mnist_gui.gui.common.labels import caption
from mnist_gui.gui.common.qt import Announcer, column, named, row, widget_with

_KEY = Qt.ItemDataRole.UserRole
_LIST_LETTERS = 14
_SEARCH_HEIGHT = 28
# Between the lines of the list, in pixels.
_ROOM = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be looked up: its group's heading, its title, and its text as HTML.

    `words` is all that a search looks through besides the title.
    """

    key: str
    group: str
    title: str
    html: str
    words: str


def found(entries: Sequence[Entry], sought: str) -> list[Entry]:
    """Return the entries that have all the words sought, first those that have them in the title.

    Words in upper and lower case are alike.
    """
    words = sought.casefold().split()
    titled = [each for each in entries if _has_all(each.title, words)]
    others = [each for each in entries if _has_all(f"{each.title} {each.words}", words)]
    return titled + [each for each in others if each not in titled]


def _has_all(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


class SearchField(QLineEdit):
    """A field for words to look for; the arrow keys move in the list below it."""

    def __init__(self, results: QListWidget) -> None:
        super().__init__()
        self._results = results
        self.setClearButtonEnabled(True)
        self.setMinimumHeight(_SEARCH_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrow keys choose among what was found."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._results.event(event)
        else:
            super().keyPressEvent(event)


class EntryBrowser(QWidget):
    """Lists entries by group; shows the one chosen, and brings its links by `link_followed`."""

    link_followed = Signal(str)

    def __init__(self, name: str, title: str) -> None:
        """`name` begins the names of the widgets, `title` says what is looked up."""
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._shown: Entry | None = None
        self.list = named(QListWidget(), f"{name}_list", title)
        self.search = named(SearchField(self.list), f"{name}_search", self.tr("Search"))
        self.text = named(QTextBrowser(), f"{name}_text", self.tr("Explanation"))
        self.count = caption()
        self._announcer = Announcer(self.search)
        self._lay_out()
        self.search.textChanged.connect(self._list_found)
        self.list.currentItemChanged.connect(self._show_item)
        self.text.anchorClicked.connect(self._follow)
        QShortcut(
            QKeySequence.StandardKey.Find,
            self,
            self._begin_search,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )

    @property
    def key(self) -> str:
        """The key of the entry that is shown; "" for none."""
        return self._shown.key if self._shown else ""

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these entries, which come group by group."""
        self._entries = tuple(entries)
        self._list_found()

    def show_entry(self, key: str) -> None:
        """Show the entry with this key, whatever was sought before."""
        if self._item(key) is None:
            self.search.clear()
        if (item := self._item(key)) is not None:
            self.list.setCurrentItem(item)
            self.list.scrollToItem(item)

    def changeEvent(self, event: QEvent) -> None:
        """Show the text anew in a new theme: its links have the colour they were made with."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._render()
            self._colour_headings()

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(self.tr("Search \u2026"))
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(12)
        width = self.fontMetrics().averageCharWidth() * _LIST_LETTERS
        self.list.setMinimumWidth(width)
        self.text.setMinimumWidth(width)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = widget_with(column(self.search, (self.list, 1), self.count, spacing=8))
        left.setMaximumWidth(width * 3)
        row((left, 2), (self.text, 3), parent=self, spacing=12)

    def _colour_headings(self) -> None:
        # Otherwise they are faded, as what cannot be chosen is.
        for place in range(self.list.count()):
            item = self.list.item(place)
            if not item.flags():
                item.setForeground(self.palette().placeholderText())

    @Slot()
    def _begin_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _item(self, key: str) -> QListWidgetItem | None:
        items = (self.list.item(place) for place in range(self.list.count()))
        return next((item for item in items if item.data(_KEY) == key), None)

    @Slot()
    def _list_found(self) -> None:
        shown = self.key
        sought = self.search.text().strip()
        entries = found(self._entries, sought) if sought else self._entries
        self.list.blockSignals(True)
        self.list.clear()
        self._add(entries, grouped=not sought and len({each.group for each in entries}) > 1)
        self._colour_headings()
        self.list.blockSignals(False)
        text = self.tr("Found: {number}").format(number=len(entries)) if sought else ""
        self.count.setText(text)
        self.count.setVisible(bool(text))
        self._announcer.say(text)
        # What is read already stays, unless something is sought that it does not have.
        first = entries[0].key if entries else ""
        keys = {each.key for each in entries}
        item = self._item(shown if shown in keys and not sought else first)
        if item is None:
            self._show(None)
        else:
            self.list.setCurrentItem(item)

    def _add(self, entries: Sequence[Entry], *, grouped: bool) -> None:
        group = ""
        for entry in entries:
            if grouped and entry.group != group:
                group = entry.group
                heading = _group_item(group, self.list.font())
                heading.setSizeHint(QSize(0, self.fontMetrics().height() + 2 * _ROOM))
                self.list.addItem(heading)
            item = QListWidgetItem(entry.title, self.list)
            item.setData(_KEY, entry.key)
            item.setToolTip(entry.title)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + _ROOM))

    @Slot()
    def _show_item(self) -> None:
        item = self.list.currentItem()
        key = item.data(_KEY) if item is not None else ""
        self._show(next((each for each in self._entries if each.key == key), self._shown))

    def _show(self, entry: Entry | None) -> None:
        self._shown = entry
        self._render()

    def _render(self) -> None:
        nothing = self.tr("Nothing was found. Try a shorter word.")
        self.text.setHtml(self._shown.html if self._shown else f"<p>{nothing}</p>")

    @Slot(QUrl)
    def _follow(self, address: QUrl) -> None:
        self.link_followed.emit(address.toString())


def _group_item(heading: str, font: QFont) -> QListWidgetItem:
    """Return a heading, which cannot be chosen."""
    item = QListWidgetItem(heading)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont(font)
    font.setWeight(QFont.Weight.DemiBold)
    item.setFont(font)
    return item
