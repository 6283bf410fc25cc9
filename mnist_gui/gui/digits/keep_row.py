"""Keeping the drawing on the canvas among the user's own digits, with one key or one click."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.drawing import Drawing
from mnist_gui.gui.common.qt import Announcer


class SaveDigitActions(QObject):
    """Keep the drawing as the digit that was read, or as another one; for the canvas' keys."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.confirm = _action(self, self.tr("&Keep as the digit read"), "Return", "Enter")
        self.labels = tuple(
            _action(self, self.tr("Keep as {digit}").format(digit=digit), str(digit))
            for digit in range(CLASSES)
        )


class SaveDigitRow(QWidget):
    """Offers the digit read and all others; says what was kept until the next stroke."""

    keep_requested = Signal(int)
    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offer: int | None = None
        self._has_drawing = False
        self._is_drawing_shown = True
        self.actions_offered = SaveDigitActions(self)
        self.menu = QMenu(self.tr("Keep &as"), self)
        self.menu.addActions(self.actions_offered.labels)
        self.keep_button = QPushButton()
        self.other_button = QPushButton(self.tr("Another"))
        self.note = QLabel()
        self.undo_button = QPushButton(self.tr("Undo"))
        self._announcer = Announcer(self.note)
        self._name_parts()
        self._lay_out()
        self._connect()
        self.follow_drawing(Drawing())

    @Slot(object)
    def show_offer(self, digit: int | None) -> None:
        """Offer the digit that was read, or none."""
        self._offer = digit
        self._enable()
        text = self.tr("Keep") if digit is None else self.tr("Keep as {digit}").format(digit=digit)
        self.keep_button.setText(text)

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer to keep what is drawn, if anything is."""
        self._has_drawing = bool(drawing)
        if drawing:
            self._parts.setCurrentWidget(self._offers)
            self._enable()
        else:
            self.show_offer(None)

    def set_drawing_shown(self, *, shown: bool) -> None:
        """Offer nothing while something else is read and shown than the drawing."""
        self._is_drawing_shown = shown
        self._enable()

    def show_kept(self, label: int) -> None:
        """Say, until the next stroke, what the drawing was kept as; it can be undone."""
        text = self.tr("Kept as {digit}").format(digit=label)
        self.note.setText(f"\u2713 {text}")
        self._announcer.say(text)
        self._parts.setCurrentWidget(self._acknowledgement)

    def _enable(self) -> None:
        can_keep = self._has_drawing and self._is_drawing_shown
        self.other_button.setEnabled(can_keep)
        for action in self.actions_offered.labels:
            action.setEnabled(can_keep)
        can_confirm = can_keep and self._offer is not None
        self.keep_button.setEnabled(can_confirm)
        self.actions_offered.confirm.setEnabled(can_confirm)

    @Slot()
    def _confirm(self) -> None:
        if self._offer is not None:
            self.keep_requested.emit(self._offer)

    def _connect(self) -> None:
        actions = self.actions_offered
        actions.confirm.triggered.connect(self._confirm)
        for digit, action in enumerate(actions.labels):
            action.triggered.connect(partial(self._keep_as, digit))
        self.keep_button.clicked.connect(self._confirm)
        self.undo_button.clicked.connect(self.undo_requested)

    def _keep_as(self, digit: int) -> None:
        self.keep_requested.emit(digit)

    def _name_parts(self) -> None:
        self.setObjectName("keep_row")
        self.keep_button.setObjectName("keep_button")
        self.keep_button.setAccessibleName(self.tr("Keep among my digits as the digit read"))
        self.keep_button.setToolTip(
            self.tr("Keep the drawing among your digits as what it was read as (Enter).")
        )
        self.other_button.setObjectName("keep_as_button")
        self.other_button.setAccessibleName(self.tr("Keep among my digits as another digit"))
        self.other_button.setToolTip(
            self.tr("Keep the drawing among your digits as another one (keys 0 to 9).")
        )
        self.other_button.setMenu(self.menu)
        self.note.setObjectName("kept_note")
        self.undo_button.setObjectName("unkeep_button")
        self.undo_button.setAccessibleName(self.tr("Undo keeping the drawing"))
        self.undo_button.setToolTip(
            self.tr("Keep it no longer, and put it back on the canvas (Ctrl+Z).")
        )

    def _lay_out(self) -> None:
        self._offers = _row(self.keep_button, self.other_button)
        self._acknowledgement = _row(self.note, self.undo_button)
        self._parts = QStackedLayout(self)
        self._parts.addWidget(self._offers)
        self._parts.addWidget(self._acknowledgement)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


def _action(parent: QObject, text: str, *keys: str) -> QAction:
    action = QAction(text, parent)
    action.setShortcuts([QKeySequence(key) for key in keys])
    # Elsewhere the same keys type numbers and press buttons.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setAutoRepeat(False)
    return action


def _row(wide: QWidget, narrow: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(wide, stretch=3)
    layout.addWidget(narrow, stretch=2)
    return row
