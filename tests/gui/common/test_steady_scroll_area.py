import pytest
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.qt import SteadyScrollArea


class Square(QWidget):
    """At least as high as it is wide, and counts how often it was resized."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.times += 1
        super().resizeEvent(event)
        self.setMinimumHeight(self.width())


@pytest.mark.parametrize("height", range(282, 304))
def test_content_that_just_fits_is_not_resized_without_end(qtbot: QtBot, height: int) -> None:
    square = Square()
    area = SteadyScrollArea(square)
    qtbot.addWidget(area)
    area.resize(300, height)
    area.show()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.isVisible() is (square.minimumHeight() > height))
    assert square.width() == square.minimumHeight() == 300 - area.bar_width
    assert square.times <= 4
