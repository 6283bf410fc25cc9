"""The window's left column: what is trained, and how far it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


def left_column(*panels: QWidget) -> QScrollArea:
    """Return the panels beneath each other in an area that scrolls where it is too low."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(14, 14, 14, 12)
    layout.setSpacing(18)
    for panel in panels:
        layout.addWidget(panel)
    layout.addStretch()
    area = QScrollArea()
    area.setWidget(column)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # The bar must not cover the fields when it appears.
    bar = area.verticalScrollBar().sizeHint().width()
    area.setMinimumWidth(max(270, column.minimumSizeHint().width() + bar))
    return area
