"""The page that shows how the drawing is read, and why so."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.parts import Parts
from mnist_gui.widgets.explanation_actions import ExplanationActions
from mnist_gui.widgets.explanation_page import ExplanationPage
from mnist_gui.widgets.main_window import MainWindow


class ExplanationConnections(QObject):
    """Explains what is on the canvas while the page can be seen, and copies it as code."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        explanation, page = parts.explanation, ExplanationPage()
        self.actions = ExplanationActions(self, window.menus)
        window.add_page(
            page,
            self.tr("&How it reads"),
            self.tr("How the drawing becomes an image, and which ink decides what is read"),
        )
        window.canvas.drawing_changed.connect(explanation.use_drawing)
        window.canvas.drawing_changed.connect(self.actions.follow_drawing)
        parts.network.network_changed.connect(explanation.use_snapshot)
        page.watched_changed.connect(explanation.set_watched)
        page.stages_changed.connect(explanation.use_stages)
        page.code_requested.connect(explanation.write_code)
        self.actions.copy_code.triggered.connect(explanation.write_code)
        explanation.strip_changed.connect(page.show_strip)
        explanation.explained.connect(page.show_explanation)
        explanation.cleared.connect(page.clear)
        explanation.network_missing.connect(page.show_network_missing)
        explanation.failed.connect(page.show_message)
        explanation.code_written.connect(self._copy)

    @Slot(str)
    def _copy(self, code: str) -> None:
        self.actions.put_on_clipboard(code)
        self._window.show_status(self.tr("Copied the image as NumPy code"))
