"""A label in large type that becomes smaller where its text is long."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel

from mnist_gui.widgets.labels import tabular

_SMALLEST_POINTS = 14


class LargeLabel(QLabel):
    """Shows one line of text in the given size, or in the largest in which it fits the width."""

    def __init__(self) -> None:
        super().__init__()
        self._points = _SMALLEST_POINTS
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_text(self, text: str, points: int) -> None:
        """Show a text, at most in this size."""
        self._points = points
        self.setText(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as you like: the text gives way, not what is beside it."""
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the size again that a new style sheet has taken away."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        points = self._points
        while points > _SMALLEST_POINTS and self._text_width(points) > self.width():
            points -= 1
        self.setFont(self._light(points))

    def _text_width(self, points: int) -> float:
        return QFontMetricsF(self._light(points)).horizontalAdvance(self.text())

    def _light(self, points: int) -> QFont:
        font = tabular(self.font(), points)
        font.setWeight(QFont.Weight.Light)
        return font
