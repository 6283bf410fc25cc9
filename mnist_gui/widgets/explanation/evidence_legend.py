"""What the colours of the evidence map mean."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from mnist_gui.widgets.explanation.diverging import diverging_colours
from mnist_gui.widgets.labels import caption

_HEIGHT = 8
_STOPS = (-1.0, 0.0, 1.0)


class EvidenceLegend(QWidget):
    """A bar from one end of the colours to the other, with what the ends mean."""

    def __init__(self) -> None:
        super().__init__()
        self.against, self.neither, self.speaks_for = caption(), caption(), caption()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(3)
        layout.addWidget(_Bar(), 0, 0, 1, 3)
        layout.addWidget(self.against, 1, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.neither, 1, 1, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.speaks_for, 1, 2, Qt.AlignmentFlag.AlignRight)
        for column in (0, 2):
            layout.setColumnStretch(column, 1)
        self.neither.setText(self.tr("neither"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_ends(self, against: str, speaks_for: str) -> None:
        """Name what the ends of the colours speak for."""
        self.against.setText(against)
        self.speaks_for.setText(speaks_for)


class _Bar(QWidget):
    """The colours themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A thin bar."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colours from full against to full for."""
        colours = diverging_colours(self.palette())
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for share in _STOPS:
            gradient.setColorAt((share + 1) / 2, colours.colour(share))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(self.rect(), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
