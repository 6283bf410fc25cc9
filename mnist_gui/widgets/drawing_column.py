"""The window's right column: drawing, and what is read."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mnist_gui.engine.strokes import Drawing
from mnist_gui.widgets.drawing_canvas import DrawingCanvas
from mnist_gui.widgets.prediction_panel import PredictionPanel

_MARGIN = 14


class DrawingColumn(QWidget):
    """The canvas with its buttons, and the prediction beneath."""

    def __init__(self, canvas: DrawingCanvas, prediction_panel: PredictionPanel) -> None:
        super().__init__()
        self._canvas = canvas
        self.clear_button = QPushButton(self.tr("Clear"))
        self.undo_button = QPushButton(self.tr("Undo"))
        self._name_buttons()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.clear_button, stretch=1)
        buttons.addWidget(self.undo_button, stretch=1)
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 12)
        layout.setSpacing(10)
        layout.addWidget(canvas, stretch=1)
        layout.addLayout(buttons)
        layout.addWidget(prediction_panel)
        layout.addStretch()

    def add_row(self, row: QWidget) -> None:
        """Put something beneath the prediction."""
        self._rows.insertWidget(self._rows.count() - 1, row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas as high as it is wide, where there is room for that."""
        super().resizeEvent(event)
        self._canvas.setMaximumHeight(self.width() - 2 * _MARGIN)

    @Slot(Drawing)
    def _follow_drawing(self, drawing: Drawing) -> None:
        self.clear_button.setEnabled(bool(drawing))

    def _name_buttons(self) -> None:
        self.clear_button.setObjectName("clear_button")
        self.clear_button.setAccessibleName(self.tr("Clear the drawing"))
        self.clear_button.setToolTip(self.tr("Take the whole drawing away (Delete, Esc)"))
        self.undo_button.setObjectName("undo_button")
        self.undo_button.setAccessibleName(self.tr("Undo the last stroke"))
        self.undo_button.setToolTip(self.tr("Take the last change back (Ctrl+Z)"))
        self.undo_button.setEnabled(False)
        self.clear_button.setEnabled(False)
        self._canvas.drawing_changed.connect(self._follow_drawing)
        self.clear_button.clicked.connect(self._canvas.clear)
        self.undo_button.clicked.connect(self._canvas.undo)
        self._canvas.undo_available_changed.connect(self.undo_button.setEnabled)
