"""What the menus offer for files of drawings."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.engine.digits.model import OpenedDrawings
from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets import file_questions
from mnist_gui.widgets.message_boxes import show_choice
from mnist_gui.widgets.window.main_window import MainWindow


class DrawingFileActions(QObject):
    """Adds its actions to a window's File menu, and asks for the files they need.

    `save_requested` tells whether to add the drawing to those that are in the file.
    """

    open_requested = Signal(str)
    save_requested = Signal(str, bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.open = self._action(self.tr("Open d&rawings \u2026"), "Ctrl+Shift+D")
        self.save = self._action(self.tr("Save dra&wing \u2026"), "Ctrl+Shift+S")
        self.previous = self._action(self.tr("Pre&vious drawing"), "Alt+Left")
        self.next = self._action(self.tr("&Next drawing"), "Alt+Right")
        menu, end = window.menus.file_menu, window.menus.before_quit
        menu.insertSeparator(end)
        menu.insertActions(end, [self.open, self.save, self.previous, self.next])
        self.open.triggered.connect(self._ask_open)
        self.save.triggered.connect(self._ask_save)
        self.follow_drawing(Drawing())
        self.show_place(None)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer what needs a drawing, or not."""
        self.save.setEnabled(bool(drawing))

    @Slot(object)
    def show_place(self, opened: OpenedDrawings | None) -> None:
        """Offer to go on and back where a file has several drawings."""
        has_others = opened is not None and len(opened.drawings) > 1
        self.previous.setEnabled(has_others)
        self.next.setEnabled(has_others)

    @Slot()
    def _ask_open(self) -> None:
        path = file_questions.ask_drawings_to_open(self._window)
        if path:
            self.open_requested.emit(path)

    @Slot()
    def _ask_save(self) -> None:
        path = file_questions.ask_drawing_to_save(self._window)
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Ask for a drawing to be saved; of a file that is there, ask what is to become of it."""
        if not path.exists():
            self.save_requested.emit(str(path), False)
            return
        save = partial(self.save_requested.emit, str(path))
        choices = {self.tr("Replace it"): partial(save, False)}
        if path.suffix.lower() != ".json":
            choices = {self.tr("Add to it"): partial(save, True), **choices}
        show_choice(
            self._window,
            self.tr("The file already exists"),
            self.tr("What should happen to {path}?").format(path=path),
            choices,
        )

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action
