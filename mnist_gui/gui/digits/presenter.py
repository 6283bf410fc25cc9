"""The page of the user's digits: show them, and do with them what the user asks."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.digits.model import Imported, UserDigit, UserDigitPredictions
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.dialogs import show_warning
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictor
from mnist_gui.gui.digits.text import digit_count, import_report, import_text
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Page, Shell


class MyDigitsPresenter(QObject):
    """Shows the user's digits and what the network predicts of them; changes them as asked."""

    def __init__(
        self,
        session: Session,
        collection: DigitCollection,
        page: MyDigitsPage,
        canvas: DrawingCanvas,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._collection = collection
        self._page, self._canvas, self._shell = page, canvas, shell
        shell.tabs.fill(Page.MY_DIGITS, page)
        self._connect_page()
        collection.changed.connect(page.show_change)
        collection.imported.connect(self._show_imported)
        collection.exported.connect(self._show_exported)
        collection.reading_failed.connect(page.show_problem)
        collection.failed.connect(self._show_failure)
        session.digits.follow(page.show_digits)
        session.digit_predictions.follow(self._show_predictions)
        QGuiApplication.instance().applicationStateChanged.connect(self._read_if_active)

    def show_predictor(self, images: UserDigitImages, predictor: UserDigitPredictor) -> None:
        """Show the images that are made, and how far the predictions are."""
        images.images_made.connect(self._page.add_images)
        images.failed.connect(self._page.show_problem)
        predictor.progress_changed.connect(self._page.show_progress)
        predictor.failed.connect(self._page.show_problem)

    def _connect_page(self) -> None:
        page, gallery, collection = self._page, self._page.gallery, self._collection
        page.shown.connect(collection.read)
        page.import_requested.connect(collection.import_file)
        page.export_requested.connect(collection.export)
        gallery.open_requested.connect(self._open)
        gallery.relabel_requested.connect(collection.relabel)
        gallery.delete_requested.connect(collection.delete)
        gallery.undo_requested.connect(collection.undo)
        gallery.redo_requested.connect(collection.redo)

    @Slot(object)
    def _show_predictions(self, predictions: tuple[Snapshot, UserDigitPredictions]) -> None:
        self._page.show_predictions(predictions[1])

    @Slot(UserDigit)
    def _open(self, digit: UserDigit) -> None:
        self._canvas.set_drawing(digit.drawing)
        self._canvas.setFocus()

    @Slot(Qt.ApplicationState)
    def _read_if_active(self, state: Qt.ApplicationState) -> None:
        # A folder that is not there yet cannot be watched.
        if state is Qt.ApplicationState.ApplicationActive:
            self._collection.read()

    # --- what came of it -----------------------------------------------------------------------

    @Slot(Imported)
    def _show_imported(self, imported: Imported) -> None:
        self._page.filters.choose_all()
        text = import_text(imported)
        self._page.bar.show_note(text, can_undo=bool(imported.digits))
        self._shell.show_status(text)
        if imported.faults:
            title = self.tr("Some drawings were not imported")
            show_warning(self._shell.dialog_parent, title, import_report(imported))

    @Slot(str, int)
    def _show_exported(self, path: str, number: int) -> None:
        text = self.tr("Exported {digits} to {path}")
        self._shell.show_status(text.format(digits=digit_count(number), path=path))

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self.tr("Your digits were not changed"), sentence)
