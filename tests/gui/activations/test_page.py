import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.inside.layers import LayerKind
from mnist_gui.engine.inside.passage import pass_image
from mnist_gui.engine.inside.receptive_field import Field, receptive_field
from mnist_gui.engine.inside.unit import source, trace
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.activations.page import ActivationsPage
from mnist_gui.gui.activations.pictures import coloured, layer_strip
from mnist_gui.gui.common.diverging import diverging_colormap
from tests.engine.inside.test_forward import OTHERS
from tests.gui.activations.networks import image, network, passage


@pytest.fixture
def page(qtbot: QtBot) -> ActivationsPage:
    page = ActivationsPage()
    qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    return page


def show(page: ActivationsPage, architecture: str) -> None:
    page.show_passage(passage(architecture))
    page.show_body()
    QTest.qWait(1)


def test_it_begins_with_what_learns_first_and_counts_most_for_the_digit_read(
    page: ActivationsPage,
) -> None:
    show(page, "cnn")
    of = passage("cnn")
    units = trace(of, len(of.layers) - 1, (of.digit,))
    assert (page.place, page.unit) == (1, units[1])
    show(page, "softmax")
    assert (page.place, page.unit) == (2, (passage("softmax").digit,))
    assert page.heading.text() == "Step 3 of 6: Output layer \u00b7 10"


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_every_layer_is_shown_with_its_numbers_and_the_one_that_is_followed(
    architecture: str, page: ActivationsPage
) -> None:
    show(page, architecture)
    of = page.passage
    assert of is not None
    assert len(page.steps.buttons) == len(of.layers)
    followed = trace(of, page.place, page.unit)
    for place, layer in enumerate(of.layers):
        page.steps.buttons[place].click()
        assert page.unit == followed[place]
        followed = trace(of, place, page.unit)
        tiles = page.tiles.tiles
        assert tiles is not None
        assert tiles.count == layer.shape[-1]
        assert page.panel.title.text()
        assert page.panel.sentence.text()
        grid = page.panel.digit.grid
        if layer.kind is not LayerKind.INPUT:
            assert grid.frame == receptive_field(of.layers, place, page.unit)
    assert page.panel.title.text().startswith("If the label is ")


def test_the_number_under_the_pointer_is_shown_until_the_pointer_leaves(
    page: ActivationsPage,
) -> None:
    show(page, "cnn")
    before = page.panel.title.text()
    unit = (10, 20, 6)
    at = page.tiles.unit_rect(unit).center()
    QTest.mouseMove(page.tiles.viewport(), at.toPoint())
    assert page.panel.title.text().startswith("Map 7, row ")
    page.tiles.unit_pointed.emit(None)
    assert page.panel.title.text() == before
    QTest.mouseClick(page.tiles.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert page.unit == page.tiles.unit_at(QPointF(at.toPoint()))
    page.tiles.unit_pointed.emit(None)
    assert page.panel.title.text().startswith("Map 7, row ")


def test_keys_walk_from_number_to_number_and_from_map_to_map(page: ActivationsPage) -> None:
    show(page, "cnn")
    page.choose((5, 27, 0))
    page.tiles.setFocus()
    QTest.keyClick(page.tiles, Qt.Key.Key_Down)
    assert page.unit == (6, 27, 0)
    QTest.keyClick(page.tiles, Qt.Key.Key_Right)
    assert page.unit == (6, 0, 1)
    QTest.keyClick(page.tiles, Qt.Key.Key_PageDown)
    assert page.unit == (6, 0, 2)
    QTest.keyClick(page.tiles, Qt.Key.Key_Left)
    QTest.keyClick(page.tiles, Qt.Key.Key_PageUp)
    assert page.unit == (6, 27, 0)
    assert page.tiles.accessibleDescription().startswith("Map 1, row 6, column 27: ")
    page.choose((0, 0, 0))
    QTest.keyClick(page.tiles, Qt.Key.Key_Up)
    assert page.unit == (0, 0, 0)


def test_the_enlarged_map_is_walked_in_too(page: ActivationsPage) -> None:
    show(page, "cnn-lean")
    page.choose((3, 3, 4))
    grid = page.panel.map.grid
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert page.unit == (2, 3, 4)
    assert grid.mark == (2, 3)
    at = grid.cell_rect(10, 11).center().toPoint()
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=at)
    assert page.unit == (10, 11, 4)


def test_arrow_keys_walk_through_the_layers(page: ActivationsPage) -> None:
    show(page, "cnn")
    buttons = page.steps.buttons
    buttons[1].setFocus()
    QTest.keyClick(buttons[1], Qt.Key.Key_Right)
    assert page.place == 2
    assert buttons[2].isChecked()
    assert buttons[2].focusPolicy() == Qt.FocusPolicy.StrongFocus
    QTest.keyClick(buttons[2], Qt.Key.Key_End)
    assert page.place == len(buttons) - 1
    assert not page.on_button.isEnabled()
    QTest.keyClick(buttons[-1], Qt.Key.Key_Home)
    assert page.place == 0
    assert not page.back_button.isEnabled()


def test_a_number_is_followed_back_and_on(page: ActivationsPage) -> None:
    show(page, "cnn-deep")
    page.go_to(5)
    of, unit = page.passage, page.unit
    assert of is not None
    page.back_button.click()
    assert (page.place, page.unit) == (4, source(of, 5, unit))
    page.on_button.click()
    assert page.place == 5


def test_a_line_of_the_sum_leads_to_its_input(page: ActivationsPage) -> None:
    show(page, "cnn")
    page.choose((9, 9, 3))
    table = page.panel.table
    table.setFocus()
    table.selectRow(7)
    line = table.sums.written.lines[7]
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert (page.place, page.unit) == (0, line.source)


def test_a_map_in_the_sum_opens_its_products(page: ActivationsPage) -> None:
    show(page, "cnn")
    page.go_to(4)
    table = page.panel.table
    row = next(place for place, line in enumerate(table.sums.written.lines) if line.map == 30)
    table.setFocus()
    table.selectRow(row)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert page.place == 4
    assert page.panel.patch.caption.text() == "Patch of map 31"
    lines = table.sums.written.lines
    at = next(place for place, line in enumerate(lines) if line.map == 30)
    assert lines[at + 1].map is None


def test_another_digit_keeps_the_number_that_is_looked_at(page: ActivationsPage) -> None:
    show(page, "cnn")
    page.go_to(4)
    page.choose((2, 3, 60))
    page.show_passage(pass_image(network("cnn"), np.roll(image(), 3, axis=1)))
    assert (page.place, page.unit) == (4, (2, 3, 60))
    assert page.passage is not None
    value = page.passage.value(4, (2, 3, 60))
    assert f"{abs(value):.3f}" in page.panel.title.text()


def test_blue_is_positive_orange_negative_and_the_strength_is_the_size(qtbot: QtBot) -> None:
    colours = QPalette()
    numbers = np.array([[2.0, -2.0, 0.0, 1.0, np.nan, np.inf]], np.float32)
    picture = coloured(numbers, 2.0, colours)
    seen = [picture.pixelColor(column, 0) for column in range(6)]
    colormap = diverging_colormap(colours)
    shares = (1.0, -1.0, 0.0, 0.5, 0.0, 1.0)
    assert seen == [colormap.colour(share) for share in shares]


def test_the_evidence_of_softmax_regression_is_where_the_ink_is(qtbot: QtBot) -> None:
    of = passage("softmax")
    strip = layer_strip(of, 2, QPalette())
    assert (strip.rows, strip.columns, strip.picture.height()) == (28, 28, 280)
    weights = of.snapshot.weights["output/kernel"].reshape(28, 28, 10)
    ground = strip.picture.pixelColor(0, 0)
    for digit in range(10):
        assert strip.picture.pixelColor(0, 28 * digit) == ground
        colour = strip.picture.pixelColor(14, 28 * digit + 10)
        is_blue = colour.blue() > colour.red()
        assert is_blue == bool(weights[10, 14, digit] > 0)


def test_the_digit_with_the_most_evidence_is_bold_and_the_least_loss_too(
    page: ActivationsPage,
) -> None:
    show(page, "softmax")
    of = page.passage
    assert of is not None
    for place in range(2, 6):
        page.go_to(place)
        assert page.tiles.tiles is not None
        assert page.tiles.tiles.largest == of.digit
        assert page.tiles.tiles.texts[of.digit].startswith(f"{of.digit}: ")


def test_a_network_of_numbers_that_are_none_is_shown_nevertheless(page: ActivationsPage) -> None:
    broken = network("softmax")
    weights = dict(broken.weights)
    weights["output/bias"] = np.array([np.nan, 1e30, *[0.0] * 8], np.float32)
    with np.errstate(all="ignore"):
        page.show_passage(pass_image(Snapshot(broken.recipe, 1, weights), image()))
        for place in range(len(page.steps.buttons)):
            page.go_to(place)
            page.grab()
    assert page.panel.title.text()


def test_other_colours_and_narrow_windows_are_followed(page: ActivationsPage) -> None:
    show(page, "cnn")
    light = page.tiles.grab().toImage()
    colours = QPalette()
    colours.setColor(QPalette.ColorRole.Base, "#101010")
    page.setPalette(colours)
    assert page.tiles.grab().toImage() != light
    page.resize(380, 700)
    assert page.panel.y() > page.tiles.y()


def test_the_frame_is_where_the_number_looks(page: ActivationsPage) -> None:
    show(page, "cnn")
    page.choose((10, 4, 0))
    grid = page.panel.digit.grid
    assert grid.frame == Field(8, 2, 13, 7)
    # On the paper, beside the stroke.
    edge = grid.cell_rect(10, 2).topLeft().toPoint()
    picture = grid.grab().toImage().scaled(grid.size())
    row = [picture.pixelColor(edge.x() + away, edge.y()).lightness() for away in range(-8, 9)]
    assert max(row[5:12]) > 200
    assert max(row[:3] + row[14:]) < 50
