"""Ten probabilities as bars, of one network or of two, with the label marked."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QBrush,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.labels import percent, tabular
from mnist_gui.gui.common.qt import named

_GAP = 8.0
_LEAST_TRACK = 40
_THICKEST = 12.0


class DigitBars(QWidget):
    """Shows ten probabilities; the label's digit is framed, the digit read has a stronger bar.

    Of a second network the bars lie below those of the first, striped, and its percentages are
    those on the right.
    """

    def __init__(self) -> None:
        super().__init__()
        self._series: tuple[NDArray[np.float64], ...] = ()
        self._label = -1
        is_to_be(self, QAccessible.Role.Chart)
        named(self, "digit_bars", self.tr("Probabilities of the ten digits"))
        self.setFont(tabular(self.font()))
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Fixed)

    def show_shares(self, label: int, *series: NDArray[np.float64]) -> None:
        """Show the probabilities (10,) of one network, or of two."""
        is_other = len(series) != len(self._series)
        self._label, self._series = label, series
        lines = [
            f"{digit}: {', '.join(percent(float(shares[digit])) for shares in series)}"
            for digit in range(CLASSES)
        ]
        self.setAccessibleDescription("; ".join(lines))
        if is_other:
            self.updateGeometry()
        self.update()

    def track(self, digit: int, which: int = 0) -> QRectF:
        """Return the place that a bar fills when its probability is 1."""
        left, each, row = self._left, self._text_width, self.height() / CLASSES
        bars = max(1, len(self._series))
        thickness = min(_THICKEST, (row - 3) / bars - 1)
        middle = row * digit + 1.5 + (which + 0.5) * (row - 3) / bars
        return QRectF(left, middle - thickness / 2, self.width() - left - bars * each, thickness)

    @property
    def _left(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("0") + 2 * _GAP

    @property
    def _text_width(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(percent(0.9999)) + _GAP

    def sizeHint(self) -> QSize:
        """Return comfortable rows."""
        return QSize(self.minimumSizeHint().width() + 4, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return rows as high as their text."""
        bars = max(1, len(self._series))
        width = self._left + bars * self._text_width + _LEAST_TRACK
        return QSize(round(width), (self.fontMetrics().height() + 1) * CLASSES)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint digit, bars and percentages of each row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for digit in range(CLASSES):
            self._paint_digit(painter, digit)
            for which, shares in enumerate(self._series):
                self._paint_bar(painter, digit, which, shares)
        painter.end()

    def _paint_digit(self, painter: QPainter, digit: int) -> None:
        width = self.track(digit).left() - _GAP
        row = self.height() / CLASSES
        place = QRectF(1, digit * row, width, row).adjusted(0, 1, 0, -1)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(digit))
        if digit == self._label:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1.5))
            painter.drawRoundedRect(place, 3, 3)

    def _paint_bar(
        self, painter: QPainter, digit: int, which: int, shares: NDArray[np.float64]
    ) -> None:
        colours, track = self.palette(), self.track(digit, which)
        is_read = digit == int(shares.argmax())
        radius = track.height() / 4
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setOpacity(0.45)
        painter.setBrush(colours.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, radius, radius)
        painter.setOpacity(1.0)
        filled = QRectF(track)
        filled.setWidth(track.width() * float(shares[digit]))
        painter.setBrush(self._brush(which, is_read=is_read))
        painter.drawRoundedRect(filled, radius, radius)
        role = QPalette.ColorRole.WindowText if is_read else QPalette.ColorRole.PlaceholderText
        painter.setPen(colours.color(role))
        row = self.height() / CLASSES
        place = QRectF(track.right() + which * self._text_width, digit * row, self._text_width, row)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, percent(float(shares[digit])))

    def _brush(self, which: int, *, is_read: bool) -> QBrush:
        if which:
            against = diverging_colormap(self.palette()).colour(-1.0)
            return QBrush(against, Qt.BrushStyle.BDiagPattern)
        role = QPalette.ColorRole.Accent if is_read else QPalette.ColorRole.PlaceholderText
        return QBrush(self.palette().color(role))
