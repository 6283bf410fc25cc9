"""A picture with what was found in it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.pictures.result import FoundDigit, PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import count, percent, tabular
from mnist_gui.gui.common.qt import arrow_delta, explain, named

# Okabe and Ito's blue, and their vermilion for what is to be looked at.
_SURE_COLOUR = QColor("#0072b2")
_UNSURE_COLOUR = QColor("#d55e00")
_ROOM = 4.0
_CORNER = 3.0
_PAD = 4.0


def next_digit(digits: Sequence[FoundDigit], selected: int | None, key: int) -> int | None:
    """Return the index of the digit that a key selects; None for other keys and without digits.

    Without a selection it is the first one, or the last for End. Left and right continue in the
    neighbouring row.
    """
    step = arrow_delta(key)
    if not digits or (step is None and key not in (Qt.Key.Key_Home, Qt.Key.Key_End)):
        return None
    if key == Qt.Key.Key_End:
        return len(digits) - 1
    if selected is None or step is None:
        return 0
    down, right = step
    if right:
        return min(max(selected + right, 0), len(digits) - 1)
    return _in_other_row(digits, selected, down)


def _in_other_row(digits: Sequence[FoundDigit], selected: int, step: int) -> int:
    """Return the digit above or below; the selected one where there is no such row."""
    row = digits[selected].row + step
    places = [index for index, digit in enumerate(digits) if digit.row == row]
    middle = _middle(digits[selected])
    return min(places, key=lambda index: abs(_middle(digits[index]) - middle), default=selected)


def _middle(digit: FoundDigit) -> float:
    left, _, right, _ = digit.box
    return (left + right) / 2


def describe_digit(prediction: PicturePrediction, index: int) -> str:
    """Say where a digit is and what it is predicted as."""
    text = QCoreApplication.translate("pictures", "Digit {place} of {count}, row {row}: {words}")
    return text.format(
        place=index + 1,
        count=len(prediction.digits),
        row=prediction.digits[index].row + 1,
        words=_in_words(prediction.predictions[index]),
    )


def _in_words(prediction: Prediction) -> str:
    match prediction.plausible_digits:
        case ():
            return QCoreApplication.translate("pictures", "hardly looks like a digit")
        case (digit,):
            text = QCoreApplication.translate("pictures", "read as {digit}, {probability}")
            return text.format(digit=digit, probability=percent(prediction.probability))
        case (first, second):
            text = QCoreApplication.translate("pictures", "not sure, {first} or {second}")
            return text.format(first=first, second=second)


def summarize(prediction: PicturePrediction) -> str:
    """Return how many digits there are, in how many rows, and how many are unsure."""
    words = [_found(len(prediction.digits), len(prediction.rows))]
    if prediction.unsure:
        text = QCoreApplication.translate("pictures", "{digits} not sure")
        words.append(text.format(digits=count(prediction.unsure)))
    return " \u00b7 ".join(words)


def _found(digits: int, rows: int) -> str:
    if digits == 1:
        return QCoreApplication.translate("pictures", "1 digit")
    if rows == 1:
        text = QCoreApplication.translate("pictures", "{digits} digits")
        return text.format(digits=count(digits))
    text = QCoreApplication.translate("pictures", "{digits} digits in {rows} rows")
    return text.format(digits=count(digits), rows=count(rows))


class PictureView(QWidget):
    """Shows a picture as large as fits, with a box and a prediction for each digit.

    `selection_changed` carries the index of the selected digit, or None; `menu_requested` the
    place on the screen where the menu of the selected digit is wanted.
    """

    selection_changed = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._picture = QImage()
        self._prediction: PicturePrediction | None = None
        self.selected: int | None = None
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, "picture_view", self.tr("Picture"))
        explain(
            self,
            self.tr(
                "Click a digit, or walk with the arrow keys, to see what the network sees of it "
                "and how likely it takes each digit to be."
            ),
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, colours: NDArray[np.uint8] | None) -> None:
        """Show a picture (h, w, 3) uint8 without a prediction, or none."""
        self._picture = QImage() if colours is None else as_qimage(colours)
        self.show_prediction(None)

    def show_prediction(self, prediction: PicturePrediction | None) -> None:
        """Show the predicted digits; the same digit stays selected."""
        if prediction is None or self._prediction is None:
            self.selected = None
        self._prediction = prediction
        self._refresh()

    def select(self, index: int | None) -> None:
        """Select the digit of this index, or none."""
        self.selected = index
        self._refresh()
        self.selection_changed.emit(index)

    def box_rect(self, index: int) -> QRectF:
        """Return where a digit's box is, in logical pixels."""
        assert self._prediction is not None
        area = self._picture_rect()
        left, top, right, bottom = self._prediction.digits[index].box
        width, height = area.width(), area.height()
        box = QRectF(left * width, top * height, (right - left) * width, (bottom - top) * height)
        return box.translated(area.topLeft()).adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)

    def sizeHint(self) -> QSize:
        """Return a size that leaves room for what is above and below in a small window."""
        return QSize(520, 230)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which digits can be recognized."""
        return QSize(200, 120)

    def _picture_rect(self) -> QRectF:
        size = self._picture.size().toSizeF()
        if size.isEmpty():
            return QRectF()
        fitting = size.scaled(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(), fitting)
        # At the top, next to the predicted digits.
        place.moveLeft((self.width() - place.width()) / 2)
        return place

    def _refresh(self) -> None:
        self.setAccessibleDescription(self._description())
        self.update()

    def _description(self) -> str:
        if self._prediction is None:
            return self.tr("No digits")
        rows = "; ".join(self._prediction.rows)
        if self.selected is None:
            text = self.tr("{count} digits: {rows}")
            return text.format(count=len(self._prediction.digits), rows=rows)
        return describe_digit(self._prediction, self.selected)

    # --- choosing a digit ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the digit under the pointer, or none."""
        if event.button() is Qt.MouseButton.LeftButton and self._prediction is not None:
            self.select(self._digit_at(event.position()))

    def _digit_at(self, position: QPointF) -> int | None:
        """Return the smallest box at a position: a large one may lie round it."""
        assert self._prediction is not None
        boxes = [self.box_rect(index) for index in range(len(self._prediction.digits))]
        hits = [index for index, box in enumerate(boxes) if box.contains(position)]
        return min(hits, key=lambda index: boxes[index].width(), default=None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from digit to digit, along rows and between them; Esc selects none."""
        if event.key() == Qt.Key.Key_Escape and self.selected is not None:
            self.select(None)
            return
        digits = self._prediction.digits if self._prediction is not None else ()
        index = next_digit(digits, self.selected, event.key())
        if index is None:
            super().keyPressEvent(event)
        else:
            self.select(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select the digit under the pointer, and ask for its menu."""
        if self._prediction is None:
            return
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.selected if by_key else self._digit_at(QPointF(event.pos()))
        if index is None:
            return
        if index != self.selected:
            self.select(index)
        middle = self.mapToGlobal(self.box_rect(index).center().toPoint())
        self.menu_requested.emit(middle if by_key else event.globalPos())

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the boxes, and what is in them."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        area = self._picture_rect()
        if not area.isEmpty():
            painter.drawImage(area, self._picture)
            edge = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
            painter.setPen(QPen(self.palette().color(edge), 1))
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._prediction is not None:
            predictions = enumerate(self._prediction.predictions)
            # The selected one last: its label is longer and may cover a neighbour's.
            for index, prediction in sorted(predictions, key=lambda at: at[0] == self.selected):
                self._paint_digit(painter, index, prediction)
        painter.end()

    def _paint_digit(self, painter: QPainter, index: int, prediction: Prediction) -> None:
        box, is_selected = self.box_rect(index), index == self.selected
        colour = _SURE_COLOUR if prediction.is_sure else _UNSURE_COLOUR
        painter.setPen(QPen(colour, 3 if is_selected else 1.5))
        fill = QColor(colour)
        fill.setAlphaF(0.16 if is_selected else 0.0)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, _CORNER, _CORNER)
        is_known = is_selected and prediction.is_sure
        share = f"  {percent(prediction.probability, 0)}" if is_known else ""
        self._paint_label(painter, box, colour, prediction.text + share)

    def _paint_label(self, painter: QPainter, box: QRectF, colour: QColor, text: str) -> None:
        """Write a text above a digit's box."""
        font = tabular(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        label = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _PAD, metrics.height())
        label.moveBottomLeft(box.topLeft())
        if label.top() < 0:
            label.moveTopLeft(box.topLeft())
        label.moveRight(min(label.right(), float(self.width())))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(label, _CORNER, _CORNER)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
