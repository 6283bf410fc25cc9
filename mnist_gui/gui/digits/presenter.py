"""The user's digits: show them, do with them what the user asks, and personalize on them."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.model import Imported, UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.engine.events import RunState
from mnist_gui.engine.finetune.finetune import LEAST_DIGITS, finetune
from mnist_gui.engine.finetune.result import FineTuningProgress, FineTuningResult
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.dialogs import show_warning
from mnist_gui.gui.common.qt import FocusWatcher
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictor
from mnist_gui.gui.digits.text import added_text, digit_count, import_report, import_text
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell


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
        shell.pages.fill(Page.MY_DIGITS, page)
        self._connect_page()
        collection.changed.connect(page.show_change)
        collection.added.connect(self._show_added)
        collection.imported.connect(self._show_imported)
        collection.exported.connect(self._show_exported)
        collection.reading_failed.connect(page.banner.show_text)
        collection.failed.connect(self._show_failure)
        session.digits.follow(page.show_digits)
        session.digit_predictions.follow(self._show_predictions)
        QGuiApplication.instance().applicationStateChanged.connect(self._read_if_active)

    def take_over(self, before: "MyDigitsPresenter") -> None:
        """Show the digits that another presenter shows."""
        self._page.filters.take_over(before._page.filters)

    def show_predictor(self, images: UserDigitImages, predictor: UserDigitPredictor) -> None:
        """Show the images that are made, and how far the predictions are."""
        images.images_made.connect(self._page.gallery.digits_shown.add_images)
        images.failed.connect(self._page.banner.show_text)
        predictor.progress_changed.connect(self._page.show_progress)
        predictor.failed.connect(self._page.banner.show_text)

    def _connect_page(self) -> None:
        page, gallery, collection = self._page, self._page.gallery, self._collection
        page.shown.connect(collection.read)
        page.import_requested.connect(collection.import_file)
        page.export_requested.connect(collection.export)
        gallery.open_requested.connect(self._open)
        gallery.relabel_requested.connect(collection.relabel)
        gallery.delete_requested.connect(collection.delete)
        FocusWatcher(gallery).changed.connect(self._share_undo)
        page.bar.undo_button.clicked.connect(collection.undo)
        self._shell.actions_offered.undo_group.addStack(collection)

    @Slot(bool)
    def _share_undo(self, is_gallery: bool) -> None:
        """Have the window's undo be that of the digits while the gallery has the focus."""
        (self._collection if is_gallery else self._canvas.document).setActive()

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

    @Slot(UserDigit)
    def _show_added(self, digit: UserDigit) -> None:
        self._page.bar.show_note(added_text(digit), can_undo=True)

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
        self._shell.show_written(text.format(digits=digit_count(number), path=path), path)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self.tr("Your digits were not changed"), sentence)


class PersonalizePresenter(QObject):
    """Trains the current network on the user's digits, once at a time and never beside a run.

    The panel shows the gain; the user accepts the new network, or goes back to the one before.
    """

    def __init__(self, session: Session, panel: PersonalizePanel, shell: Shell) -> None:
        super().__init__()
        self._session, self._panel, self._shell = session, panel, shell
        self._job: Job | None = None
        self._result: FineTuningResult | None = None
        # The run that the network before was loaded from.
        self._run_of_base = ""
        panel.start_button.clicked.connect(self._start)
        panel.stop_button.clicked.connect(self._stop)
        panel.accept_button.clicked.connect(self._accept)
        panel.back_button.clicked.connect(self._revert)
        for piece in (session.dataset, session.network, session.digits):
            piece.follow(self._show_obstacle)
        session.run_state.follow(self._follow_run)

    def take_over(self, before: "PersonalizePresenter") -> None:
        """Show the result that another presenter has."""
        self._result, self._run_of_base = before._result, before._run_of_base
        if self._result is not None:
            self._panel.take_over(before._panel, self._result)

    @property
    def is_training(self) -> bool:
        """Whether it is training at the moment."""
        return self._job is not None

    def _ready(self) -> tuple[Dataset, Snapshot, UserDigits] | str:
        """Return what training needs, or a sentence on why it cannot begin."""
        dataset, snapshot = self._session.dataset.value, self._session.network.value
        digits = self._session.digits.value or UserDigits()
        missing = LEAST_DIGITS - len(digits.digits)
        if missing > 0:
            text = self.tr("Save 1 more digit to enable this ({least} needed).")
            if missing > 1:
                text = self.tr("Save {missing} more digits to enable this ({least} needed).")
            return text.format(missing=missing, least=LEAST_DIGITS)
        if self._session.run_state.value.is_active:
            return self.tr("A training run is active; wait for its end or stop it.")
        if dataset is None or snapshot is None:
            return self.tr("The data set and a network are still to be loaded.")
        return dataset, snapshot, digits

    @Slot(object)
    def _show_obstacle(self, _changed: object = None) -> None:
        ready = self._ready()
        self._panel.show_obstacle(ready if isinstance(ready, str) else "")

    @Slot(object)
    def _follow_run(self, state: RunState) -> None:
        """Stop for a run, which the user asked for later."""
        if state.is_active:
            self._stop()
        self._show_obstacle()

    @Slot()
    def _start(self) -> None:
        ready = self._ready()
        if self._job is not None or isinstance(ready, str):
            return
        dataset, snapshot, digits = ready
        self._result = None
        self._run_of_base = self._session.run_of_network
        drawings = [digit.labelled for digit in digits.digits]
        device = self._session.device.value
        self._job = self._session.engine_thread.run(
            partial(finetune, dataset, snapshot, drawings, device=device),
            each=self._handle,
            ended=self._end,
            failed=self._show_failure,
        )
        self._panel.show_begun()

    @Slot()
    def _stop(self) -> None:
        """End the training soon; the current network stays as it is."""
        if self._job is not None:
            self._job.stop()

    @Slot()
    def _accept(self) -> None:
        if self._result is not None:
            self._session.use_network(self._result.snapshot)

    @Slot()
    def _revert(self) -> None:
        """Use the network before again, unless another one has been chosen since."""
        if self._result is not None and self._session.network.value is self._result.snapshot:
            self._session.use_network(self._result.base, self._run_of_base)

    def _handle(self, event: object) -> None:
        match event:
            case FineTuningProgress():
                self._panel.show_progress(event)
            case FineTuningResult():
                self._result = event

    def _end(self) -> None:
        self._job = None
        if self._result is None:
            self._panel.show_ready()
        else:
            self._panel.show_result(self._result)

    def _show_failure(self, sentence: str) -> None:
        self._job = None
        self._panel.show_ready()
        self._shell.show_error(self.tr("Training on your handwriting failed"), sentence)
