"""The page for photos and scans."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import NumberLines, caption, enlarge, heading, paragraph
from mnist_gui.gui.common.qt import (
    ActionButton,
    Announcer,
    column,
    explain,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.pictures.view import PictureView, describe_digit, summarize

_CORNER = 10.0


class PictureDropArea(QWidget):
    """A dashed frame to drop a picture into, with buttons to open, paste or take one."""

    def __init__(self) -> None:
        super().__init__()
        self.title = heading(self.tr("Drop a photo or scan of digits here"))
        self.message = named(caption(), "picture_invitation_message")
        self.open_picture = QAction(
            self.tr("Open p&icture \u2026"),
            self,
            # By itself it would leave the dots out.
            iconText=self.tr("Open picture \u2026"),
            toolTip=self.tr("Choose a picture file"),
            shortcut=QKeySequence("Ctrl+Shift+O"),
        )
        self.paste_picture = QAction(
            self.tr("Pas&te picture"),
            self,
            iconText=self.tr("Paste"),
            toolTip=self.tr("Read the picture that was copied last"),
            shortcut=QKeySequence(QKeySequence.StandardKey.Paste),
        )
        self.use_camera = QAction(
            self.tr("Read with the ca&mera \u2026"),
            self,
            iconText=self.tr("Camera \u2026"),
            toolTip=self.tr("Hold a sheet with digits up to the camera and see them read"),
        )
        self._hint = self.tr(
            "One digit or rows of them, dark on light or light on dark: "
            "PNG, JPEG, BMP, GIF, WebP or TIFF. Nothing leaves your computer."
        )
        enlarge(self.title, 4)
        for label in (self.title, self.message):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        parts = (0, self.title, self.message, row(1, self._buttons(), 1), 0)
        column(*parts, parent=self, spacing=12, margins=(20, 20, 20, 20))
        self.show_message("")

    def _buttons(self) -> Columns:
        """Return the buttons of the three actions."""
        spoken = self.tr("Open a picture")
        self.open_button = ActionButton(self.open_picture, "open_picture_button", spoken)
        spoken = self.tr("Paste a picture")
        self.paste_button = ActionButton(self.paste_picture, "paste_picture_button", spoken)
        spoken = self.tr("Read with the camera")
        self.camera_button = ActionButton(self.use_camera, "camera_button", spoken)
        buttons = (self.open_button, self.paste_button, self.camera_button)
        return Columns(buttons, stretches=(0, 0, 0))

    def show_message(self, text: str) -> None:
        """Show a text, or what pictures can be opened if it is empty."""
        self.message.setText(text or self._hint)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), _CORNER, _CORNER)
        painter.end()


class PicturePage(QWidget):
    """Shows one picture with the digits predicted in it, or how to open one.

    `turn_requested` asks for the picture to be turned as was offered. `digit_shown` carries the
    selected digit and its prediction, again with each newer network; `digit_left` says that none
    is selected any more.
    """

    close_requested = Signal()
    turn_requested = Signal()
    digit_shown = Signal(FoundDigit, Prediction)
    digit_left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._prediction: PicturePrediction | None = None
        self._name = ""
        self.numbers = NumberLines()
        self.title = named(caption(), "picture_title")
        self.message = named(paragraph(), "picture_message")
        self.remark = named(paragraph(), "picture_remark")
        self.turn_button = QPushButton(self.tr("Turn the picture"))
        self.view = PictureView()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.close_button = QPushButton(self.tr("Close"))
        self.save_row = SaveDigitRow()
        self.invitation = PictureDropArea()
        self._stack = QStackedWidget()
        self._announcer = Announcer(self.view)
        self._name_parts()
        self._lay_out()
        self.view.selection_changed.connect(self._report_selected)
        self.view.menu_requested.connect(self._open_menu)
        self.view.addActions([self.save_row.confirm, *self.save_row.labels])
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close_requested)
        self.turn_button.clicked.connect(self.turn_requested)
        self.clear()

    @property
    def selected(self) -> tuple[FoundDigit, Prediction] | None:
        """The selected digit and its prediction."""
        if self._prediction is None or self.view.selected is None:
            return None
        index = self.view.selected
        return self._prediction.digits[index], self._prediction.predictions[index]

    def show_opening(self, name: str) -> None:
        """Say that a picture is being opened; the one before stays meanwhile."""
        self.title.setText(self.tr("Reading {name} \u2026").format(name=name))
        self.invitation.show_message(self.title.text())

    def show_picture(self, picture: Picture, name: str) -> None:
        """Show a picture whose digits are not predicted yet."""
        self._name = name
        self._show(picture.colours)
        self.title.setText(self.tr("Reading {name} \u2026").format(name=name))

    def show_prediction(self, prediction: PicturePrediction) -> None:
        """Show the predictions; select the first digit of a new picture."""
        is_first = self._prediction is None
        self._prediction = prediction
        self._show_message("")
        self.numbers.show_lines(prediction.rows)
        self.copy_button.setEnabled(True)
        self._show_title()
        self.view.show_prediction(prediction)
        self._announcer.say(self.tr("Picture read: {rows}").format(rows="; ".join(prediction.rows)))
        if is_first:
            self.view.select(0)
        elif self.selected is not None:
            self.digit_shown.emit(*self.selected)

    def show_remark(self, text: str) -> None:
        """Say something of the picture that is shown."""
        self.remark.setText(text)
        self.remark.setVisible(bool(text))
        if text:
            self._announcer.say(text)

    def offer_turn(self) -> None:
        """Offer to turn the picture that is shown."""
        self.show_remark(self.tr("The digits read much better when the picture is turned."))
        self.turn_button.show()

    @Slot(str)
    def show_nothing_found(self, reason: str) -> None:
        """Say why there are no digits in the picture that is shown."""
        self.title.setText(self._name)
        self._show_message(reason)

    def show_failure(self) -> None:
        """Stop saying that a picture is being opened, as it could not be."""
        self.invitation.show_message("")
        self._show_title()

    @Slot()
    def clear(self) -> None:
        """Show no picture but how to open one."""
        self._name = ""
        self._show(None)

    def select_none(self) -> None:
        """Select no digit."""
        if self.view.selected is not None:
            self.view.select(None)

    def _show(self, colours: NDArray[np.uint8] | None) -> None:
        self._prediction = None
        self.select_none()
        self.view.show_picture(colours)
        self.numbers.show_lines(())
        self.copy_button.setEnabled(False)
        self._show_message("")
        self.show_remark("")
        self.turn_button.hide()
        self.invitation.show_message("")
        self._stack.setCurrentIndex(0 if colours is None else 1)

    def _show_title(self) -> None:
        summary = "" if self._prediction is None else f" \u00b7 {summarize(self._prediction)}"
        self.title.setText(self._name + summary)

    def _show_message(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.numbers.setVisible(not text)
        if text:
            self._announcer.say(text)

    @Slot(object)
    def _report_selected(self, index: int | None) -> None:
        if self._prediction is None or index is None:
            self.digit_left.emit()
            return
        self._announcer.say(describe_digit(self._prediction, index))
        self.digit_shown.emit(self._prediction.digits[index], self._prediction.predictions[index])

    @property
    def text(self) -> str:
        """The predicted digits, a line for each row; "" without any."""
        return self._prediction.text if self._prediction is not None else ""

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("picture_menu")
        menu.addAction(self.save_row.confirm)
        menu.addMenu(self.save_row.menu)
        menu.addSeparator()
        menu.addAction(self.tr("&Copy the number")).triggered.connect(self._copy)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _name_parts(self) -> None:
        saving = self.save_row
        saving.setObjectName("picture_save_row")
        for part, name in (
            (saving.note, "saved_picture_digit_note"),
            (saving.save_button, "save_picture_digit_button"),
            (saving.other_button, "save_picture_digit_as_button"),
            (saving.undo_button, "unsave_picture_digit_button"),
        ):
            part.setObjectName(name)
        saving.confirm.setToolTip(self.tr("Save the digit to My digits as what it was read as"))
        tip = self.tr("Save the digit to My digits as a different one (keys 0 to 9).")
        explain(saving.other_button, tip)
        explain(saving.undo_button, self.tr("Remove the digit from My digits (Ctrl+Z)."))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        named(self.copy_button, "copy_number_button", self.tr("Copy the number"))
        self.copy_button.setToolTip(self.tr("Copy what is read, each row on a line of its own"))
        named(self.turn_button, "turn_picture_button", self.tr("Turn the picture"))
        self.turn_button.setToolTip(self.tr("Turn the picture so that its digits stand upright"))
        named(self.close_button, "close_picture_button", self.tr("Close the picture"))
        self.close_button.setToolTip(self.tr("Close the picture"))

    def _lay_out(self) -> None:
        texts = widget_with(column(self.numbers, self.message, self.title, spacing=2))
        buttons = Columns((self.copy_button, self.close_button), stretches=(0, 0))
        head = Columns((texts, widget_with(column(buttons, 1))), stretches=(1, 0))
        self._stack.addWidget(self.invitation)
        offer = Columns((self.remark, self.turn_button), stretches=(1, 0))
        parts = column(head, offer, (self.view, 1), self.save_row, spacing=8)
        self._stack.addWidget(widget_with(parts))
        column(self._stack, parent=self, margins=(12, 12, 12, 12))
