"""The row beneath the gallery: what was done last, and what can be done with the selection."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from mnist_gui.widgets.announcer import Announcer
from mnist_gui.widgets.my_digits.digit_words import digits_counted


class DigitBar(QWidget):
    """Says what was done, with a button that takes it back, or how many digits are selected."""

    def __init__(self, relabel_menu: QMenu) -> None:
        super().__init__()
        self.note = QLabel()
        self.undo_button = QPushButton(self.tr("Undo"))
        self.open_button = QPushButton(self.tr("Open"))
        self.relabel_button = QPushButton(self.tr("Label as"))
        self.delete_button = QPushButton(self.tr("Delete"))
        self.relabel_button.setMenu(relabel_menu)
        self._announcer = Announcer(self.note)
        self._name_parts()
        self._lay_out()
        self.show_selection(0)
        self.show_note("")

    @Slot(int)
    def show_selection(self, number: int) -> None:
        """Offer what can be done with so many digits; while there are any, count them."""
        for button in (self.open_button, self.relabel_button, self.delete_button):
            button.setEnabled(number > 0)
        if number > 1:
            self.show_note(self.tr("{digits} selected").format(digits=digits_counted(number)))
        elif self.undo_button.isHidden():
            self.note.clear()

    def show_note(self, text: str, *, can_undo: bool = False) -> None:
        """Say what was done, and offer to take it back."""
        self.note.setText(text)
        self.note.setToolTip(text)
        self._announcer.say(text)
        self.undo_button.setVisible(can_undo)

    def _name_parts(self) -> None:
        self.note.setObjectName("digits_note")
        # A long sentence is cut here and whole in the tooltip; it must not widen the window.
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.undo_button.setObjectName("undo_change_button")
        self.undo_button.setAccessibleName(self.tr("Undo the last change of my digits"))
        self.undo_button.setToolTip(self.tr("Take the last change back (Ctrl+Z in the gallery)."))
        self.open_button.setObjectName("open_digit_button")
        self.open_button.setAccessibleName(self.tr("Open the digit on the canvas"))
        self.open_button.setToolTip(self.tr("Put the digit on the canvas (double click, Enter)."))
        self.relabel_button.setObjectName("relabel_button")
        self.relabel_button.setAccessibleName(self.tr("Label the selected digits anew"))
        self.relabel_button.setToolTip(self.tr("Say that they are another digit (keys 0 to 9)."))
        self.delete_button.setObjectName("delete_digits_button")
        self.delete_button.setAccessibleName(self.tr("Delete the selected digits"))
        self.delete_button.setToolTip(self.tr("Keep them no longer (Delete); can be undone."))

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.note, stretch=1)
        for button in (
            self.undo_button,
            self.open_button,
            self.relabel_button,
            self.delete_button,
        ):
            layout.addWidget(button)
