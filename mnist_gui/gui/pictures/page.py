"""The page for photos and scans."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.labels import NumberLines, caption, heading, paragraph
from mnist_gui.gui.common.qt import Announcer
from mnist_gui.gui.pictures.view import PictureView, describe_digit, summarize

_CORNER = 10.0


class PictureInvitation(QWidget):
    """A dashed frame to drop a picture into, with buttons for the other ways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading(self.tr("Drop a photo or scan of digits here"))
        self.message = caption()
        self.open_button = QPushButton(self.tr("Open picture \u2026"))
        self.paste_button = QPushButton(self.tr("Paste"))
        self._hint = self.tr(
            "One digit or rows of them, dark on light or light on dark: "
            "PNG, JPEG, BMP, GIF or WebP. Nothing leaves your computer."
        )
        self._name_parts()
        self._lay_out()
        self.show_message("")

    def show_message(self, text: str) -> None:
        """Show what is under way, or what pictures are welcome if it is empty."""
        self.message.setText(text or self._hint)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), _CORNER, _CORNER)
        painter.end()

    def _name_parts(self) -> None:
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() + 4)
        self.title.setFont(font)
        self.message.setObjectName("picture_invitation_message")
        self.title.setWordWrap(True)
        self.message.setWordWrap(True)
        self.open_button.setObjectName("open_picture_button")
        self.open_button.setAccessibleName(self.tr("Open a picture"))
        self.open_button.setToolTip(self.tr("Choose a picture file (Ctrl+Shift+O)"))
        self.paste_button.setObjectName("paste_picture_button")
        self.paste_button.setAccessibleName(self.tr("Paste a picture"))
        self.paste_button.setToolTip(self.tr("Read the picture that was copied last (Ctrl+V)"))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.paste_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 20, 48, 20)
        layout.setSpacing(12)
        layout.addStretch()
        for label in (self.title, self.message):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addLayout(buttons)
        layout.addStretch()


class PicturePage(QWidget):
    """Shows one picture with its reading, or invites to bring one.

    `digit_shown` carries the selected digit and its prediction, again when a newer network reads
    it; `digit_left` says that none is selected any more.
    """

    open_requested = Signal()
    paste_requested = Signal()
    close_requested = Signal()
    digit_shown = Signal(FoundDigit, Prediction)
    digit_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: PicturePrediction | None = None
        self._name = ""
        self.numbers = NumberLines()
        self.title = caption()
        self.message = paragraph()
        self.view = PictureView()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.close_button = QPushButton(self.tr("Close"))
        self.invitation = PictureInvitation()
        self._stack = QStackedWidget()
        self._announcer = Announcer(self.view)
        self._name_parts()
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def selected(self) -> tuple[FoundDigit, Prediction] | None:
        """The selected digit and what it is read as."""
        if self._reading is None or self.view.selected is None:
            return None
        index = self.view.selected
        return self._reading.digits[index], self._reading.predictions[index]

    @Slot(str)
    def show_opening(self, name: str) -> None:
        """Say that a picture is being opened; the one before stays meanwhile."""
        text = self.tr("Reading {name} \u2026").format(name=name)
        self.title.setText(text)
        self.invitation.show_message(text)

    @Slot(Picture, str)
    def show_picture(self, picture: Picture, name: str) -> None:
        """Show a picture that is not read yet."""
        self._name = name
        self._show(picture.colours)
        self.title.setText(self.tr("Reading {name} \u2026").format(name=name))

    @Slot(PicturePrediction)
    def show_reading(self, reading: PicturePrediction) -> None:
        """Show what is read; the first digit of a new picture is selected."""
        is_first = self._reading is None
        self._reading = reading
        self._show_message("")
        self.numbers.show_lines(reading.rows)
        self.copy_button.setEnabled(True)
        self.title.setText(f"{self._name} \u00b7 {summarize(reading)}")
        self.view.show_reading(reading)
        self._announcer.say(self.tr("Picture read: {rows}").format(rows="; ".join(reading.rows)))
        if is_first:
            self.view.select(0)
        elif self.selected is not None:
            self.digit_shown.emit(*self.selected)

    @Slot(str)
    def show_nothing_found(self, reason: str) -> None:
        """Say why there are no digits in the picture that is shown."""
        self.title.setText(self._name)
        self._show_message(reason)

    @Slot()
    def show_network_missing(self) -> None:
        """Say that the digits cannot be read for want of a network."""
        self.title.setText(self._name)
        self._show_message(self.tr("No network yet: start a training run or open a network."))

    @Slot()
    def show_failure(self) -> None:
        """Say no longer that a picture is being opened: it could not be."""
        self.invitation.show_message("")
        if self._reading is not None:
            self.title.setText(f"{self._name} \u00b7 {summarize(self._reading)}")
        else:
            self.title.setText(self._name)

    @Slot()
    def clear(self) -> None:
        """Show no picture but how to bring one."""
        self._name = ""
        self._show(None)

    @Slot()
    def select_none(self) -> None:
        """Select no digit."""
        if self.view.selected is not None:
            self.view.select(None)

    def _show(self, colours: NDArray[np.uint8] | None) -> None:
        self._reading = None
        self.select_none()
        self.view.show_picture(colours)
        self.numbers.show_lines(())
        self.copy_button.setEnabled(False)
        self._show_message("")
        self.invitation.show_message("")
        self._stack.setCurrentIndex(0 if colours is None else 1)

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.numbers.setVisible(not text)
        if text:
            self._announcer.say(text)

    @Slot(object)
    def _tell_selected(self, index: int | None) -> None:
        if self._reading is None or index is None:
            self.digit_left.emit()
            return
        self._announcer.say(describe_digit(self._reading, index))
        self.digit_shown.emit(self._reading.digits[index], self._reading.predictions[index])

    @property
    def text(self) -> str:
        """What is read in the picture, a line for each row; "" while there is nothing."""
        return self._reading.text if self._reading is not None else ""

    @Slot()
    def _copy(self) -> None:
        if self._reading is not None:
            QGuiApplication.clipboard().setText(self._reading.text)

    def _connect(self) -> None:
        self.view.selection_changed.connect(self._tell_selected)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close_requested)
        self.invitation.open_button.clicked.connect(self.open_requested)
        self.invitation.paste_button.clicked.connect(self.paste_requested)

    def _name_parts(self) -> None:
        self.title.setObjectName("picture_title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.message.setObjectName("picture_message")
        self.copy_button.setObjectName("copy_number_button")
        self.copy_button.setAccessibleName(self.tr("Copy the number"))
        self.copy_button.setToolTip(self.tr("Copy what is read, each row on a line of its own"))
        self.close_button.setObjectName("close_picture_button")
        self.close_button.setAccessibleName(self.tr("Close the picture"))
        self.close_button.setToolTip(self.tr("Close the picture"))

    def _lay_out(self) -> None:
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        layout.addWidget(self.view, stretch=1)
        self._stack.addWidget(self.invitation)
        self._stack.addWidget(shown)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addWidget(self._stack)

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.numbers)
        words.addWidget(self.message)
        words.addWidget(self.title)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(words, stretch=1)
        for button in (self.copy_button, self.close_button):
            head.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        return head
