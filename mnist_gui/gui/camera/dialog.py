"""The dialog that shows what the camera sees and what is read there."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QDialog, QPushButton, QStackedWidget, QWidget

from mnist_gui.engine.pictures.result import FoundDigit, PicturePrediction
from mnist_gui.gui.common.fields import ChoiceField
from mnist_gui.gui.common.labels import LargeLabel, caption, enlarge, paragraph
from mnist_gui.gui.common.qt import Announcer, column, explain, named, row
from mnist_gui.gui.pictures.view import PictureView

_SIZE = QSize(720, 640)
# The part of the picture, across and down, that is read: the sheet is to fill it, so that the
# room and the hands are not taken for ink.
_FRAME = 0.7
_VEIL = QColor(0, 0, 0, 120)
_CORNER = 12.0
_READING_POINTS = 36
_MORE_POINTS = 2
_MIRRORED_KEY = "camera/mirrored"


def frame_of(size: QSize) -> QRect:
    """Return the part of a picture of this size that is read."""
    frame = QRect(0, 0, round(size.width() * _FRAME), round(size.height() * _FRAME))
    frame.moveCenter(QRect(0, 0, size.width(), size.height()).center())
    return frame


class CameraView(PictureView):
    """Shows what the camera sees, a frame to hold the sheet in, and what is read in it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_mirrored = False
        # Nothing in it can be chosen, so there is no tip.
        named(self, "camera_view", self.tr("What the camera sees"))
        explain(self, "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_frame(self, picture: QImage) -> None:
        """Show a newer picture; what was read stays."""
        sideways = Qt.Orientation.Horizontal
        self._picture = picture.flipped(sideways) if self.is_mirrored else picture
        self.update()

    def show_reading(self, reading: PicturePrediction | None) -> None:
        """Mark the digits, whose boxes are shares of the frame."""
        if reading is not None:
            reading = replace(reading, digits=tuple(map(self._in_picture, reading.digits)))
        self.show_prediction(reading)

    def _in_picture(self, digit: FoundDigit) -> FoundDigit:
        """Return a digit of the frame with its place in the picture that is shown."""
        left, top, right, bottom = ((1 - _FRAME) / 2 + _FRAME * edge for edge in digit.box)
        if self.is_mirrored:
            left, right = 1 - right, 1 - left
        return replace(digit, box=(left, top, right, bottom))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture with its marks, darker outside the frame."""
        super().paintEvent(event)
        area = self._picture_rect()
        if area.isEmpty():
            return
        frame = QRectF(0, 0, area.width() * _FRAME, area.height() * _FRAME)
        frame.moveCenter(area.center())
        outside = QPainterPath()
        outside.addRect(area)
        outside.addRoundedRect(frame, _CORNER, _CORNER)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside, _VEIL)
        painter.setPen(QPen(Qt.GlobalColor.white, 2))
        painter.drawRoundedRect(frame, _CORNER, _CORNER)
        painter.end()


class CameraDialog(QDialog):
    """Shows the live picture with what is read in it, or why there is none.

    `camera_chosen` carries the place of a camera among those shown; `take_requested` asks to keep
    the picture that was read last.
    """

    camera_chosen = Signal(int)
    take_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("camera_dialog")
        self.setWindowTitle(self.tr("Read with the camera"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view = CameraView()
        self.message = named(paragraph(self.tr("Starting the camera \u2026")), "camera_message")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        enlarge(self.message, _MORE_POINTS)
        self.reading = named(LargeLabel(), "camera_reading", self.tr("Number read"))
        hint = self.tr(
            "Hold a sheet with digits up to the camera so that it fills the frame. "
            "Only what is inside the frame is read."
        )
        self.hint = named(caption(hint), "camera_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self._announcer = Announcer(self.reading)
        self._make_controls()
        self._lay_out()
        self.show_reading(None)

    def _make_controls(self) -> None:
        tip = self.tr("Choose the camera to read with")
        self.choice = named(ChoiceField(), "camera_choice", self.tr("Camera"), tip)
        self.choice.hide()
        self.choice.activated.connect(self.camera_chosen)
        self.mirror = QCheckBox(self.tr("Show as in a mirror"))
        tip = self.tr("Show left and right as a mirror does; digits are read the right way round")
        named(self.mirror, "camera_mirror", tip=tip)
        self.mirror.toggled.connect(self._set_mirrored)
        self.mirror.setChecked(QSettings().value(_MIRRORED_KEY) in (True, "true"))
        tip = self.tr("Keep this picture and open it on the page Picture")
        self.take_button = QPushButton(self.tr("Take it"), enabled=False, default=True)
        named(self.take_button, "camera_take_button", tip=tip)
        self.take_button.clicked.connect(self.take_requested)
        self.close_button = QPushButton(self.tr("Close"), autoDefault=False)
        named(self.close_button, "camera_close_button", tip=self.tr("Switch the camera off"))
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.message)
        self._stack.addWidget(self.view)
        below = row(self.mirror, 1, self.take_button, self.close_button, spacing=8)
        parts = (self.choice, (self._stack, 1), self.hint, self.reading, below)
        column(*parts, parent=self, spacing=10, margins=(16, 16, 16, 16))
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))

    @Slot(list, int)
    def show_cameras(self, names: Sequence[str], used: int) -> None:
        """Offer the cameras if there are several; `used` is the place of the one in use."""
        self.choice.clear()
        self.choice.addItems(names)
        self.choice.setCurrentIndex(used)
        self.choice.setVisible(len(names) > 1)

    def show_frame(self, picture: QImage) -> None:
        """Show a newer picture."""
        self.view.show_frame(picture)
        self._stack.setCurrentWidget(self.view)

    def show_reading(self, reading: PicturePrediction | None) -> None:
        """Show what is read in the frame, or that nothing is."""
        rows = () if reading is None else tuple(filter(None, reading.rows))
        self.reading.show_text("   ".join(rows) or "\u2013", _READING_POINTS)
        self.view.show_reading(reading)
        if rows:
            self._announcer.say(self.tr("Read as {rows}").format(rows="; ".join(rows)))

    def offer_taking(self) -> None:
        """Let the picture be taken, at first by the next key."""
        if not self.take_button.isEnabled():
            self.take_button.setEnabled(True)
            self.take_button.setFocus()

    @Slot(str)
    def show_problem(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.message.setText(sentence)
        self._stack.setCurrentWidget(self.message)
        self.show_reading(None)
        self.take_button.setEnabled(False)
        self._announcer.say(sentence)

    @Slot(bool)
    def _set_mirrored(self, mirrored: bool) -> None:
        self.view.is_mirrored = mirrored
        self.view.show_reading(None)
        QSettings().setValue(_MIRRORED_KEY, mirrored)
