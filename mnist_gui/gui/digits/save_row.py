"""The row under the canvas that offers to save the drawing."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QStackedLayout, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.qt import ActionButton, Announcer, named


class SaveDigitRow(QWidget):
    """Offers the predicted digit and all others; says what was saved until the next stroke.

    `confirm` saves the drawing as the digit predicted, `labels` save it as another one; the
    canvas has these actions too, for their keys.
    """

    save_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keep_row")
        self._offer: int | None = None
        self._has_drawing = False
        self._is_drawing_shown = True
        self.confirm = _action(
            self, self.tr("&Save to My digits as the digit read"), "Return", "Enter"
        )
        tip = self.tr("Save the drawing to My digits as what it was read as")
        self.confirm.setToolTip(tip)
        self.labels = [
            _action(self, self.tr("Save to My digits as {digit}").format(digit=digit), str(digit))
            for digit in range(CLASSES)
        ]
        self.menu = QMenu(self.tr("Save &as a different digit"), self)
        self.menu.addActions(self.labels)
        spoken = self.tr("Save to My digits as the digit read")
        self.save_button = ActionButton(self.confirm, "keep_button", spoken)
        self.other_button = named(
            QPushButton(self.tr("Other \u2026")),
            "keep_as_button",
            self.tr("Save as a different digit"),
            self.tr("Save the drawing to My digits as a different digit (keys 0 to 9)."),
        )
        self.other_button.setMenu(self.menu)
        self.note = named(QLabel(), "kept_note")
        self.undo_button = named(
            QPushButton(self.tr("Remove")),
            "unkeep_button",
            self.tr("Remove the drawing from My digits"),
            self.tr("Remove it from My digits and put it back on the canvas (Ctrl+Z)."),
        )
        self._announcer = Announcer(self.note)
        self._offers = Columns((self.save_button, self.other_button), stretches=(1, 0))
        self._acknowledgement = Columns((self.note, self.undo_button), stretches=(1, 0))
        self._parts = QStackedLayout(self)
        self._parts.addWidget(self._offers)
        self._parts.addWidget(self._acknowledgement)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.confirm.triggered.connect(self._confirm)
        for digit, action in enumerate(self.labels):
            action.triggered.connect(partial(self.save_requested.emit, digit))
        self.follow_drawing(Drawing())

    def show_offer(self, digit: int | None) -> None:
        """Offer the digit that was predicted, or none."""
        self._offer = digit
        self._enable()
        text = self.tr("Save to My digits")
        if digit is not None:
            text = self.tr("Save to My digits as {digit}").format(digit=digit)
        self.confirm.setIconText(text)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer to save what is drawn, if anything is."""
        self.set_savable(savable=bool(drawing))

    def set_savable(self, *, savable: bool) -> None:
        """Offer to save what there is; what was saved before is no longer said then."""
        self._has_drawing = savable
        if savable:
            self._parts.setCurrentWidget(self._offers)
            self._enable()
        else:
            self.show_offer(None)

    def set_drawing_shown(self, *, shown: bool) -> None:
        """Offer nothing while something else than the drawing is displayed."""
        self._is_drawing_shown = shown
        self._enable()

    def show_saved(self, label: int) -> None:
        """Say, until the next stroke, what the drawing was saved as; it can be undone."""
        text = self.tr("Saved to My digits as {digit}").format(digit=label)
        self.note.setText(f"\u2713 {text}")
        self._announcer.say(text)
        self._parts.setCurrentWidget(self._acknowledgement)

    def forget_saved(self) -> None:
        """Say no longer what was saved: it is there no more."""
        self._parts.setCurrentWidget(self._offers)

    def _enable(self) -> None:
        can_save = self._has_drawing and self._is_drawing_shown
        self.other_button.setEnabled(can_save)
        for action in self.labels:
            action.setEnabled(can_save)
        self.confirm.setEnabled(can_save and self._offer is not None)

    @Slot()
    def _confirm(self) -> None:
        if self._offer is not None:
            self.save_requested.emit(self._offer)


def _action(parent: QObject, text: str, *keys: str) -> QAction:
    action = QAction(text, parent, autoRepeat=False)
    action.setShortcuts([QKeySequence(key) for key in keys])
    # Elsewhere the same keys type numbers and press buttons.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action
