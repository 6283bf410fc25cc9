import pytest
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
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


def test_text_that_wraps_in_a_narrower_column_gets_the_height_for_it(qtbot: QtBot) -> None:
    text = QLabel("A sentence that needs more lines where there is less room. " * 9, wordWrap=True)
    area = SteadyScrollArea(text)
    area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    column = QWidget()
    qtbot.addWidget(column)
    layout = QVBoxLayout(column)
    layout.addWidget(area)
    layout.addStretch()
    for width in (600, 200):
        column.resize(width, 600)
        column.show()
        qtbot.waitUntil(lambda: area.height() == text.heightForWidth(text.width()))
