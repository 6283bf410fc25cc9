"""The window's left column: what is trained, and how far it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

_MARGIN = 14


class LeftColumn(QScrollArea):
    """Panels beneath each other, which scroll where the window is too low.

    They are as wide with the scroll bar as without it. Otherwise a line that needs the bar's room
    to be unbroken leaves it open whether there is to be a bar, and Qt, which then resizes the
    panels within their resizing, may do so until its stack overflows.
    """

    def __init__(self, *panels: QWidget) -> None:
        super().__init__()
        # The bar must not cover the fields when it appears.
        self._bar = self.verticalScrollBar().sizeHint().width()
        self._column = QWidget()
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(_MARGIN, _MARGIN, max(_MARGIN - self._bar, 2), 12)
        layout.setSpacing(18)
        for panel in panels:
            layout.addWidget(panel)
        layout.addStretch()
        self.setWidget(self._column)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(max(270, self._column.minimumSizeHint().width() + self._bar))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panels the room that they have with the bar."""
        self._column.setFixedWidth(self.contentsRect().width() - self._bar)
        super().resizeEvent(event)
