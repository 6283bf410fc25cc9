"""The digits of a number as tiles, one of which is chosen."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.prediction import DigitPrediction, NumberPrediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import (
    percent,
    tabular,
)

_LARGEST = 46.0
_TILE_GAP = 8.0
_EDGE = 2.0


class DigitTiles(QWidget):
    """Shows a number's digits in a row; a click or the arrows choose one, by its place from 0."""

    digit_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._digits: tuple[DigitPrediction, ...] = ()
        # The place, from 0, of the digit that is chosen.
        self.chosen = 0
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        is_to_be(self, QAccessible.Role.List)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_number(self, reading: NumberPrediction | None) -> None:
        """Show a number's digits, the least sure one chosen, or none."""
        self._digits = () if reading is None else reading.digits
        self.chosen = 0 if reading is None else reading.least_sure
        self.update()

    def choose(self, place: int) -> None:
        """Choose the digit at this place, from 0, if there is one."""
        if 0 <= place < len(self._digits) and place != self.chosen:
            self.chosen = place
            self.update()
            self.digit_chosen.emit(place)

    def tile(self, place: int) -> QRectF:
        """Return where the image of the digit at this place is."""
        side, step = self._side(), self._side() + _TILE_GAP
        left = (self.width() - step * len(self._digits) + _TILE_GAP) / 2
        return QRectF(left + place * step, _EDGE, side, side)

    def _side(self) -> float:
        count = max(1, len(self._digits))
        return min(_LARGEST, (self.width() - 2 * _EDGE + _TILE_GAP) / count - _TILE_GAP)

    def sizeHint(self) -> QSize:
        """A few large tiles with their percentages."""
        return QSize(240, round(_LARGEST + 2 * _EDGE) + self.fontMetrics().height() + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the digit under the pointer."""
        for place in range(len(self._digits)):
            column = self.tile(place).adjusted(-_TILE_GAP / 2, -_EDGE, _TILE_GAP / 2, self.height())
            if column.contains(event.position()):
                self.choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a neighbour."""
        if event.key() == Qt.Key.Key_Left:
            self.choose(self.chosen - 1)
        elif event.key() == Qt.Key.Key_Right:
            self.choose(self.chosen + 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each digit's image and percentage."""
        painter = QPainter(self)
        for place, digit in enumerate(self._digits):
            self._paint_tile(painter, self.tile(place), digit, is_chosen=place == self.chosen)
        painter.end()

    def _paint_tile(
        self, painter: QPainter, tile: QRectF, digit: DigitPrediction, *, is_chosen: bool
    ) -> None:
        colours = self.palette()
        painter.drawImage(tile, as_qimage(digit.image))
        role = QPalette.ColorRole.Accent if is_chosen else QPalette.ColorRole.Mid
        painter.setPen(QPen(colours.color(role), _EDGE if is_chosen else 1))
        painter.drawRect(tile)
        sure = digit.prediction.is_sure
        role = QPalette.ColorRole.WindowText if sure else QPalette.ColorRole.PlaceholderText
        painter.setPen(colours.color(role))
        text = percent(digit.prediction.probability, 0) if sure else "?"
        width = QFontMetricsF(self.font()).horizontalAdvance(text)
        # Beneath narrow tiles there is room for the chosen digit's percentage only.
        if is_chosen or width <= tile.width() + _TILE_GAP:
            middle = min(max(tile.center().x(), width / 2), self.width() - width / 2)
            beneath = tile.bottom() + _EDGE + QFontMetricsF(self.font()).ascent()
            painter.drawText(QPointF(middle - width / 2, beneath), text)
