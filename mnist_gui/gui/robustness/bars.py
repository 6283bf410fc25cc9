"""Accuracy by corruption as bars, and beside them the digit with each of them."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen

from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.robustness.picture import TrialPicture, share_text
from mnist_gui.gui.robustness.text import change_text

_GAP = 4.0
_LEAST_BAR = 10.0
_LEAST_ROW = 30.0
_MOST_TILE = 44.0
_LEAST_BARS = 90
_TRIALS = 16


class CorruptionBars(TrialPicture):
    """A row for each corruption: its name, the digit, and a bar for each network."""

    def __init__(self) -> None:
        super().__init__("corruption_bars", "")
        self.setAccessibleName(self.tr("Accuracy by corruption"))

    def sizeHint(self) -> QSize:
        """Return a size in which the bars are seen well."""
        return QSize(560, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return a size in which the digits can be told apart."""
        return QSize(
            round(self._left() + self._right() + _LEAST_BARS), round(_TRIALS * self._high())
        )

    def place_at(self, position: QPointF) -> int:
        """Return the row at a position."""
        return int(position.y() // self._row())

    def bar(self, network: int, place: int) -> QRectF:
        """Return where a network's bar is drawn."""
        assert self.answer is not None
        share = float(self.answer.accuracies[network, place])
        line = self.bar_room(network, place)
        return QRectF(line.left(), line.top(), share * line.width(), line.height())

    # --- where things are ----------------------------------------------------------------------

    def _networks(self) -> int:
        return 1 if self.answer is None else len(self.answer.correct)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())

    def _high(self) -> float:
        """Return the least height of a row."""
        lines = self._networks() * (self._metrics().height() + 1)
        return max(_LEAST_ROW, lines + _GAP)

    def _row(self) -> float:
        return max(self.height() / _TRIALS, 1.0)

    def _tile(self) -> float:
        return min(self._row() - 2, _MOST_TILE)

    def _names(self) -> float:
        if self.answer is None:
            return 0.0
        texts = map(change_text, self.answer.trials)
        return max(map(self._metrics().horizontalAdvance, texts)) + 2 * _GAP

    def _left(self) -> float:
        return self._names() + _MOST_TILE + 2 * _GAP + self._metrics().horizontalAdvance("0") + 16

    def _right(self) -> float:
        return self._metrics().horizontalAdvance(percent(1.0)) + 2 * _GAP

    def bar_room(self, network: int, place: int) -> QRectF:
        """Return the room of a bar of 100 %."""
        high = (self._row() - _GAP) / self._networks()
        top = place * self._row() + _GAP / 2 + network * high
        width = self.width() - self._left() - self._right()
        return QRectF(self._left(), top + 1, width, high - 2)

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a row for each corruption."""
        if self.answer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self._row()
        self.paint_chosen(painter, QRectF(0, self.chosen * row, self.width(), row))
        for place, trial in enumerate(self.answer.trials):
            name = QRectF(_GAP, place * row, self._names(), row)
            painter.setPen(self.colour(QPalette.ColorRole.WindowText))
            leading = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(name, leading, change_text(trial))
            tile = self._tile()
            square = QRectF(name.right(), place * row + (row - tile) / 2, tile, tile)
            self.paint_digit(painter, square, place)
            for network in range(self._networks()):
                self._paint_bar(painter, network, place, square.right())
        painter.end()

    def _paint_bar(self, painter: QPainter, network: int, place: int, tile_end: float) -> None:
        assert self.answer is not None
        line = self.bar_room(network, place)
        room = QRectF(tile_end + _GAP, line.top(), line.left() - tile_end - 2 * _GAP, line.height())
        self.paint_read(painter, room, network, place)
        text = QRectF(line.right() + _GAP, line.top(), self._right(), line.height())
        painter.setPen(self.colour(QPalette.ColorRole.WindowText))
        leading = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text, leading, share_text(self.answer, network, place))
        share = float(self.answer.accuracies[network, place])
        if share != share:  # noqa: PLR0124 - not a number: not computed yet
            return
        painter.fillRect(self.bar(network, place), self.shade(network))
        low, high = (line.left() + end * line.width() for end in self._ends(network, place))
        painter.setPen(QPen(self.colour(QPalette.ColorRole.WindowText), 1))
        middle = line.center().y()
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for x in (low, high):
            painter.drawLine(QPointF(x, middle - 3), QPointF(x, middle + 3))

    def _ends(self, network: int, place: int) -> list[float]:
        assert self.answer is not None
        ends: list[float] = self.answer.intervals[network, place].tolist()
        return ends
