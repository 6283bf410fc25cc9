"""The window's right column: drawing, and what is read."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_gui.widgets.canvas.drawing_canvas import DrawingCanvas
from mnist_gui.widgets.canvas.tool_row import ToolRow
from mnist_gui.widgets.my_digits.keep_row import KeepRow
from mnist_gui.widgets.reading.prediction_panel import PredictionPanel

_MARGIN = 14


class DrawingColumn(QWidget):
    """The canvas with its tools, and beneath the prediction and what it offers to keep."""

    def __init__(self, canvas: DrawingCanvas, prediction_panel: PredictionPanel) -> None:
        super().__init__()
        self._canvas = canvas
        self.tools = ToolRow(canvas)
        self.keep_row = KeepRow()
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 12)
        layout.setSpacing(8)
        layout.addWidget(canvas, stretch=1)
        layout.addWidget(self.tools)
        layout.addWidget(prediction_panel)
        layout.addWidget(self.keep_row)
        layout.addStretch()

    def add_tool_row(self, row: QWidget) -> None:
        """Put something beneath the canvas' tools."""
        self._rows.insertWidget(self._rows.indexOf(self.tools) + 1, row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas as high as it is wide, where there is room for that."""
        super().resizeEvent(event)
        self._canvas.setMaximumHeight(self.width() - 2 * _MARGIN)
