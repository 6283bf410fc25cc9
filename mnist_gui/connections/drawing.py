"""Drawing: the canvas, and what is read on it."""

from PySide6.QtCore import QObject

from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class DrawingConnections(QObject):
    """Shows what the network reads while the user draws."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        panel, drawing = window.prediction_panel, parts.drawing
        window.canvas.drawing_changed.connect(drawing.use_drawing)
        drawing.image_changed.connect(panel.show_image)
        drawing.predicted.connect(panel.show_prediction)
        drawing.number_read.connect(panel.show_number)
        drawing.cleared.connect(panel.clear)
        drawing.network_missing.connect(panel.show_network_missing)
        drawing.failed.connect(panel.show_message)
