"""The page "My digits": what the user has kept, and how well the current network reads it."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from mnist_gui.engine.digits.model import DigitsChange, DigitsKept, KeptDigit, OwnReading
from mnist_gui.widgets import file_questions
from mnist_gui.widgets.accuracy_figure import AccuracyFigure
from mnist_gui.widgets.banner import Banner
from mnist_gui.widgets.labels import heading, paragraph
from mnist_gui.widgets.my_digits.digit_bar import DigitBar
from mnist_gui.widgets.my_digits.digit_choice import Outcome
from mnist_gui.widgets.my_digits.digit_filter_bar import DigitFilterBar
from mnist_gui.widgets.my_digits.digit_gallery import DigitGallery
from mnist_gui.widgets.my_digits.digit_words import (
    accuracy_words,
    change_words,
    faults_words,
    network_words,
)
from mnist_gui.widgets.number_text import count


class MyDigitsPage(QWidget):
    """Shows accuracy, counts and gallery of the digits; asks for what is to be done with them.

    `shown` tells that the page has come to the front.
    """

    import_requested = Signal(str)
    export_requested = Signal(str, tuple)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept = DigitsKept()
        self._reading: OwnReading | None = None
        self._is_stale = False
        self.figure = AccuracyFigure(decimals=1)
        self.import_button = QPushButton(self.tr("Import \u2026"))
        self.export_button = QPushButton(self.tr("Export \u2026"))
        self.first_import_button = QPushButton(self.tr("Import drawings \u2026"))
        self.banner = Banner(QPushButton(self.tr("Put aside")))
        self.filters = DigitFilterBar(self.import_button, self.export_button)
        self.gallery = DigitGallery()
        self.nothing = paragraph()
        self.bar = DigitBar(self.gallery.relabel_menu)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._refresh()

    # --- what the app tells --------------------------------------------------------------------

    @Slot(DigitsKept)
    def show_digits(self, kept: DigitsKept) -> None:
        """Show what is kept now, and which lines of the file cannot be read."""
        self._kept = kept
        text = faults_words(kept.faults) if kept.faults else ""
        self.banner.show_text(text, with_offer=True)
        self._refresh()

    @Slot(OwnReading)
    def show_reading(self, reading: OwnReading) -> None:
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
        self.banner.show_text(sentence, with_offer=False)

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
    def _export(self, digits: tuple[KeptDigit, ...]) -> None:
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
        self.banner.offer.setObjectName("tidy_button")
        self.banner.offer.setAccessibleName(self.tr("Put aside the lines that cannot be read"))
        self.banner.offer.setToolTip(
            self.tr("Move them into a file of their own beside your digits; nothing is deleted.")
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
