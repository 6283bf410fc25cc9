"""Ten bars: how likely each digit is."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnist_gui.engine.architecture import CLASSES
from mnist_gui.engine.prediction import Prediction
from mnist_gui.widgets.labels import tabular
from mnist_gui.widgets.number_text import percent

_GAP = 10.0
_THICKEST = 12.0


class ProbabilityBars(QWidget):
    """Shows a prediction's ten probabilities, a digit that is sure in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prediction: Prediction | None = None
        self._measured: tuple[QFont, tuple[float, float]] | None = None
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction, or empty bars."""
        self._prediction = prediction
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
            left, right = (metrics.horizontalAdvance(text) + _GAP for text in texts)
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
        painter.setPen(Qt.PenStyle.NoPen)
        for digit in range(CLASSES):
            self._paint_row(painter, digit, self._row(digit))
        painter.end()

    def _paint_row(self, painter: QPainter, digit: int, row: QRectF) -> None:
        self._paint_bar(painter, digit, self.track(digit))
        role = (
            QPalette.ColorRole.WindowText
            if self._is_read(digit)
            else QPalette.ColorRole.PlaceholderText
        )
        painter.setPen(self.palette().color(role))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, str(digit))
        if self._prediction is not None:
            share = percent(float(self._prediction.probabilities[digit]))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, share)
        painter.setPen(Qt.PenStyle.NoPen)

    def _is_read(self, digit: int) -> bool:
        shown = self._prediction
        return shown is not None and shown.is_sure and shown.digit == digit

    def _paint_bar(self, painter: QPainter, digit: int, track: QRectF) -> None:
        colours, radius = self.palette(), track.height() / 4
        painter.setBrush(colours.color(QPalette.ColorRole.Mid))
        painter.setOpacity(0.45)
        painter.drawRoundedRect(track, radius, radius)
        painter.setOpacity(1.0)
        if self._prediction is None:
            return
        role = (
            QPalette.ColorRole.Accent
            if self._is_read(digit)
            else QPalette.ColorRole.PlaceholderText
        )
        painter.setBrush(colours.color(role))
        filled = QRectF(track)
        filled.setWidth(track.width() * float(self._prediction.probabilities[digit]))
        painter.drawRoundedRect(filled, radius, radius)
