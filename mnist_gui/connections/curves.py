"""The curves' files: pictures of them, and their numbers."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.history import History
from mnist_gui.gui.curves.export import CurvesPicture, png_of, svg_of
from mnist_gui.gui.curves.presenter import CurvesFileActions
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class CurvesConnections(QObject):
    """Lets the user save the curves of the newest run."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        actions = CurvesFileActions(window)
        actions.png_requested.connect(self._save_png)
        actions.svg_requested.connect(self._save_svg)
        actions.csv_requested.connect(parts.curves.save)
        parts.training.run_started.connect(parts.curves.use_history)
        parts.curves.saved.connect(window.show_saved)
        parts.curves.failed.connect(window.show_file_error)

    @Slot(str)
    def _save_png(self, path: str) -> None:
        self._parts.curves.save_picture(path, partial(png_of, self._drawing()))

    @Slot(str)
    def _save_svg(self, path: str) -> None:
        self._parts.curves.save_picture(path, partial(svg_of, self._drawing()))

    def _drawing(self) -> str:
        curves = self._window.curves
        picture = CurvesPicture(self._window.plot_colours)
        picture.show_curves(curves.runs(), error_rate=curves.is_error_rate_shown)
        if curves.history is not None:
            picture.show_run(curves.history.recipe, self._name_of(curves.history))
        picture.deleteLater()
        return picture.drawing()

    def _name_of(self, history: History) -> str:
        last = self._parts.training.runs.last
        if last is None or last.history is not history or last.identity is None:
            return ""
        return self._parts.runs.name_of(last.identity)
