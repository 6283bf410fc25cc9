"""Pictures: opened, pasted or dropped, read, and their digits shown beside the drawing's place."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.pictures.result import FoundDigit
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.dialogs import ask_picture_to_open
from mnist_gui.gui.pictures.drop import PictureDrop, PictureSource, picture_in
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.presenter import PictureActions
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.parts import Parts


class PictureConnections(QObject):
    """Lets the user bring pictures and shows what is read in them.

    The prediction panel shows a picture's digit while one is selected on the page in front, and
    the drawing otherwise.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._page = PicturePage()
        window.tabs.fill(Page.PICTURE, self._page)
        self._connect_requests()
        self._connect_reading()
        self._connect_panel()

    def _connect_requests(self) -> None:
        actions = PictureActions(self._window)
        actions.open.triggered.connect(self._ask)
        actions.paste.triggered.connect(self._paste)
        self._page.open_requested.connect(self._ask)
        self._page.paste_requested.connect(self._paste)
        self._page.close_requested.connect(self._parts.picture.clear)
        PictureDrop(self._window).dropped.connect(self._use_dropped)

    def _connect_reading(self) -> None:
        picture, page = self._parts.picture, self._page
        self._parts.network.network_changed.connect(picture.use_snapshot)
        picture.opening_started.connect(page.show_opening)
        picture.opening_started.connect(self._bring_to_front)
        picture.picture_opened.connect(page.show_picture)
        picture.digits_missing.connect(page.show_nothing_found)
        picture.reading_changed.connect(page.show_reading)
        picture.network_missing.connect(page.show_network_missing)
        picture.reading_failed.connect(page.show_nothing_found)
        picture.cleared.connect(page.clear)
        picture.failed.connect(page.show_failure)
        picture.failed.connect(self._window.show_file_error)

    def _connect_panel(self) -> None:
        self._page.digit_shown.connect(self._show_digit)
        self._page.digit_left.connect(self._show_drawing)
        self._window.tabs.currentChanged.connect(self._follow_page)
        self._window.canvas.drawing_changed.connect(self._page.select_none)
        self._parts.shown_image.image_shown.connect(self._page.select_none)

    @Slot()
    def _ask(self) -> None:
        if path := ask_picture_to_open(self._window):
            self._parts.picture.open(path)

    @Slot()
    def _paste(self) -> None:
        copied = QGuiApplication.clipboard().mimeData()
        # An empty clipboard has none, whatever the type says.
        source = picture_in(copied) if copied else None
        if source is None:
            self._window.show_status(self.tr("No picture was copied; copy one first."))
        else:
            self._use(source, self.tr("copied picture"))

    @Slot(PictureSource)
    def _use_dropped(self, source: PictureSource) -> None:
        self._use(source, self.tr("dropped picture"))

    def _use(self, source: PictureSource, name: str) -> None:
        if source.path:
            self._parts.picture.open(source.path)
        else:
            self._parts.picture.use_content(source.content, name)

    @Slot()
    def _bring_to_front(self) -> None:
        self._window.tabs.bring_to_front(Page.PICTURE)

    @Slot(FoundDigit, Prediction)
    def _show_digit(self, digit: FoundDigit, prediction: Prediction) -> None:
        if self._window.tabs.in_front is Page.PICTURE:
            self._parts.shown_image.hide()
            self._parts.drawing.suspend()
            panel = self._window.prediction_panel
            panel.show_image(digit.image)
            panel.show_prediction(prediction)
            panel.show_origin(self.tr("In the picture"))
            self._window.drawing_column.keep_row.set_drawing_shown(shown=False)

    @Slot()
    def _show_drawing(self) -> None:
        self._window.prediction_panel.show_origin("")
        self._window.drawing_column.keep_row.set_drawing_shown(shown=True)
        self._parts.drawing.use_drawing(self._window.canvas.drawing)

    @Slot()
    def _follow_page(self) -> None:
        if self._page.selected is None:
            return
        if self._window.tabs.in_front is Page.PICTURE:
            self._show_digit(*self._page.selected)
        else:
            self._show_drawing()
