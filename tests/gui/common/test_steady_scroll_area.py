import pytest
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.qt import SteadyScrollArea
from mnist_gui.gui.pages import PageArea


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


class Hesitant(QWidget):
    """Needs no room where it has some, and some where it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.times += 1
        super().resizeEvent(event)
        self.setMinimumWidth(0 if self.width() >= 500 else 500)


def test_a_page_that_asks_for_another_width_at_each_width_is_left_at_one(qtbot: QtBot) -> None:
    page = Hesitant()
    area = PageArea()
    qtbot.addWidget(area)
    area.setWidget(page)
    for width in (900, 400):
        area.resize(width, 300)
        area.show()
    assert page.times < 20
    qtbot.wait(50)
    assert page.times < 200
