import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import Layer, network_layers
from mnist_gui.gui.inside.architecture import ArchitecturePage
from tests.gui.scripted import prediction


@pytest.fixture
def page(qtbot: QtBot) -> ArchitecturePage:
    page = ArchitecturePage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.show_network("CNN, best", network_layers("cnn-deep"))
    qtbot.waitExposed(page)
    return page


def test_without_a_network_the_page_says_how_to_get_one(qtbot: QtBot) -> None:
    page = ArchitecturePage()
    qtbot.addWidget(page)
    page.show()
    assert page.title.text() == "No network yet: train one, or open one."
    assert not page.diagram.isVisible()
    page.show_network("CNN, best", network_layers("cnn"))
    assert page.title.text() == "CNN, best"
    assert page.diagram.isVisible()


def test_each_box_says_its_layer_shape_parameters_and_multiplications(
    page: ArchitecturePage,
) -> None:
    boxes = page.diagram.boxes
    assert len(boxes) == len(network_layers("cnn-deep"))
    interface = QAccessible.queryAccessibleInterface(boxes[1])
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == (
        "Convolution. Output: 24 \u00d7 24 \u00d7 32. Parameters: 800. Multiplications: 460,800."
    )
    assert boxes[-1].accessibleName().startswith("Ten digits. Output: 10.")
    assert page.totals.text() == (
        "In all: 141,930 parameters, 7,493,056 multiplications for each image."
    )


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("width", [300, 640, 1500])
def test_all_texts_fit_their_boxes_and_all_boxes_the_page(
    page: ArchitecturePage, qtbot: QtBot, name: str, width: int
) -> None:
    page.resize(width, 480)
    page.show_network(name, network_layers(name))
    diagram = page.diagram
    qtbot.waitUntil(lambda: diagram.height() >= diagram.heightForWidth(diagram.width()))
    for box in diagram.boxes:
        assert diagram.rect().contains(box.geometry())
        if not box.is_vertical:
            texts = map(box.fontMetrics().horizontalAdvance, (box.title, *box.numbers))
            assert max(texts) <= box.width()
    assert diagram.boxes[0].is_vertical == (width == 300)


def test_arrow_keys_walk_the_boxes_and_tab_comes_back_to_the_last_one(
    page: ArchitecturePage,
) -> None:
    boxes = page.diagram.boxes
    boxes[0].setFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_Right)
    assert boxes[1].hasFocus()
    assert page.sentence.text().startswith("Convolution: Slides 32 small patterns of 5 \u00d7 5")
    below = next(at for at, box in enumerate(boxes) if box.y() > boxes[0].y())
    QTest.keyClick(boxes[1], Qt.Key.Key_Down)
    assert boxes[1 + below].hasFocus()
    QTest.keyClick(boxes[1 + below], Qt.Key.Key_Home)
    QTest.keyClick(boxes[0], Qt.Key.Key_Left)
    assert boxes[0].hasFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_End)
    assert boxes[-1].hasFocus()
    tab = [box for box in boxes if box.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert tab == [boxes[-1]]


def test_enter_and_a_click_choose_a_layer(page: ArchitecturePage) -> None:
    chosen: list[Layer] = []
    page.layer_chosen.connect(chosen.append)
    QTest.keyClick(page.diagram.boxes[1], Qt.Key.Key_Return)
    QTest.mouseClick(page.diagram.boxes[5], Qt.MouseButton.LeftButton)
    assert chosen == [page.diagram.boxes[1].layer, page.diagram.boxes[5].layer]


def test_the_digit_stands_at_the_input_and_its_probabilities_at_the_output(
    page: ArchitecturePage,
) -> None:
    first, last = page.diagram.boxes[0], page.diagram.boxes[-1]
    before = last.grab().toImage()
    page.show_digit(np.full((28, 28), 200, np.uint8), prediction(7, 0.9))
    middle = QColor(first.grab().toImage().pixel(first.width() // 2, first.width() // 3))
    assert middle.getRgb()[:3] == (200, 200, 200)
    assert last.grab().toImage() != before
    page.show_digit(None, None)
    assert last.grab().toImage() == before
