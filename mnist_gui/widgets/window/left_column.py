"""The window's left column: what is trained, and how far it is."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_gui.widgets.steady_scroll_area import SteadyScrollArea

_MARGIN = 14


class LeftColumn(SteadyScrollArea):
    """Panels beneath each other, which scroll where the window is too low."""

    def __init__(self, *panels: QWidget) -> None:
        column = QWidget()
        super().__init__(column)
        layout = QVBoxLayout(column)
        # The bar must not cover the fields when it appears.
        layout.setContentsMargins(_MARGIN, _MARGIN, max(_MARGIN - self.bar_width, 2), 12)
        layout.setSpacing(18)
        for panel in panels:
            layout.addWidget(panel)
        layout.addStretch()
        self.setMinimumWidth(max(270, column.minimumSizeHint().width() + self.bar_width))
