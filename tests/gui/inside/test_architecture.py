import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import Layer, network_layers
from mnist_gui.engine.inside.times import LayerTimes
from mnist_gui.gui.inside.architecture import ArchitecturePage
from tests.gui.scripted import prediction


@pytest.fixture
def page(qtbot: QtBot) -> ArchitecturePage:
    page = ArchitecturePage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.show_network("CNN, best", network_layers("cnn-deep"))
    page.show_body()
    qtbot.waitExposed(page)
    return page


def test_each_box_says_its_layer_shape_parameters_and_multiplications(
    page: ArchitecturePage,
) -> None:
    boxes = page.diagram.boxes
    assert len(boxes) == len(network_layers("cnn-deep"))
    interface = QAccessible.queryAccessibleInterface(boxes[1])
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == (
        "Convolution 1. Output: 24 \u00d7 24 \u00d7 32. Parameters: 800. Multiplications: 460,800."
    )
    assert boxes[-1].accessibleName().startswith("Output layer. Output: 10.")
    assert page.totals.text() == (
        "In all: 141,930 parameters, 7,493,056 multiplications for each image.\n"
        "Most parameters: Convolution 4 has 52\u00a0%."
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
            assert box.fontMetrics().horizontalAdvance(box.title) <= box.width()
            texts = map(QFontMetrics(box.strong_font()).horizontalAdvance, box.numbers)
            assert max(texts) <= box.width()
    assert diagram.boxes[0].is_vertical == (width == 300)


def test_arrow_keys_walk_the_boxes_and_tab_comes_back_to_the_last_one(
    page: ArchitecturePage,
) -> None:
    boxes = page.diagram.boxes
    boxes[0].setFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_Right)
    assert boxes[1].hasFocus()
    assert page.sentence.text().startswith("Convolution 1: Slides 32 small patterns of 5 \u00d7 5")
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


def test_the_layers_with_most_parameters_and_most_time_are_said_and_bold(
    page: ArchitecturePage,
) -> None:
    layers = network_layers("cnn-deep")
    boxes = page.diagram.boxes
    assert [at for at, box in enumerate(boxes) if box.has_most_parameters] == [12]
    assert not page.time_box.isVisible()
    one = LayerTimes(1, tuple(0.001 for _ in layers))
    batch = LayerTimes(100, tuple(0.005 if at == 5 else 0.0003 for at, _ in enumerate(layers)))
    page.show_times((one, batch))
    assert page.time.text() == (
        "Most time: Convolution 2 takes 51\u00a0% of 9.80 ms, measured on this computer with 100 "
        "images at once."
    )
    assert [at for at, box in enumerate(boxes) if box.has_most_time] == [5]
    assert [boxes[5].time, boxes[6].time] == ["51\u00a0%", "3\u00a0%"]
    boxes[5].setFocus()
    assert page.sentence.text().endswith("It takes 51\u00a0% of the time: 5.00 ms of 9.80 ms.")
    assert (
        boxes[5]
        .accessibleDescription()
        .endswith("It takes 51\u00a0% of the time: 5.00 ms of 9.80 ms.")
    )
    page.time_box.setCurrentIndex(0)
    assert page.time.text().endswith("of 17.00 ms, measured on this computer with one image.")
    page.show_network("Softmax", network_layers("softmax"))
    page.show_time_message("Measuring")
    assert page.time.text() == "Measuring"
    assert page.diagram.boxes[1].time == ""


@pytest.mark.parametrize("width", [300, 900])
def test_a_bar_is_as_long_as_the_share_of_the_time(page: ArchitecturePage, width: int) -> None:
    page.resize(width, 600)
    box, last = page.diagram.boxes[5], page.diagram.boxes[-1]

    def filled() -> list[int]:
        accent = box.palette().accent().color().rgb()
        bars = []
        for each in (box, last):
            picture = each.grab().toImage()
            rows = range(picture.height())
            lines = [
                sum(picture.pixel(x, y) == accent for x in range(picture.width())) for y in rows
            ]
            bars.append(max(lines))
        return bars

    for share in (0.5, 0.25):
        box.show_time(share, "", is_most=False)
        last.show_time(1.0, "", is_most=False)
        part, whole = filled()
        assert part == pytest.approx(whole * share, abs=2)


def test_the_digits_maps_are_in_the_boxes_blue_above_0_and_orange_below(
    page: ArchitecturePage,
) -> None:
    box = page.diagram.boxes[1]
    blank = box.grab().toImage()
    maps = np.zeros((4, 24, 24), np.float32)
    maps[0], maps[3] = 2, -2
    page.show_maps([maps] * len(page.diagram.boxes))
    picture = box.grab().toImage()
    quarter = box.width() // 3
    upper, lower = (QColor(picture.pixel(at, at - 8)) for at in (quarter, 2 * quarter))
    assert upper.blue() > upper.red() + 100
    assert lower.red() > lower.blue() + 100
    page.show_maps(None)
    assert box.grab().toImage() == blank
