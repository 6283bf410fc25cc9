import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mnist_gui.engine.inside.filters import FirstLayer
from mnist_gui.gui.common.theme import DARK_SHADES, LIGHT_SHADES, palette
from mnist_gui.gui.inside.text import signed
from mnist_gui.gui.inside.weights import WeightsPage, Wish


def digits() -> FirstLayer:
    """Return ten images that speak for ink on the left and against it on the right."""
    images = np.zeros((10, 28, 28), np.float32)
    images[:, :, :14], images[:, :, 14:] = 0.5, -0.5
    return FirstLayer("output", images, np.zeros(10, np.float32))


def filters() -> FirstLayer:
    """Return three filters: a weak edge, a strong spot and a weaker line."""
    places = np.arange(5, dtype=np.float32) - 2
    x, y = np.meshgrid(places, places)
    images = np.stack([0.1 * np.sign(x), 3.6 - x**2 - y**2, 1 - 0.75 * np.abs(y)])
    return FirstLayer("convolution_1", images.astype(np.float32), None)


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
    page.show_layer("Softmax", digits())
    page.tiles.setPalette(palette(DARK_SHADES if shades is DARK_SHADES else LIGHT_SHADES))
    left, right = left_and_right(page.picture(3))
    assert left.blue() > left.red() + 100
    assert right.red() > right.blue() + 100
    assert left_and_right(page.enlarged.grab().toImage()) == (left, right)
    assert page.legend.against.text() == "against: \u22120.50 or less"
    assert page.legend.speaks_for.text() == "for: +0.50 or more"


def test_what_rounds_to_0_has_no_sign() -> None:
    assert [signed(value, 2) for value in (-0.004, 0.0, 0.004)] == ["0.00"] * 3
    assert [signed(value, 2) for value in (-0.006, 0.006)] == ["\u22120.01", "+0.01"]


def test_an_untrained_softmax_regression_has_learnt_nothing(page: WeightsPage) -> None:
    blank = FirstLayer("output", np.zeros((10, 28, 28), np.float32), np.zeros(10, np.float32))
    page.show_layer("Softmax", blank)
    assert page.sentence.text() == "All weights are 0: nothing has been learnt yet."
    left, right = left_and_right(page.picture(0))
    assert left == right


def test_arrow_keys_choose_the_image_that_is_enlarged(page: WeightsPage) -> None:
    page.show_layer("CNN", filters())
    assert page.image_title.text() == "Filter 1"
    assert page.sentence.text() == (
        "Blue and orange side by side: it looks for an edge that runs from top to bottom."
    )
    QTest.keyClick(page.tiles, Qt.Key.Key_Right)
    assert page.image_title.text() == "Filter 2"
    assert page.sentence.text().startswith("Blue in the middle, orange around")
    assert page.figures.text() == "Weights from \u22124.400 to +3.600"


def test_the_image_under_the_pointer_is_enlarged(page: WeightsPage, qtbot: QtBot) -> None:
    page.show_layer("CNN", filters())
    tiles = page.tiles
    last = tiles.visualRect(tiles.filters.index(2)).center()
    qtbot.mouseMove(tiles.viewport(), last)
    qtbot.waitUntil(lambda: page.image_title.text() == "Filter 3")


def test_new_weights_are_shown_where_the_old_ones_were(page: WeightsPage) -> None:
    page.show_layer("CNN", filters())
    page.tiles.choose(2)
    before, changed = page.picture(2), filters()
    changed.images[2] *= -1
    page.show_layer("CNN, after 10 steps", changed)
    assert page.title.text() == "CNN, after 10 steps"
    assert page.image_title.text() == "Filter 3"
    assert page.sentence.text().startswith("An orange stripe with blue beside it")
    assert page.picture(2) != before


def test_the_largest_comes_first_if_sorted_by_size(page: WeightsPage) -> None:
    page.show_layer("CNN", filters())
    model = page.tiles.filters
    titles = [model.data(model.index(row)) for row in range(3)]
    assert titles == ["1", "2", "3"]
    page.order_box.setCurrentIndex(1)
    assert [model.data(model.index(row)) for row in range(3)] == ["2", "3", "1"]
    assert page.tiles.currentIndex().row() == 2, "what was chosen stays chosen"
    QTest.keyClick(page.tiles, Qt.Key.Key_Home)
    assert page.image_title.text() == "Filter 2"


def test_pointer_and_arrow_keys_ask_for_a_single_weight(page: WeightsPage, qtbot: QtBot) -> None:
    page.show_layer("CNN", filters())
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

    page.show_layer("CNN", filters())
    assert colours_in_a_square() > 2
    page.show_layer("Softmax", digits())
    assert colours_in_a_square() == 1


def test_the_menus_wishes_are_about_one_image_or_about_all(page: WeightsPage) -> None:
    page.show_layer("CNN", filters())
    wishes: list[tuple[Wish, int | None]] = []
    page.wished.connect(lambda wish, place: wishes.append((wish, place)))
    for place, title in ((None, "All images"), (2, "Filter 3")):
        head, *actions = page.menu(place).actions()
        assert head.text() == title
        for action in actions:
            action.trigger()
    assert wishes == [(wish, place) for place in (None, 2) for wish in Wish]


def test_the_menu_opens_on_what_is_enlarged_and_on_all(page: WeightsPage, qtbot: QtBot) -> None:
    page.show_layer("CNN", filters())
    for widget, title in ((page.tiles.viewport(), "All images"), (page.enlarged, "Filter 1")):
        at = widget.rect().center()
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        assert popup.actions()[0].text() == title
        popup.close()


def test_the_picture_of_all_has_what_scrolls_out_of_view(page: WeightsPage) -> None:
    many = FirstLayer("convolution_1", np.ones((400, 5, 5), np.float32), None)
    page.show_layer("CNN", many)
    sheet = page.picture(None)
    assert sheet.height() > page.tiles.height()
    bottom = QColor(sheet.pixel(sheet.width() // 20, sheet.height() - 40))
    assert bottom.blue() > bottom.red() + 100
