import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.weight_images import (
    Order,
    WeightChoice,
    WeightImages,
    layers_with_images,
    weight_images,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import signed
from mnist_gui.gui.common.theme import DARK_SHADES, LIGHT_SHADES, palette
from mnist_gui.gui.inside.weights import WeightsPage
from mnist_gui.gui.views.page import Wish
from tests.engine.inside.test_forward import random_network


def digits(weight: float = 0.5) -> WeightImages:
    """Return ten images that speak for ink on the left and against it on the right."""
    kernel = np.zeros((28, 28, 10), np.float32)
    kernel[:, :14], kernel[:, 14:] = weight, -weight
    weights = {"output/kernel": kernel.reshape(784, 10), "output/bias": np.zeros(10, np.float32)}
    return weight_images(Snapshot(RECIPES["softmax-best"], 1, weights), WeightChoice())


def filters(order: Order = Order.NUMBER, sign: int = 1) -> WeightImages:
    """Return filters of which the first are a weak edge, a strong spot and a weaker line."""
    places = np.arange(5, dtype=np.float32) - 2
    x, y = np.meshgrid(places, places)
    images = np.zeros((16, 5, 5), np.float32)
    images[:3] = [0.1 * np.sign(x), 3.6 - x**2 - y**2, sign * (1 - 0.75 * np.abs(y))]
    kernel = np.moveaxis(images, 0, -1)[:, :, np.newaxis]
    snapshot = Snapshot(RECIPES["cnn-fast"], 1, {"convolution_1/kernel": kernel})
    return weight_images(snapshot, WeightChoice(order=order))


def show(page: WeightsPage, weights: WeightImages, title: str = "CNN") -> None:
    """Show weights of whichever network has such a layer."""
    has_it = (name for name in ARCHITECTURES if weights.layer in layers_with_images(name))
    page.show_weights(title, next(has_it), weights)
    page.show_body()


@pytest.fixture
def page(qtbot: QtBot) -> WeightsPage:
    page = WeightsPage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitExposed(page)
    return page


def left_and_right(picture: QImage) -> tuple[QColor, QColor]:
    y = picture.height() // 2
    sides = (picture.width() // 4, 3 * picture.width() // 4)
    left, right = (QColor(picture.pixel(x, y)) for x in sides)
    return left, right


@pytest.mark.parametrize("shades", [LIGHT_SHADES, DARK_SHADES])
def test_weights_for_are_blue_and_weights_against_are_orange(
    page: WeightsPage, shades: object
) -> None:
    assert shades in (LIGHT_SHADES, DARK_SHADES)
    show(page, digits())
    page.tiles.setPalette(palette(DARK_SHADES if shades is DARK_SHADES else LIGHT_SHADES))
    left, right = left_and_right(page.picture_of(3))
    assert left.blue() > left.red() + 100
    assert right.red() > right.blue() + 100
    assert left_and_right(page.enlarged.grab().toImage()) == (left, right)
    assert page.legend.against.text() == "against: \u22120.50 or less"
    assert page.legend.speaks_for.text() == "for: +0.50 or more"


def test_what_rounds_to_0_has_no_sign() -> None:
    assert [signed(value, 2) for value in (-0.004, 0.0, 0.004)] == ["0.00"] * 3
    assert [signed(value, 2) for value in (-0.006, 0.006)] == ["\u22120.01", "+0.01"]


def test_an_untrained_softmax_regression_has_learnt_nothing(page: WeightsPage) -> None:
    show(page, digits(0))
    assert page.sentence.text() == "All weights are 0: nothing has been learnt yet."
    left, right = left_and_right(page.picture_of(0))
    assert left == right


def test_arrow_keys_choose_the_image_that_is_enlarged(page: WeightsPage) -> None:
    show(page, filters())
    assert page.image_title.text() == "Filter 1"
    assert page.sentence.text() == (
        "Blue and orange side by side: it looks for an edge that runs from top to bottom."
    )
    QTest.keyClick(page.tiles, Qt.Key.Key_Right)
    assert page.image_title.text() == "Filter 2"
    assert page.sentence.text().startswith("Blue in the middle, orange around")
    assert page.figures.text() == "Weights from \u22124.400 to +3.600"


def test_the_image_under_the_pointer_is_enlarged(page: WeightsPage, qtbot: QtBot) -> None:
    show(page, filters())
    tiles = page.tiles
    last = tiles.visualRect(tiles.filters.index(2)).center()
    qtbot.mouseMove(tiles.viewport(), last)
    qtbot.waitUntil(lambda: page.image_title.text() == "Filter 3")


def test_new_weights_are_shown_where_the_old_ones_were(page: WeightsPage) -> None:
    show(page, filters())
    page.tiles.choose(2)
    before = page.picture_of(2)
    show(page, filters(sign=-1), "CNN, after 10 steps")
    assert page.title.text() == "CNN, after 10 steps"
    assert page.image_title.text() == "Filter 3"
    assert page.sentence.text().startswith("An orange stripe with blue beside it")
    assert page.picture_of(2) != before


def test_the_largest_comes_first_if_sorted_by_size(page: WeightsPage) -> None:
    show(page, filters())
    model = page.tiles.filters
    titles = [model.data(model.index(row)) for row in range(3)]
    assert titles == ["1", "2", "3"]
    show(page, filters(Order.SIZE))
    assert [model.data(model.index(row)) for row in range(3)] == ["2", "3", "1"]
    assert page.tiles.currentIndex().row() == 2, "what was chosen stays chosen"
    QTest.keyClick(page.tiles, Qt.Key.Key_Home)
    assert page.image_title.text() == "Filter 2"


def test_pointer_and_arrow_keys_ask_for_a_single_weight(page: WeightsPage, qtbot: QtBot) -> None:
    show(page, filters())
    page.tiles.choose(1)
    enlarged = page.enlarged
    qtbot.mouseMove(enlarged, enlarged.pixel_rect(0, 0).center().toPoint())
    qtbot.waitUntil(lambda: page.pixel.text() == "Row 0, column 0: \u22124.400")
    enlarged.setFocus()
    QTest.keyClick(enlarged, Qt.Key.Key_Right)
    assert enlarged.accessibleDescription() == "Row 0, column 1: \u22121.400"
    page.tiles.setFocus()
    assert page.pixel.text() == ""


def test_numbers_stand_in_the_squares_where_there_is_room(page: WeightsPage) -> None:
    def colours_in_a_square() -> int:
        picture, place = page.enlarged.grab().toImage(), page.enlarged.pixel_rect(1, 1).toRect()
        inside = place.adjusted(2, 2, -2, -2)
        part = picture.copy(inside)
        points = [(x, y) for x in range(part.width()) for y in range(part.height())]
        return len({part.pixel(*point) for point in points})

    show(page, filters())
    assert colours_in_a_square() > 2
    show(page, digits())
    assert colours_in_a_square() == 1


def test_the_menus_wishes_are_about_one_image_or_about_all(page: WeightsPage) -> None:
    show(page, filters())
    page.tiles.choose(2)
    wishes: list[tuple[Wish, int | None]] = []
    page.wished.connect(lambda wish: wishes.append((wish, page.wished_place)))
    for menu in (page.one_menu, page.menu):
        menu.aboutToShow.emit()
        for action in menu.actions():
            action.trigger()
    assert wishes == [(wish, place) for place in (2, None) for wish in Wish]


def test_the_menu_opens_on_what_is_enlarged_and_on_all(page: WeightsPage, qtbot: QtBot) -> None:
    show(page, filters())
    for widget, menu in ((page.tiles.viewport(), page.menu), (page.enlarged, page.one_menu)):
        at = widget.rect().center()
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)
        assert QApplication.activePopupWidget() is menu
        menu.close()


def test_the_picture_of_all_has_what_scrolls_out_of_view(page: WeightsPage) -> None:
    show(page, weight_images(random_network("cnn"), WeightChoice("hidden")))
    sheet = page.picture_of(None)
    assert sheet.height() > page.tiles.height()
    seen = sheet.copy(0, sheet.height() - 60, sheet.width(), 30)
    pixels = {seen.pixel(x, 15) for x in range(seen.width())}
    assert len(pixels) > 10


def test_layer_input_map_and_order_are_chosen(page: WeightsPage) -> None:
    show(page, weight_images(random_network("cnn-lean"), WeightChoice("hidden")))
    chosen: list[WeightChoice] = []
    page.choice_changed.connect(chosen.append)
    assert [page.layer_box.itemText(at) for at in range(4)] == [
        "Convolution 1",
        "Convolution 2",
        "Dense layer",
        "Output layer",
    ]
    assert page.source_box.count() == 33
    page.source_box.setCurrentIndex(3)
    page.order_box.setCurrentIndex(3)
    page.layer_box.setCurrentIndex(1)
    assert chosen == [
        WeightChoice("hidden", 2, Order.NUMBER),
        WeightChoice("hidden", 2, Order.DIGIT),
        WeightChoice("convolution_2", 2, Order.DIGIT),
    ]
    show(page, filters())
    assert not page.source_box.isVisible()
    assert page.order_box.count() == 3, "filters speak for no digit by themselves"
    assert len(chosen) == 3, "what is shown is not chosen again"


def test_what_a_unit_reads_and_speaks_for_is_said(page: WeightsPage) -> None:
    snapshot = random_network("cnn-lean")
    kernel, votes = (snapshot.weights[f"{name}/kernel"] for name in ("hidden", "output"))
    kernel[...] = 0.1
    kernel[(2 * 5 + 3) * 32 + 7, 4] = -0.9
    votes[4] = [0, 0, 0, 0.75, 0, 0, 0, 0, -0.5, 0]
    show(page, weight_images(snapshot, WeightChoice("hidden", 7, Order.DIGIT)))
    page.tiles.choose(4)
    assert page.purpose.text().startswith("How each unit reads map 8 of 32, place by place")
    assert page.image_title.text() == "Unit 5"
    assert page.sentence.text() == (
        "When it fires, it speaks most for 3 (+0.75) and most against 8 (\u22120.50)."
    )
    assert page.figures.text().splitlines()[1] == (
        "Its largest weight is for map 8, row 2, column 3: \u22120.900"
    )
    model = page.tiles.filters
    assert model.data(page.tiles.currentIndex()) == "3"


def test_the_units_that_speak_for_a_digit_are_said(page: WeightsPage) -> None:
    snapshot = random_network("cnn-lean")
    votes = snapshot.weights["output/kernel"]
    votes[20, 6], votes[63, 6] = 2, -2
    show(page, weight_images(snapshot, WeightChoice("output")))
    page.tiles.choose(6)
    assert page.sentence.text() == (
        "Unit 21 speaks most for 6 (+2.00), unit 64 most against it (\u22122.00)."
    )
    enlarged = page.enlarged
    enlarged.setFocus()
    QTest.keyClick(enlarged, Qt.Key.Key_Down)
    assert page.pixel.text().startswith("Unit 45: ")


def test_only_units_before_the_digits_are_said_to_speak_for_them(page: WeightsPage) -> None:
    name = "dense20-tanh dense16-tanh"
    snapshot = random_network(name)
    snapshot.weights["output/kernel"][0, [4, 7]] = 2, -2
    for layer, said in (
        ("hidden_1", "Blue places raise the sum of the unit, orange ones lower it."),
        ("hidden_2", "The larger its number is, the more it speaks for 4 (+2.00) and against 7 ("),
    ):
        page.show_weights("Theirs", name, weight_images(snapshot, WeightChoice(layer)))
        page.show_body()
        assert page.sentence.text().startswith(said)
    three = "dense20 dense16 dense12"
    shown = weight_images(random_network(three), WeightChoice("hidden_2"))
    page.show_weights("Theirs", three, shown)
    assert shown.votes is None
    assert "Blue units raise the sum of the unit" in page.purpose.text()
    assert page.sentence.text().startswith("Unit ")
