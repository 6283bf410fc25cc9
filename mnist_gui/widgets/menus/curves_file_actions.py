"""What the File menu offers for the curves: pictures of them, and their numbers."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.widgets import file_questions
from mnist_gui.widgets.window.main_window import MainWindow


class CurvesFileActions(QObject):
    """Adds its actions to a window's File menu, and asks for the files they need."""

    png_requested = Signal(str)
    svg_requested = Signal(str)
    csv_requested = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.save_png = self._action(self.tr("Save curves as &picture \u2026"), "Ctrl+G")
        self.save_svg = self._action(self.tr("Save curves as S&VG \u2026"), "Ctrl+Shift+G")
        self.save_csv = self._action(self.tr("Save curves as &CSV \u2026"), "Ctrl+E")
        self.save_png.triggered.connect(self._ask_png)
        self.save_svg.triggered.connect(self._ask_svg)
        self.save_csv.triggered.connect(self._ask_csv)
        menu, place = window.menus.file_menu, window.menus.before_quit
        menu.insertSeparator(place)
        menu.insertActions(place, [self.save_png, self.save_svg, self.save_csv])

    @Slot()
    def _ask_png(self) -> None:
        self._tell(file_questions.ask_picture_to_save(self._window), self.png_requested.emit)

    @Slot()
    def _ask_svg(self) -> None:
        self._tell(file_questions.ask_svg_to_save(self._window), self.svg_requested.emit)

    @Slot()
    def _ask_csv(self) -> None:
        self._tell(file_questions.ask_table_to_save(self._window), self.csv_requested.emit)

    def _tell(self, path: str, tell: Callable[[str], None]) -> None:
        if path:
            tell(path)

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action
