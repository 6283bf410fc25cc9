"""The page of the user's digits."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.digits.model import DigitsChange, UserDigit, UserDigitPredictions, UserDigits
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.common.fields import ChoiceField
from mnist_gui.gui.common.labels import AccuracyFigure, Banner, count, heading, paragraph
from mnist_gui.gui.common.qt import Announcer
from mnist_gui.gui.digits.gallery import DigitGallery
from mnist_gui.gui.digits.text import (
    DigitChoice,
    Order,
    Outcome,
    accuracy_words,
    change_words,
    digits_counted,
    network_words,
)

# A button group gives numbers of its own below zero.
_ALL = CLASSES


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


class DigitFilterBar(QWidget):
    """A button for each digit with its count, and what is read right or wrong, and the order."""

    choice_changed = Signal(DigitChoice)

    def __init__(self, *others: QWidget) -> None:
        """`others` stand in the same row as the fields."""
        super().__init__()
        self._labels = QButtonGroup(self)
        self.buttons = {label: QToolButton() for label in (_ALL, *range(CLASSES))}
        self.outcome = ChoiceField()
        self.order = ChoiceField()
        self._fill()
        self._name_parts()
        self._lay_out(others)
        self.show_counts(())
        self._labels.idClicked.connect(self._tell)
        self.outcome.currentIndexChanged.connect(self._tell)
        self.order.currentIndexChanged.connect(self._tell)

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

    def _show_count(self, label: int, title: str, number: int) -> None:
        button = self.buttons[label]
        button.setText(f"{title}\n{count(number)}")
        button.setAccessibleName(f"{title}: {digits_counted(number)}")

    @Slot()
    def _tell(self) -> None:
        self.choice_changed.emit(self.choice)

    def _fill(self) -> None:
        for label, button in self.buttons.items():
            button.setCheckable(True)
            button.setObjectName("label_filter")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(
                self.tr("Show all your digits.")
                if label == _ALL
                else self.tr("Show your digits {label} only.").format(label=label)
            )
            self._labels.addButton(button, label)
        self.buttons[_ALL].setChecked(True)
        self.outcome.addItem(self.tr("Right and wrong"), Outcome.ANY.value)
        self.outcome.addItem(self.tr("Read wrong"), Outcome.WRONG.value)
        self.outcome.addItem(self.tr("Read right"), Outcome.RIGHT.value)
        self.order.addItem(self.tr("Newest first"), Order.NEWEST.value)
        self.order.addItem(self.tr("Oldest first"), Order.OLDEST.value)
        self.order.addItem(self.tr("By digit"), Order.LABEL.value)
        self.order.addItem(self.tr("Hardest first"), Order.HARDEST.value)

    def _name_parts(self) -> None:
        self.outcome.setObjectName("outcome_box")
        self.outcome.setAccessibleName(self.tr("Right or wrong"))
        self.outcome.setToolTip(self.tr("Show what the current network reads right, or wrong."))
        self.order.setObjectName("order_box")
        self.order.setAccessibleName(self.tr("Order"))
        self.order.setToolTip(
            self.tr("In what order: the hardest are those whose own digit is the least likely.")
        )

    def _lay_out(self, others: Sequence[QWidget]) -> None:
        labels = QHBoxLayout()
        labels.setSpacing(3)
        for button in self.buttons.values():
            labels.addWidget(button)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.outcome)
        fields.addWidget(self.order)
        fields.addStretch()
        for other in others:
            fields.addWidget(other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(labels)
        layout.addLayout(fields)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)


class MyDigitsPage(QWidget):
    """Shows accuracy, counts and gallery of the digits; asks for what is to be done with them.

    `shown` tells that the page has come to the front.
    """

    import_requested = Signal(str)
    export_requested = Signal(str, tuple)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept = UserDigits()
        self._reading: UserDigitPredictions | None = None
        self._is_stale = False
        self.figure = AccuracyFigure(decimals=1)
        self.import_button = QPushButton(self.tr("Import \u2026"))
        self.export_button = QPushButton(self.tr("Export \u2026"))
        self.first_import_button = QPushButton(self.tr("Import drawings \u2026"))
        self.banner = Banner()
        self.filters = DigitFilterBar(self.import_button, self.export_button)
        self.gallery = DigitGallery()
        self.nothing = paragraph()
        self.bar = DigitBar(self.gallery.relabel_menu)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._refresh()

    # --- what the app tells --------------------------------------------------------------------

    @Slot(UserDigits)
    def show_digits(self, kept: UserDigits) -> None:
        """Show what is kept now."""
        self._kept = kept
        self.banner.show_text("")
        self._refresh()

    @Slot(UserDigitPredictions)
    def show_reading(self, reading: UserDigitPredictions) -> None:
        """Show how the digits are read."""
        self._reading = reading
        self._refresh()

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Say how many of the digits are read by now."""
        if self.isVisible():
            text = self.tr("Read {done} of {total} \u2026")
            self.figure.words.setText(text.format(done=count(done), total=count(total)))

    @Slot(object)
    def add_images(self, images: Mapping[str, NDArray[np.uint8]]) -> None:
        """Show images (28, 28) that were made, by their digits' identities."""
        self.gallery.digits_shown.add_images(images)

    @Slot(DigitsChange)
    def show_change(self, change: DigitsChange) -> None:
        """Say what was done; it can be undone."""
        self.bar.show_note(change_words(change), can_undo=True)

    @Slot(str)
    def show_problem(self, sentence: str) -> None:
        """Say why the digits cannot be read."""
        self.banner.show_text(sentence)

    def add_row(self, row: QWidget) -> None:
        """Put something beneath the accuracy."""
        self._rows.insertWidget(1, row)

    # --- what is shown -------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show everything anew; of many digits that takes its time, so only if it is seen."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        self._parts.setCurrentWidget(self._content if self._kept.digits else self._invitation)
        self.filters.show_counts(self._kept.digits)
        self._show_accuracy()
        self._show_gallery()

    @Slot()
    def _show_gallery(self) -> None:
        digits = self.filters.choice.of(self._kept.digits, self._reading)
        self.gallery.show_digits(digits, self._reading)
        if not digits:
            self.nothing.setText(self._why_nothing())
        self._views.setCurrentWidget(self.gallery if digits else self.nothing)
        self.export_button.setEnabled(bool(digits))

    def _why_nothing(self) -> str:
        choice = self.filters.choice
        if choice.label is not None and choice.outcome is Outcome.ANY:
            return self.tr("You have kept no {digit} yet.").format(digit=choice.label)
        if self._reading is None:
            return self.tr("Your digits are not read yet.")
        if choice.outcome is Outcome.WRONG:
            return self.tr("None of them is read wrong.")
        return self.tr("None of them is read right.")

    def _show_accuracy(self) -> None:
        reading = self._reading
        evaluation = reading.evaluation(self._kept.digits) if reading else None
        if reading is None or evaluation is None:
            self.figure.show_share(None)
            self.figure.title.setText(self.tr("My accuracy"))
            self.figure.words.setText(self.tr("Not read yet: a network reads them once loaded."))
            return
        self.figure.show_share(evaluation.accuracy)
        self.figure.title.setText(network_words(reading.network, reading.step))
        self.figure.words.setText(accuracy_words(evaluation, reading.network))

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while the page was not seen."""
        super().showEvent(event)
        if self._is_stale:
            self._refresh()
        self.shown.emit()

    # --- what the user asks --------------------------------------------------------------------

    @Slot()
    def _import(self) -> None:
        path = file_questions.ask_digits_to_import(self)
        if path:
            self.import_requested.emit(path)

    @Slot()
    def _export_shown(self) -> None:
        self._export(tuple(self.gallery.digits_shown.digits))

    @Slot(tuple)
    def _export(self, digits: tuple[UserDigit, ...]) -> None:
        path = file_questions.ask_digits_to_export(self)
        if path:
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
        bar.undo_button.clicked.connect(gallery.undo_requested)

    # --- putting together ----------------------------------------------------------------------

    def _name_parts(self) -> None:
        self.setObjectName("my_digits_page")
        self.figure.accuracy.setObjectName("own_accuracy")
        self.figure.accuracy.setAccessibleName(self.tr("My accuracy"))
        self.figure.accuracy.setToolTip(
            self.tr("The share of your digits that the current network reads right.")
        )
        self.figure.words.setToolTip(
            self.tr("The 95 % confidence interval for the accuracy on digits of yours.")
        )
        for button in (self.import_button, self.first_import_button):
            button.setAccessibleName(self.tr("Import digits"))
            button.setToolTip(self.tr("Take labelled drawings from a file, each once."))
        self.import_button.setObjectName("import_digits_button")
        self.first_import_button.setObjectName("first_import_button")
        self.export_button.setObjectName("export_digits_button")
        self.export_button.setAccessibleName(self.tr("Export digits"))
        self.export_button.setToolTip(self.tr("Write the digits shown to a file of drawings."))

    def _lay_out(self) -> None:
        self._content, self._invitation = self._filled(), self._empty()
        self._parts = QStackedLayout()
        self._parts.addWidget(self._invitation)
        self._parts.addWidget(self._content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(10)
        layout.addWidget(self.banner)
        layout.addLayout(self._parts, stretch=1)

    def _filled(self) -> QWidget:
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views = QStackedLayout()
        self._views.addWidget(self.gallery)
        self._views.addWidget(self.nothing)
        content = QWidget()
        self._rows = layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.figure)
        layout.addWidget(self.filters)
        layout.addLayout(self._views, stretch=1)
        layout.addWidget(self.bar)
        return content

    def _empty(self) -> QWidget:
        title = heading(self.tr("Your own digits"))
        words = paragraph(
            self.tr(
                "How well does a network read your hand? Draw a digit on the right. Enter keeps "
                "it as what was read, a key from 0 to 9 as the digit that it is.\n\nWhat you keep "
                "appears here, with your accuracy for every network. It stays on this computer."
            )
        )
        lines = QWidget()
        # Short lines are read with ease.
        lines.setMaximumWidth(440)
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(words)
        column.addWidget(self.first_import_button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(3)
        page = QWidget()
        row = QHBoxLayout(page)
        row.addStretch()
        row.addWidget(lines, stretch=4)
        row.addStretch()
        return page

    def sizeHint(self) -> QSize:
        """Comfortable for some rows of digits."""
        return QSize(560, 520)
