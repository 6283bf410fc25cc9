"""The page of the user's own digits, and how well each network reads them."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.connections.hand import HandConnections
from mnist_gui.engine.digits.model import Imported, Tidied, UserDigit
from mnist_gui.gui.common.dialogs import show_warning
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.digits.text import digits_counted, import_report, import_words, tidied_words
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.parts import Parts


class MyDigitsConnections(QObject):
    """Shows the digits that are kept, has them read, and does with them what the user asks."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._page = page = MyDigitsPage()
        window.tabs.fill(Page.MY_DIGITS, page)
        HandConnections(window, parts, page)
        self._connect_reading()
        self._connect_page()
        digits = parts.my_digits
        digits.digits_changed.connect(page.show_digits)
        digits.changed.connect(page.show_change)
        digits.imported.connect(self._show_imported)
        digits.exported.connect(self._show_exported)
        digits.tidied.connect(self._show_tidied)
        digits.reading_failed.connect(page.show_problem)
        digits.failed.connect(self._show_failure)
        QGuiApplication.instance().applicationStateChanged.connect(self._look)

    def _connect_reading(self) -> None:
        parts, page, reading = self._parts, self._page, self._parts.own_reading
        parts.my_digits.digits_changed.connect(parts.digit_images.use_digits)
        parts.my_digits.digits_changed.connect(reading.use_digits)
        parts.digit_images.images_made.connect(reading.use_images)
        parts.digit_images.images_made.connect(page.add_images)
        parts.network.network_changed.connect(reading.use_snapshot)
        self._window.canvas.drawing_changed.connect(reading.give_way)
        reading.reading_changed.connect(page.show_reading)
        reading.progress_changed.connect(page.show_progress)
        reading.failed.connect(page.show_problem)
        parts.digit_images.failed.connect(page.show_problem)

    def _connect_page(self) -> None:
        page, gallery, digits = self._page, self._page.gallery, self._parts.my_digits
        page.shown.connect(digits.read)
        page.import_requested.connect(digits.import_file)
        page.export_requested.connect(digits.export)
        page.banner.offer.clicked.connect(digits.tidy)
        gallery.open_requested.connect(self._open)
        gallery.relabel_requested.connect(digits.relabel)
        gallery.delete_requested.connect(digits.delete)
        gallery.undo_requested.connect(digits.undo)
        gallery.redo_requested.connect(digits.redo)

    @Slot(UserDigit)
    def _open(self, digit: UserDigit) -> None:
        self._window.canvas.set_drawing(digit.drawing)
        self._window.canvas.setFocus()

    @Slot(Qt.ApplicationState)
    def _look(self, state: Qt.ApplicationState) -> None:
        # A folder that is not there yet cannot be watched.
        if state is Qt.ApplicationState.ApplicationActive:
            self._parts.my_digits.read()

    # --- what came of it -----------------------------------------------------------------------

    @Slot(Imported)
    def _show_imported(self, imported: Imported) -> None:
        self._page.filters.choose_all()
        self._page.bar.show_note(import_words(imported), can_undo=bool(imported.digits))
        self._window.show_status(import_words(imported))
        if imported.faults:
            title = self.tr("Some drawings were not imported")
            show_warning(self._window, title, import_report(imported))

    @Slot(str, int)
    def _show_exported(self, path: str, number: int) -> None:
        words = self.tr("Exported {digits} to {path}")
        self._window.show_status(words.format(digits=digits_counted(number), path=path))

    @Slot(Tidied)
    def _show_tidied(self, tidied: Tidied) -> None:
        self._window.show_status(tidied_words(tidied))

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._window.show_error(self.tr("Your digits were not changed"), sentence)
