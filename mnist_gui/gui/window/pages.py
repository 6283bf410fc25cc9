"""The pages in the window's middle: each has its tab from the start and gets its content later."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from mnist_gui.gui.common.qt import column, named, widget_with
from mnist_gui.gui.shell import Page


class Pages(QTabWidget):
    """Tabs with a place each for the content of a page; `actions_offered` bring them up by keys.

    So the window can be seen, with all that it offers, before all of its pages are built.
    """

    def __init__(self) -> None:
        super().__init__()
        named(self, "tabs", self.tr("Pages"))
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._places: dict[Page, QVBoxLayout] = {}
        self._group = QActionGroup(self)
        self.actions_offered = [self._add_place(page) for page in Page]
        self.currentChanged.connect(self._tick)
        self._tick(0)

    @property
    def in_front(self) -> Page:
        """The page that can be seen."""
        return Page(self.currentIndex())

    def bring_to_front(self, page: Page) -> None:
        """Show this page."""
        self.setCurrentIndex(page.value)

    def place(self, page: Page) -> QWidget:
        """Return the widget that a page's content is in, or will be."""
        return self._places[page].parentWidget()

    def fill(self, page: Page, content: QWidget) -> None:
        """Put its content into a page's place, which is empty until then."""
        self._places[page].addWidget(content)

    def _add_place(self, page: Page) -> QAction:
        title, tooltip = self._text(page)
        self._places[page] = column()
        self.addTab(widget_with(self._places[page]), title.replace("&", ""))
        self.setTabToolTip(page.value, tooltip)
        action = QAction(title, self._group, checkable=True)
        action.setShortcut(QKeySequence(f"Ctrl+{page.value + 1}"))
        action.triggered.connect(partial(self.bring_to_front, page))
        return action

    @Slot(int)
    def _tick(self, index: int) -> None:
        self.actions_offered[index].setChecked(True)

    def _text(self, page: Page) -> tuple[str, str]:
        """Return a page's title, with the key for the menu marked, and its tooltip."""
        explained = self.tr("How the drawing becomes an image, and which ink decides what is read")
        digits = self.tr("The digits you have kept, and how they are read")
        curves = self.tr("How accuracy and loss change with training")
        texts = {
            Page.CURVES: (self.tr("&Curves"), curves),
            Page.RESULTS: (self.tr("&Results"), self.tr("How the test images were read")),
            Page.PICTURE: (self.tr("&Picture"), self.tr("Read the digits in a photo or scan")),
            Page.EXPLANATION: (self.tr("&How it reads"), explained),
            Page.RUNS: (self.tr("R&uns"), self.tr("Compare runs or continue one")),
            Page.MY_DIGITS: (self.tr("&My digits"), digits),
        }
        return texts[page]
