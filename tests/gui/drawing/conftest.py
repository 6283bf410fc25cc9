"""What several tests of the drawing begin with."""

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.gui.drawing.canvas import DrawingCanvas


@pytest.fixture
def canvas(qtbot: QtBot) -> DrawingCanvas:
    """Return an empty canvas that is seen, 200 pixels wide and high."""
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(200, 200)
    canvas.show()
    return canvas
