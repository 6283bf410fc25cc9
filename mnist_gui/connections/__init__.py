"""Joins the window with what works behind it; each module one concern."""

from mnist_gui.connections.data import DataConnections
from mnist_gui.connections.drawing import DrawingConnections
from mnist_gui.connections.drawing_files import DrawingFileConnections
from mnist_gui.connections.exchange import ExchangeConnections
from mnist_gui.connections.explanation import ExplanationConnections
from mnist_gui.connections.keeping import KeepingConnections
from mnist_gui.connections.memory import MemoryConnections
from mnist_gui.connections.my_digits import MyDigitsConnections
from mnist_gui.connections.network import NetworkConnections
from mnist_gui.connections.picture import PictureConnections
from mnist_gui.connections.replay import ReplayConnections
from mnist_gui.connections.runs import RunsConnections
from mnist_gui.connections.shown_image import ShownImageConnections
from mnist_gui.connections.training import TrainingConnections
from mnist_gui.parts import Parts
from mnist_gui.widgets.window.main_window import MainWindow


def connect(window: MainWindow, parts: Parts) -> None:
    """Connect everything; the connections live as long as the window."""
    for connections in (
        TrainingConnections,
        NetworkConnections,
        DrawingConnections,
        KeepingConnections,
        # It lets go of the prediction panel before a test image takes it.
        PictureConnections,
        ShownImageConnections,
        ReplayConnections,
        DrawingFileConnections,
        DataConnections,
        ExchangeConnections,
        ExplanationConnections,
        RunsConnections,
        MyDigitsConnections,
        MemoryConnections,
    ):
        connections(window, parts)
    # Last, so that all the others have taken note of the end before the threads do.
    window.closing.connect(parts.close)
