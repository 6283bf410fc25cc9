"""The probabilities of the ten digits as bars."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.labels import (
    percent,
    tabular,
)

_BAR_GAP = 10.0
_THICKEST = 12.0
_DIMMED = 0.4


class ProbabilityBars(QWidget):
    """Shows a prediction's ten probabilities, a digit that is sure in the accent colour.

    Without one, all bars are dimmed.
    """

    def __init__(self) -> None:
        super().__init__()
        # Per digit, the bar's length as a share of its track, and the same in words.
        self._shares: list[tuple[float, str]] = []
        self._read: int | None = None
        self._measured: tuple[QFont, tuple[float, float]] | None = None
        is_to_be(self, QAccessible.Role.Chart)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction, or empty bars."""
        shares: list[tuple[float, str]] = []
        read = None
        if prediction is not None:
            rounded = [round(share, 3) for share in prediction.probabilities.tolist()]
            shares = [(share, percent(share)) for share in rounded]
            read = prediction.digit if prediction.is_sure else None
        # Painting takes a millisecond, and a network that learns is asked again and again.
        if (shares, read) != (self._shares, self._read):
            self._shares, self._read = shares, read
            self.update()

    def track(self, digit: int) -> QRectF:
        """Return the place that a digit's bar fills when its probability is 1."""
        row, (left, right) = self._row(digit), self._margins()
        thickness = min(_THICKEST, row.height() - 4)
        width = row.width() - right - left
        return QRectF(left, row.center().y() - thickness / 2, width, thickness)

    def _margins(self) -> tuple[float, float]:
        """Return the widths beside the bars for digits and percentages, measured once a font."""
        font = self.font()
        if self._measured is None or self._measured[0] != font:
            metrics = QFontMetricsF(font)
            texts = ("0", percent(0.9999))
            left, right = (metrics.horizontalAdvance(text) + _BAR_GAP for text in texts)
            self._measured = font, (left, right)
        return self._measured[1]

    def _row(self, digit: int) -> QRectF:
        height = self.height() / CLASSES
        return QRectF(0, digit * height, self.width(), height)

    def sizeHint(self) -> QSize:
        """Comfortable rows."""
        return QSize(240, 17 * CLASSES)

    def minimumSizeHint(self) -> QSize:
        """Rows as low as their text."""
        return QSize(160, self.fontMetrics().height() * CLASSES)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint digit, bar and percentage of each row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setPen(Qt.PenStyle.NoPen)
        for digit in range(CLASSES):
            self._paint_row(painter, digit, self._row(digit))
        painter.end()

    def _paint_row(self, painter: QPainter, digit: int, row: QRectF) -> None:
        is_read = digit == self._read
        self._paint_bar(painter, digit, self.track(digit), is_read=is_read)
        role = QPalette.ColorRole.WindowText if is_read else QPalette.ColorRole.PlaceholderText
        painter.setPen(self.palette().color(role))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, str(digit))
        if self._shares:
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, self._shares[digit][1])
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_bar(self, painter: QPainter, digit: int, track: QRectF, *, is_read: bool) -> None:
        colours, radius = self.palette(), track.height() / 4
        painter.setBrush(colours.color(QPalette.ColorRole.Mid))
        painter.setOpacity(0.45)
        painter.drawRoundedRect(track, radius, radius)
        painter.setOpacity(1.0)
        if not self._shares:
            return
        role = QPalette.ColorRole.Accent if is_read else QPalette.ColorRole.PlaceholderText
        painter.setBrush(colours.color(role))
        painter.setOpacity(1.0 if self._read is not None else _DIMMED)
        filled = QRectF(track)
        filled.setWidth(track.width() * self._shares[digit][0])
        painter.drawRoundedRect(filled, radius, radius)
        painter.setOpacity(1.0)
