"""An area that scrolls up and down, whose content is as wide with its bar as without."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class SteadyScrollArea(QScrollArea):
    """Lets its content scroll where the area is too low for it; would be as high as the content.

    The bar's room stays free when there is no bar. Otherwise content whose height depends on its
    width may leave it open whether there is to be a bar, and Qt, which then resizes the content
    within its resizing, does so until its stack overflows.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.bar_width = self.verticalScrollBar().sizeHint().width()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """As much as the content would have, and the bar."""
        return self._content.sizeHint() + QSize(self.bar_width, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for other room when the content does."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the content the room that it has with the bar."""
        self._content.setFixedWidth(self.contentsRect().width() - self.bar_width)
        super().resizeEvent(event)
