"""Images of the test set, shown where the drawing's image is."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.models.test_images import TestImage
from mnist_gui.gui.common.text import count
from mnist_gui.gui.results.presenter import TestImageActions
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class ShownImageConnections(QObject):
    """Lets the user look at test images; to draw on brings the drawing back."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._actions = TestImageActions(window.menus.view_menu)
        shown = parts.shown_image
        self._actions.random_requested.connect(shown.show_random)
        self._actions.mistake_requested.connect(shown.show_next_mistake)
        self._actions.digit_requested.connect(shown.show_next_of)
        self._actions.drawing_requested.connect(shown.hide)
        parts.dataset.dataset_changed.connect(shown.use_dataset)
        parts.network.network_changed.connect(shown.use_snapshot)
        window.canvas.drawing_changed.connect(shown.hide)
        shown.image_shown.connect(self._show)
        shown.hidden.connect(self._show_drawing)
        shown.not_found.connect(window.show_status)

    @Slot(TestImage)
    def _show(self, shown: TestImage) -> None:
        self._parts.drawing.suspend()
        panel = self._window.prediction_panel
        panel.show_image(shown.image)
        panel.show_prediction(shown.prediction)
        origin = self.tr("Test image {number}").format(number=count(shown.index))
        panel.show_origin(origin)
        verdict = self.tr("right") if shown.is_right else self.tr("wrong: it is a {digit}")
        panel.show_remark(verdict.format(digit=shown.label))
        self._window.drawing_column.keep_row.set_drawing_shown(shown=False)
        self._actions.set_shown(True)

    @Slot()
    def _show_drawing(self) -> None:
        self._window.prediction_panel.show_origin("")
        self._window.drawing_column.keep_row.set_drawing_shown(shown=True)
        self._actions.set_shown(False)
        self._parts.drawing.use_drawing(self._window.canvas.drawing)
