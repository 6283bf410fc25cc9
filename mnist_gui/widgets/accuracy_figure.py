"""An accuracy in large type, with what it is of beside it."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_gui.widgets.labels import caption, tabular
from mnist_gui.widgets.number_text import percent

_MORE_POINTS = 13


class AccuracyFigure(QWidget):
    """A share, a title and a sentence; several beneath each other stand in line."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._decimals = decimals
        self.accuracy = QLabel()
        self.title = caption()
        self.words = caption()
        self.words.setWordWrap(True)
        self.accuracy.setFont(tabular(self.font(), self.font().pointSizeF() + _MORE_POINTS))
        widest = self.accuracy.fontMetrics().horizontalAdvance(percent(0.9999, 2))
        self.accuracy.setMinimumWidth(widest)
        self._lay_out()

    def show_share(self, share: float | None) -> None:
        """Show a share 0..1, or a dash where there is none."""
        self.accuracy.setText("\u2013" if share is None else percent(share, self._decimals))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.title)
        words.addWidget(self.words)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.accuracy)
        layout.addLayout(words, stretch=1)
