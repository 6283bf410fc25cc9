"""Which of a file's drawings is on the canvas, and the way to the others."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mnist_gui.engine.digits.model import OpenedDrawings
from mnist_gui.widgets.icon_button import IconButton
from mnist_gui.widgets.labels import tabular
from mnist_gui.widgets.number_text import count
from mnist_gui.widgets.tool_icons import ToolIcon

_BUTTON_WIDTH = 28


class OpenedDrawingsRow(QWidget):
    """Back, "3 of 12: a 7", on, close; there only while a file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.previous_button = IconButton(ToolIcon.BACK)
        self.place_label = QLabel()
        self.next_button = IconButton(ToolIcon.ON)
        self.close_button = IconButton(ToolIcon.CLOSE)
        self._name_parts()
        for button in (self.previous_button, self.next_button, self.close_button):
            button.setFixedWidth(_BUTTON_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.previous_button)
        layout.addWidget(self.place_label, stretch=1)
        layout.addWidget(self.next_button)
        layout.addWidget(self.close_button)
        self.hide()

    @Slot(object)
    def show_place(self, opened: OpenedDrawings | None) -> None:
        """Show which drawing it is, or nothing once the file is closed."""
        self.setVisible(opened is not None)
        if opened is None:
            return
        self.place_label.setText(self._in_words(opened))
        self.place_label.setToolTip(str(opened.path))
        has_others = len(opened.drawings) > 1
        self.previous_button.setEnabled(has_others)
        self.next_button.setEnabled(has_others)

    def _in_words(self, opened: OpenedDrawings) -> str:
        place, total = count(opened.place + 1), count(len(opened.drawings))
        if opened.current.label is None:
            return self.tr("{place} of {total}").format(place=place, total=total)
        return self.tr("{place} of {total}: a {label}").format(
            place=place, total=total, label=opened.current.label
        )

    def _name_parts(self) -> None:
        self.previous_button.setObjectName("previous_drawing_button")
        self.previous_button.setAccessibleName(self.tr("Previous drawing"))
        self.previous_button.setToolTip(self.tr("The drawing before this one (Alt+Left)"))
        self.next_button.setObjectName("next_drawing_button")
        self.next_button.setAccessibleName(self.tr("Next drawing"))
        self.next_button.setToolTip(self.tr("The drawing after this one (Alt+Right)"))
        self.close_button.setObjectName("close_drawings_button")
        self.close_button.setAccessibleName(self.tr("Close the file of drawings"))
        self.close_button.setToolTip(self.tr("Close the file; what is on the canvas stays"))
        self.place_label.setObjectName("drawing_place")
        self.place_label.setAccessibleName(self.tr("Which drawing of the file this is"))
        self.place_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place_label.setFont(tabular(self.font()))
