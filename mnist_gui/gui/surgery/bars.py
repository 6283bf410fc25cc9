"""Ten bars before and ten bars after, side by side."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import percent, tabular
from mnist_gui.gui.common.qt import named

_GAP = 8.0
_NO_SHARES: NDArray[np.float64] = np.zeros(CLASSES)
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class BeforeAfterBars(QWidget):
    """For each digit its probability before and after, as two bars with their percentages."""

    def __init__(self) -> None:
        super().__init__()
        self._sides = (_NO_SHARES, _NO_SHARES)
        self._is_empty = True
        self.heads = (self.tr("As it was"), self.tr("Now"))
        is_to_be(self, QAccessible.Role.Chart)
        named(self, "surgery_bars", self.tr("Probabilities before and after"))
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(
        self, before: NDArray[np.float64] | None, after: NDArray[np.float64] | None
    ) -> None:
        """Show two times ten probabilities, or empty bars."""
        self._is_empty = before is None or after is None
        self._sides = (
            _NO_SHARES if before is None else before,
            _NO_SHARES if after is None else after,
        )
        self.setAccessibleDescription(self._spoken())
        self.update()

    def track(self, side: int, digit: int) -> QRectF:
        """Return the place that a digit's bar fills when its probability is 1."""
        line, figures = self._line(), self._figures()
        head = self._head()
        width = (self.width() - head - 2 * figures - 3 * _GAP) / 2
        left = head + side * (width + figures + 1.5 * _GAP)
        top = (digit + 1) * line
        return QRectF(left, top + line * 0.25, max(width, 1.0), line * 0.5)

    def sizeHint(self) -> QSize:
        """Return a line for each digit and one above them."""
        return QSize(260, round(self._line() * (CLASSES + 1)))

    def minimumSizeHint(self) -> QSize:
        """Return room for the figures and short bars."""
        figures = self._head() + 2 * self._figures() + 3 * _GAP
        return QSize(round(figures) + 40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what the columns are, and for each digit its bars and percentages."""
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        colours, line = self.palette(), self._line()
        for side, (head, shares) in enumerate(zip(self.heads, self._sides, strict=True)):
            first = self.track(side, 0)
            painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
            place = QRectF(first.left(), 0, first.width() + self._figures(), line)
            painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignLeft, head)
            read = None if self._is_empty else int(shares.argmax())
            for digit, share in enumerate(shares.tolist()):
                self._paint_bar(painter, self.track(side, digit), share, is_read=digit == read)
        painter.setPen(colours.color(QPalette.ColorRole.WindowText))
        for digit in range(CLASSES):
            place = QRectF(0, (digit + 1) * line, self._head(), line)
            painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignLeft, str(digit))
        painter.end()

    def _paint_bar(self, painter: QPainter, track: QRectF, share: float, *, is_read: bool) -> None:
        colours = self.palette()
        roles = QPalette.ColorRole
        painter.fillRect(track, colours.color(roles.Mid))
        filled = QRectF(track)
        filled.setWidth(track.width() * share)
        role = roles.Accent if is_read else roles.PlaceholderText
        painter.fillRect(filled, colours.color(role))
        if self._is_empty:
            return
        painter.setPen(colours.color(roles.WindowText if is_read else roles.PlaceholderText))
        line = self._line()
        place = QRectF(track.right(), track.center().y() - line / 2, self._figures(), line)
        painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignRight, percent(share))

    def _spoken(self) -> str:
        if self._is_empty:
            return ""
        text = self.tr("{digit}: {before} before, {after} after")
        pairs = zip(*(side.tolist() for side in self._sides), strict=True)
        return "\n".join(
            text.format(digit=digit, before=percent(before), after=percent(after))
            for digit, (before, after) in enumerate(pairs)
        )

    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + 2

    def _head(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("0") + _GAP

    def _figures(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(percent(0.9999)) + _GAP / 2
