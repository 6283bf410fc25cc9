"""Files of drawings, and drawings as pictures for other programs."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mnist_gui.gui.drawing.files import CopyActions, DrawingFileActions, OpenedDrawingsRow
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class DrawingFileConnections(QObject):
    """Lets the user open, go through, save and copy drawings."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._files = parts.drawing_files
        self._connect_files(DrawingFileActions(window))
        self._connect_row(OpenedDrawingsRow())
        copying = CopyActions(window)
        window.canvas.drawing_changed.connect(copying.follow_drawing)
        parts.drawing.image_changed.connect(copying.take_image)
        parts.drawing.cleared.connect(copying.forget_image)

    def _connect_files(self, actions: DrawingFileActions) -> None:
        window, files = self._window, self._files
        actions.open_requested.connect(files.open)
        actions.save_requested.connect(self._save)
        actions.next.triggered.connect(files.show_next)
        actions.previous.triggered.connect(files.show_previous)
        window.canvas.drawing_changed.connect(actions.follow_drawing)
        files.place_changed.connect(actions.show_place)
        files.drawing_chosen.connect(window.canvas.set_drawing)
        files.opened.connect(window.show_opened)
        files.saved.connect(window.show_saved)
        files.faults_found.connect(self._show_faults)
        files.failed.connect(window.show_file_error)

    def _connect_row(self, row: OpenedDrawingsRow) -> None:
        self._window.drawing_column.add_tool_row(row)
        row.previous_button.clicked.connect(self._files.show_previous)
        row.next_button.clicked.connect(self._files.show_next)
        row.close_button.clicked.connect(self._files.close)
        self._files.place_changed.connect(row.show_place)

    @Slot(str, bool)
    def _save(self, path: str, add: bool) -> None:
        self._files.save(Path(path), self._window.canvas.drawing, add=add)

    @Slot(str)
    def _show_faults(self, sentence: str) -> None:
        self._window.show_error(self.tr("Part of the file cannot be used"), sentence)
