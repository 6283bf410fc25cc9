"""Paints one of the user's digits: its image, what it is, and what it is read as."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mnist_gui.widgets.my_digits.digit_model import DigitModel

_SIDE = 56.0
_GAP = 5.0
_SLATE = QColor("#0b0d10")
CELL = QSize(74, 92)


class DigitDelegate(QStyledItemDelegate):
    """The label in plain text where it is read right; with an arrow, "7 -> 1", where it is not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cell = QSize(CELL)

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for all."""
        return self.cell

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the image, the words beneath, and a frame where it is selected or in focus."""
        model = index.model()
        assert isinstance(model, DigitModel)
        cell = QRectF(option.rect)
        state, colours = option.state, option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            self._paint_selection(painter, cell, colours)
        if state & QStyle.StateFlag.State_HasFocus:
            self._paint_focus(painter, cell, colours)
        self._paint_image(painter, cell, model, index.row())
        self._paint_words(painter, cell, colours, model, index.row())
        painter.restore()

    def _paint_selection(self, painter: QPainter, cell: QRectF, colours: QPalette) -> None:
        shade = QColor(colours.color(QPalette.ColorRole.Accent))
        shade.setAlphaF(0.28)
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 1))
        painter.setBrush(shade)
        painter.drawRoundedRect(_framed(cell), 6, 6)

    def _paint_focus(self, painter: QPainter, cell: QRectF, colours: QPalette) -> None:
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_framed(cell), 6, 6)

    def _paint_image(self, painter: QPainter, cell: QRectF, model: DigitModel, row: int) -> None:
        place = QRectF(cell.center().x() - _SIDE / 2, cell.top() + _GAP + 2, _SIDE, _SIDE)
        painter.fillRect(place, _SLATE)
        image = model.image(row)
        if image is not None:
            painter.drawImage(place, image)

    def _paint_words(
        self, painter: QPainter, cell: QRectF, colours: QPalette, model: DigitModel, row: int
    ) -> None:
        place = cell.adjusted(0, _SIDE + _GAP + 2, 0, -3)
        label, prediction = model.digits[row].label, model.prediction(row)
        role = QPalette.ColorRole.Text
        text = str(label)
        if prediction is not None and prediction.digit != label:
            role = QPalette.ColorRole.BrightText
            text = f"{label} \u2192 {prediction.digit}"
        painter.setPen(colours.color(role))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _framed(cell: QRectF) -> QRectF:
    """Return the frame, as wide everywhere, however wide the cell is."""
    frame = QRectF(0, 0, CELL.width() - 4, CELL.height() - 4)
    frame.moveCenter(cell.center())
    return frame
