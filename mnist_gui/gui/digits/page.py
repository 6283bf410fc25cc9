"""The page of the user's digits."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import DigitsChange, UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import ChoiceField
from mnist_gui.gui.common.labels import AccuracyFigure, Banner, count, heading, paragraph
from mnist_gui.gui.common.qt import Announcer, column, named, row, widget_with
from mnist_gui.gui.common.values import network_title
from mnist_gui.gui.digits.gallery import DigitGallery
from mnist_gui.gui.digits.text import (
    DigitChoice,
    Order,
    Outcome,
    accuracy_text,
    change_text,
    digit_count,
)

# A button group gives numbers of its own below zero.
_ALL = CLASSES


class DigitBar(QWidget):
    """Says what was done, with a button that takes it back, or how many digits are selected."""

    def __init__(self, relabel_menu: QMenu) -> None:
        super().__init__()
        self.note = named(QLabel(), "digits_note")
        # A long sentence is cut here and whole in the tooltip; it must not widen the window.
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.undo_button = named(
            QPushButton(self.tr("Undo")),
            "undo_change_button",
            self.tr("Undo the last change of my digits"),
            self.tr("Take the last change back (Ctrl+Z in the gallery)."),
        )
        self.open_button = named(
            QPushButton(self.tr("Open")),
            "open_digit_button",
            self.tr("Open the digit on the canvas"),
            self.tr("Put the digit on the canvas (double click, Enter)."),
        )
        self.relabel_button = named(
            QPushButton(self.tr("Label as")),
            "relabel_button",
            self.tr("Label the selected digits anew"),
            self.tr("Say that they are another digit (keys 0 to 9)."),
        )
        self.relabel_button.setMenu(relabel_menu)
        self.delete_button = named(
            QPushButton(self.tr("Delete")),
            "delete_digits_button",
            self.tr("Delete the selected digits"),
            self.tr("Keep them no longer (Delete); can be undone."),
        )
        self._announcer = Announcer(self.note)
        self._for_selection = (self.open_button, self.relabel_button, self.delete_button)
        self.note.setWordWrap(True)
        buttons = Columns((self.undo_button, *self._for_selection), stretches=(0, 0, 0, 0))
        column(Columns((self.note, buttons), stretches=(1, 0)), parent=self)
        self.show_selection(0)
        self.show_note("")

    @Slot(int)
    def show_selection(self, number: int) -> None:
        """Offer what can be done with so many digits; while there are any, count them."""
        for button in self._for_selection:
            button.setEnabled(number > 0)
        if number > 1:
            self.show_note(self.tr("{digits} selected").format(digits=digit_count(number)))
        elif self.undo_button.isHidden():
            self.note.clear()

    def show_note(self, text: str, *, can_undo: bool = False) -> None:
        """Say what was done, and offer to take it back."""
        self.note.setText(text)
        self.note.setToolTip(text)
        self._announcer.say(text)
        self.undo_button.setVisible(can_undo)


class DigitFilterBar(QWidget):
    """A button for each digit with its count, and what is read right or wrong, and the order."""

    choice_changed = Signal()

    def __init__(self, *others: QWidget) -> None:
        """`others` stand in the same row as the fields."""
        super().__init__()
        self._labels = QButtonGroup(self)
        self.buttons = {label: self._label_button(label) for label in (_ALL, *range(CLASSES))}
        self.buttons[_ALL].setChecked(True)
        self.outcome = named(
            ChoiceField(),
            "outcome_box",
            self.tr("Right or wrong"),
            self.tr("Show what the current network reads right, or wrong."),
        )
        self.outcome.addItem(self.tr("Right and wrong"), Outcome.ANY.value)
        self.outcome.addItem(self.tr("Read wrong"), Outcome.WRONG.value)
        self.outcome.addItem(self.tr("Read right"), Outcome.RIGHT.value)
        self.order = named(
            ChoiceField(),
            "order_box",
            self.tr("Order"),
            self.tr("In what order: the hardest are those whose own digit is the least likely."),
        )
        self.order.addItem(self.tr("Newest first"), Order.NEWEST.value)
        self.order.addItem(self.tr("Oldest first"), Order.OLDEST.value)
        self.order.addItem(self.tr("By digit"), Order.LABEL.value)
        self.order.addItem(self.tr("Hardest first"), Order.HARDEST.value)
        labels = tuple(self.buttons.values())
        counts = Columns(labels, stretches=[1] * len(labels), spacing=3)
        choices = Columns((self.outcome, self.order), stretches=(0, 0))
        fields = Columns((choices, Columns(others, stretches=(0, 0))), stretches=(1, 0))
        layout = column(counts, fields, parent=self, spacing=8)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.show_counts(())
        self._labels.idClicked.connect(self.choice_changed)
        self.outcome.currentIndexChanged.connect(self.choice_changed)
        self.order.currentIndexChanged.connect(self.choice_changed)

    def _label_button(self, label: int) -> QToolButton:
        button = QToolButton(checkable=True)
        is_to_be(button, QAccessible.Role.RadioButton)
        named(button, "label_filter")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tip = self.tr("Show your digits {label} only.").format(label=label)
        button.setToolTip(self.tr("Show all your digits.") if label == _ALL else tip)
        self._labels.addButton(button, label)
        return button

    @property
    def choice(self) -> DigitChoice:
        """What is chosen."""
        label = self._labels.checkedId()
        return DigitChoice(
            None if label == _ALL else label,
            Outcome(self.outcome.currentData()),
            Order(self.order.currentData()),
        )

    def show_counts(self, digits: Sequence[UserDigit]) -> None:
        """Show how many digits there are of each label."""
        counts = np.bincount([digit.label for digit in digits], minlength=CLASSES).tolist()
        self._show_count(_ALL, self.tr("All"), len(digits))
        for label, number in enumerate(counts):
            self._show_count(label, str(label), number)

    def choose_all(self) -> None:
        """Show every digit."""
        self.buttons[_ALL].setChecked(True)
        self.outcome.choose(Outcome.ANY.value)

    def take_over(self, before: "DigitFilterBar") -> None:
        """Choose what is chosen in another bar."""
        self.buttons[before._labels.checkedId()].setChecked(True)
        self.outcome.choose(before.outcome.value())
        self.order.choose(before.order.value())

    def _show_count(self, label: int, title: str, number: int) -> None:
        button = self.buttons[label]
        button.setText(f"{title}\n{count(number)}")
        button.setAccessibleName(f"{title}: {digit_count(number)}")


class MyDigitsPage(QWidget):
    """Shows accuracy, counts and gallery of the digits; asks for what is to be done with them."""

    import_requested = Signal(str)
    export_requested = Signal(str, tuple)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("my_digits_page")
        self._digits = UserDigits()
        self._predictions: UserDigitPredictions | None = None
        self._is_stale = False
        self.figure = AccuracyFigure(decimals=1)
        named(
            self.figure.accuracy,
            "own_accuracy",
            self.tr("My accuracy"),
            self.tr("The share of your digits that the current network reads right."),
        )
        self.figure.words.setToolTip(
            self.tr("The 95 % confidence interval for the accuracy on digits of yours.")
        )
        self.import_button = QPushButton(
            self.tr("Import \u2026"), objectName="import_digits_button"
        )
        self.first_import_button = QPushButton(
            self.tr("Import drawings \u2026"), objectName="first_import_button"
        )
        for button in (self.import_button, self.first_import_button):
            button.setAccessibleName(self.tr("Import digits"))
            button.setToolTip(self.tr("Take labelled drawings from a file, each once."))
        self.export_button = named(
            QPushButton(self.tr("Export \u2026")),
            "export_digits_button",
            self.tr("Export digits"),
            self.tr("Write the digits shown to a file of drawings."),
        )
        self.banner = Banner()
        self.filters = DigitFilterBar(self.import_button, self.export_button)
        self.gallery = DigitGallery()
        self.nothing = paragraph()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = DigitBar(self.gallery.relabel_menu)
        self._lay_out()
        self._connect()
        self._refresh()

    # --- what the app tells --------------------------------------------------------------------

    @Slot(UserDigits)
    def show_digits(self, digits: UserDigits) -> None:
        """Show these digits."""
        self._digits = digits
        self.banner.show_text("")
        self._refresh()

    def show_predictions(self, predictions: UserDigitPredictions) -> None:
        """Show what the network predicts of the digits."""
        self._predictions = predictions
        self._refresh()

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Say how many of the digits have been predicted."""
        if self.isVisible():
            text = self.tr("Read {done} of {total} \u2026")
            self.figure.words.setText(text.format(done=count(done), total=count(total)))

    @Slot(DigitsChange)
    def show_change(self, change: DigitsChange) -> None:
        """Say what was done; it can be undone."""
        self.bar.show_note(change_text(change), can_undo=True)

    def add_row(self, row: QWidget) -> None:
        """Put something beneath the accuracy."""
        self._rows.insertWidget(1, row)

    # --- what is shown -------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show everything anew, which takes time for many digits: only while the page is seen."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        self._parts.setCurrentWidget(self._content if self._digits.digits else self._invitation)
        self.filters.show_counts(self._digits.digits)
        self._show_accuracy()
        self._show_gallery()

    @Slot()
    def _show_gallery(self) -> None:
        digits = self.filters.choice.of(self._digits.digits, self._predictions)
        self.gallery.show_digits(digits, self._predictions)
        if not digits:
            self.nothing.setText(self._why_nothing())
        self._views.setCurrentWidget(self.gallery if digits else self.nothing)
        self.export_button.setEnabled(bool(digits))

    def _why_nothing(self) -> str:
        choice = self.filters.choice
        if choice.label is not None and choice.outcome is Outcome.ANY:
            return self.tr("You have kept no {digit} yet.").format(digit=choice.label)
        if self._predictions is None:
            return self.tr("Your digits are not read yet.")
        if choice.outcome is Outcome.WRONG:
            return self.tr("None of them is read wrong.")
        return self.tr("None of them is read right.")

    def _show_accuracy(self) -> None:
        predictions = self._predictions
        evaluation = predictions.evaluation(self._digits.digits) if predictions else None
        if predictions is None or evaluation is None:
            self.figure.show_share(None)
            self.figure.title.setText(self.tr("My accuracy"))
            self.figure.words.setText(self.tr("Not read yet: a network reads them once loaded."))
            return
        self.figure.show_share(evaluation.accuracy)
        self.figure.title.setText(network_title(predictions.network, predictions.step))
        self.figure.words.setText(accuracy_text(evaluation, predictions.network))

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while the page was not seen."""
        super().showEvent(event)
        if self._is_stale:
            self._refresh()
        self.shown.emit()

    # --- what the user asks --------------------------------------------------------------------

    @Slot()
    def _import(self) -> None:
        if path := dialogs.ask_digits_to_import(self):
            self.import_requested.emit(path)

    @Slot()
    def _export_shown(self) -> None:
        self._export(tuple(self.gallery.digits_shown.digits))

    @Slot(tuple)
    def _export(self, digits: tuple[UserDigit, ...]) -> None:
        if path := dialogs.ask_digits_to_export(self):
            self.export_requested.emit(path, digits)

    def _connect(self) -> None:
        self.import_button.clicked.connect(self._import)
        self.first_import_button.clicked.connect(self._import)
        self.export_button.clicked.connect(self._export_shown)
        self.filters.choice_changed.connect(self._show_gallery)
        gallery, bar = self.gallery, self.bar
        gallery.export_requested.connect(self._export)
        gallery.selection_changed.connect(bar.show_selection)
        bar.open_button.clicked.connect(gallery.open_current)
        bar.delete_button.clicked.connect(gallery.delete_selected)

    # --- putting together ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._views = QStackedLayout()
        self._views.addWidget(self.gallery)
        self._views.addWidget(self.nothing)
        self._rows = column(self.figure, self.filters, (self._views, 1), self.bar, spacing=10)
        self._content, self._invitation = widget_with(self._rows), self._empty()
        self._parts = QStackedLayout()
        self._parts.addWidget(self._invitation)
        self._parts.addWidget(self._content)
        column(self.banner, (self._parts, 1), parent=self, spacing=10, margins=(12, 12, 12, 10))

    def _empty(self) -> QWidget:
        text = paragraph(
            self.tr(
                "How well does a network read your hand? Draw a digit on the canvas. Enter saves "
                "it as what was read, a key from 0 to 9 as the digit that it is.\n\nWhat you save "
                "appears here, with your accuracy for every network. It stays on this computer."
            )
        )
        button = (self.first_import_button, Qt.AlignmentFlag.AlignLeft)
        title = heading(self.tr("Your own digits"))
        lines = widget_with(column(2, title, text, button, 3, spacing=12))
        # Short lines are easy to read.
        lines.setMaximumWidth(440)
        return widget_with(row(0, (lines, 4), 0, margins=(9, 9, 9, 9)))

    def sizeHint(self) -> QSize:
        """Comfortable for some rows of digits."""
        return QSize(560, 520)
