"""The page that shows how the drawing is read, and why so."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.models.test_images import TestImage
from mnist_gui.engine.prediction import NumberPrediction
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.explanation.presenter import ExplanationActions
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.parts import Parts


class ExplanationConnections(QObject):
    """Explains what is read of the canvas while the page can be seen, and copies it as code.

    Of several digits it is the one that is chosen beside the canvas.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._number: NumberPrediction | None = None
        explanation, page = parts.explanation, ExplanationPage()
        self.actions = ExplanationActions(self, window.menus)
        window.tabs.fill(Page.EXPLANATION, page)
        self._connect_what_is_read()
        parts.network.network_changed.connect(explanation.use_snapshot)
        page.watched_changed.connect(explanation.set_watched)
        page.stages_changed.connect(explanation.use_stages)
        page.code_requested.connect(explanation.write_code)
        self.actions.copy_code.triggered.connect(explanation.write_code)
        explanation.strip_changed.connect(page.show_strip)
        explanation.explained.connect(page.show_explanation)
        explanation.image_explained.connect(page.show_image_explanation)
        explanation.cleared.connect(page.clear)
        explanation.network_missing.connect(page.show_network_missing)
        explanation.failed.connect(page.show_message)
        explanation.code_written.connect(self._copy)

    def _connect_what_is_read(self) -> None:
        # The reading comes first, and with it whether there are several digits.
        drawing = self._parts.drawing
        drawing.drawing_read.connect(self._explain)
        drawing.number_read.connect(self._explain_number)
        drawing.network_missing.connect(self._explain_drawing)
        drawing.cleared.connect(self._explain_nothing)
        self._window.prediction_panel.tiles.digit_chosen.connect(self._explain_digit)
        self._parts.shown_image.image_shown.connect(self._explain_image)

    @Slot(Drawing)
    def _explain(self, drawing: Drawing) -> None:
        self._parts.explanation.use_drawing(drawing)
        self.actions.follow_drawing(drawing)

    @Slot(NumberPrediction)
    def _explain_number(self, reading: NumberPrediction) -> None:
        self._number = reading
        self._explain_digit(self._window.prediction_panel.tiles.chosen)

    @Slot(int)
    def _explain_digit(self, place: int) -> None:
        if self._number is not None:
            self._explain(self._number.digits[place].drawing)

    @Slot(TestImage)
    def _explain_image(self, shown: TestImage) -> None:
        self._parts.explanation.use_image(shown.image)
        self.actions.follow_drawing(Drawing())

    @Slot()
    def _explain_drawing(self) -> None:
        self._explain(self._window.canvas.drawing)

    @Slot()
    def _explain_nothing(self) -> None:
        self._explain(Drawing())

    @Slot(str)
    def _copy(self, code: str) -> None:
        self.actions.put_on_clipboard(code)
        self._window.show_status(self.tr("Copied the image as NumPy code"))
