import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.prediction import Evaluation, wilson_interval
from mnist_gui.gui.results.confusion_matrix import ConfusionMatrix
from mnist_gui.gui.results.view import ResultsView, Wish
from tests.gui.scripted import evaluation, images

LABELS = [0, 1, 2, 3, 4, 4, 4, 9]
READ_AS = [0, 1, 2, 3, 4, 9, 9, 9]


@pytest.fixture
def results(qtbot: QtBot) -> ResultsView:
    results = ResultsView()
    qtbot.addWidget(results)
    results.resize(600, 600)
    return results


@pytest.fixture
def matrix(qtbot: QtBot) -> ConfusionMatrix:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(520, 440)
    return matrix


def shown(results: ResultsView) -> list[int]:
    grid = results.grid
    return [grid.item(i).data(Qt.ItemDataRole.UserRole) for i in range(grid.count())]


def click(matrix: ConfusionMatrix, label: int, read_as: int) -> None:
    place = matrix.cell_rect(label, read_as).center().toPoint()
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)


def test_the_accuracy_stands_with_its_interval(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "A network")
    assert results.accuracy.text() == "75.00\u00a0%"
    assert "6 of 8" in results.interval.text()
    assert "40.93 to 92.85" in results.interval.text()
    assert results.title.text() == "A network"


def test_the_hardest_images_come_first(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    assert shown(results)[:2] == [5, 6]
    assert results.grid.item(0).text() == "4 \u2192 9\n9: 90.0\u00a0%\n4: 1.1\u00a0%"
    assert results.grid.item(2).text() == "0 \u2192 0\n0: 90.0\u00a0%"


def test_where_how_sure_it_was_is_not_known_the_misread_images_are_shown_without(
    results: ResultsView,
) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "", how_sure=False)
    assert shown(results) == [5, 6]
    assert results.grid.item(0).text() == "4 \u2192 9"
    assert not results.test_again_button.isHidden()
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    assert results.test_again_button.isHidden()


def test_a_cell_shows_its_images_and_the_button_the_hardest_again(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    click(results.matrix, 9, 9)
    assert shown(results) == [7]
    assert results.grid_title.text() == "9 read as 9 (1)"
    click(results.matrix, 0, 9)
    assert results.grid_title.text() == "No 0 was read as 9."
    QTest.mouseClick(results.hardest_button, Qt.MouseButton.LeftButton)
    assert len(shown(results)) == 8
    assert results.matrix.selected is None


def test_a_click_on_an_image_or_the_arrows_ask_to_see_it_alone(
    results: ResultsView, qtbot: QtBot
) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    results.show()
    chosen = []
    results.image_chosen.connect(lambda index, image: chosen.append((index, image.shape)))
    grid = results.grid
    place = grid.visualItemRect(grid.item(1)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen[-1] == (6, (28, 28))
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert chosen[-1] == (5, (28, 28))


def test_other_images_choose_none(results: ResultsView, qtbot: QtBot) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    results.show()
    qtbot.waitExposed(results)
    results.activateWindow()
    grid = results.grid
    place = grid.visualItemRect(grid.item(1)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chosen = []
    results.image_chosen.connect(lambda index, _: chosen.append(index))
    # As when another network is chosen, and then this one again, twice.
    for _ in range(2):
        results.show_untested("Another network")
        results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    assert not chosen


def test_of_very_many_images_a_few_are_shown_and_the_others_counted(results: ResultsView) -> None:
    count = 10_000
    results.show_evaluation(evaluation([1] * count, [1] * count), images(count), "")
    results.matrix.select(1, 1)
    assert len(shown(results)) == 200
    assert "9,800 more" in results.grid_title.text()


def test_an_image_in_the_grid_is_the_one_meant(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8) * 30, "")
    icon = results.grid.item(0).icon().pixmap(56, 56).toImage()
    assert icon.pixelColor(20, 20).red() == 150


def test_of_a_network_that_was_not_tested_there_is_a_sentence_and_a_button_alone(
    results: ResultsView,
) -> None:
    results.show()
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "One")
    results.show_untested("Another")
    assert results.untested_title.text() == "Another"
    assert results.untested_text.isVisible()
    assert results.test_button.text() == "Test this network"
    assert results.test_button.isVisible()
    assert not results.matrix.isVisible()
    assert not results.grid.isVisible()


def by_menu_key(widget: QWidget) -> None:
    """Ask a widget for its menu by the key."""
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)


def menu_in_front(qtbot: QtBot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_menu_key_opens_the_menu_of_the_image_that_is_chosen(
    results: ResultsView, qtbot: QtBot
) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    results.show()
    wished: list[tuple[Wish, int | None]] = []
    results.wished.connect(lambda wish, index: wished.append((wish, index)))
    results.grid.setCurrentRow(1)
    by_menu_key(results.grid.viewport())
    menu = menu_in_front(qtbot)
    for action in menu.actions():
        action.trigger()
    menu.close()
    wishes = (Wish.PUT_ON_PAD, Wish.EXPLAIN, Wish.COPY_PICTURE, Wish.SAVE_PICTURE)
    assert wished == [(wish, 6) for wish in wishes]


def test_the_menu_key_opens_the_matrix_menu_at_the_cell_that_is_chosen(
    results: ResultsView, qtbot: QtBot
) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "")
    results.show()
    wished: list[tuple[Wish, int | None]] = []
    places: list[QPoint] = []
    results.wished.connect(lambda wish, index: wished.append((wish, index)))
    results.matrix.menu_requested.connect(places.append)
    matrix = results.matrix
    matrix.select(9, 9)
    by_menu_key(matrix)
    assert places == [matrix.mapToGlobal(matrix.cell_rect(9, 9).center().toPoint())]
    menu = menu_in_front(qtbot)
    for action in menu.actions():
        action.trigger()
    menu.close()
    wishes = (Wish.COPY_PICTURE, Wish.SAVE_PICTURE, Wish.SAVE_COUNTS)
    assert wished == [(wish, None) for wish in wishes]


def test_clicks_and_arrow_keys_choose_cells(matrix: ConfusionMatrix) -> None:
    chosen: list[tuple[int, int]] = []
    matrix.cell_selected.connect(lambda label, read_as: chosen.append((label, read_as)))
    matrix.show_evaluation(evaluation(LABELS, READ_AS))
    click(matrix, 4, 9)
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    QTest.keyClick(matrix, Qt.Key.Key_Up)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    assert chosen == [(4, 9), (4, 9), (3, 9), (3, 8)]
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    QTest.mouseClick(matrix, Qt.MouseButton.RightButton, pos=matrix.rect().center())
    assert len(chosen) == 4


def test_the_focus_shows_where_the_arrow_keys_begin(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    chosen: list[tuple[int, int]] = []
    matrix.cell_selected.connect(lambda label, read_as: chosen.append((label, read_as)))
    cell = matrix.cell_rect(0, 0).toRect()
    before = matrix.grab(cell).toImage()
    matrix.show()
    matrix.setFocus()
    qtbot.waitUntil(matrix.hasFocus)
    assert matrix.grab(cell).toImage() != before
    assert chosen == []
    QTest.keyClick(matrix, Qt.Key.Key_Space)
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    assert chosen == [(0, 0), (1, 0)]


def test_the_selected_cell_can_be_heard(matrix: ConfusionMatrix) -> None:
    matrix.show_evaluation(evaluation(LABELS, READ_AS))
    matrix.select(4, 9)
    assert matrix.accessibleDescription().splitlines()[0] == "4 read as 9: 2 images"


def test_one_error_among_a_thousand_right_ones_can_be_seen(matrix: ConfusionMatrix) -> None:
    labels = np.repeat(np.arange(10), 100)
    read_as = labels.copy()
    read_as[0] = 5
    matrix.show_evaluation(evaluation(labels.tolist(), read_as.tolist()))
    image = matrix.grab().toImage()

    def colour(label: int, read_as: int) -> tuple[int, int, int]:
        place = matrix.cell_rect(label, read_as).toRect().topLeft() + QPoint(4, 4)
        red, green, blue, _ = image.pixelColor(place).getRgb()
        return red, green, blue

    empty, wrong, right = colour(5, 0), colour(0, 5), colour(1, 1)
    assert sum(abs(a - b) for a, b in zip(empty, wrong, strict=True)) > 150
    assert wrong[0] > wrong[2]
    assert right[2] > right[0]


def test_a_digit_without_images_has_no_share(matrix: ConfusionMatrix) -> None:
    none = Evaluation(np.empty(0, np.uint8), np.empty((0, 10), np.float32))
    matrix.show_evaluation(none)
    assert not matrix.grab().isNull()


def test_the_accuracy_on_own_digits_stands_beneath(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "A network")
    assert results.user_figure.isHidden()
    results.show_user_accuracy(evaluation([7, 1, 7], [7, 1, 1]))
    assert not results.user_figure.isHidden()
    assert results.user_figure.accuracy.text() == "66.7\u00a0%"
    assert "2 of 3 of your digits" in results.user_figure.words.text()
    results.show_user_accuracy(None)
    assert results.user_figure.isHidden()


def test_cells_show_counts_or_shares_of_their_row_or_column(results: ResultsView) -> None:
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "A network")
    counts = np.zeros((10, 10))
    for label, read_as in zip(LABELS, READ_AS, strict=True):
        counts[label, read_as] += 1
    assert np.array_equal(results.matrix.values(), counts)
    before = results.matrix.grab().toImage()
    results.shown_box.setCurrentIndex(1)
    for label in set(LABELS):
        wanted = counts[label] / LABELS.count(label)
        assert np.allclose(results.matrix.values()[label], wanted)
    assert results.matrix.grab().toImage() != before
    results.shown_box.setCurrentIndex(2)
    for read_as in set(READ_AS):
        wanted = counts[:, read_as] / READ_AS.count(read_as)
        assert np.allclose(results.matrix.values()[:, read_as], wanted)
    # There are neither sevens nor answers with a seven.
    assert not results.matrix.values()[7].any()


def test_a_cell_tells_its_shares_and_how_its_digit_does_with_intervals(
    matrix: ConfusionMatrix,
) -> None:
    # Of ten fours, eight are right; two of four nines are.
    labels, read_as = [4] * 10 + [9] * 2, [4] * 8 + [9] * 4
    matrix.show_evaluation(evaluation(labels, read_as))
    matrix.select(4, 9)
    first, shares, accuracy, precision = matrix.accessibleDescription().splitlines()
    assert first == "4 read as 9: 2 images"
    assert shares == "20.0\u00a0% of the images of 4, 50.0\u00a0% of the answers 9."
    low, high = wilson_interval(8, 10)
    interval = f"(95 % interval {100 * low:.1f} to {100 * high:.1f} %)"
    assert accuracy == f"Of the images of 4, 80.0\u00a0% are right {interval}."
    assert precision.startswith("Of the answers 4, 100.0\u00a0% are right (95 % interval ")


def test_pointing_beside_a_row_or_below_a_column_tells_of_that_digit(
    matrix: ConfusionMatrix,
) -> None:
    matrix.show_evaluation(evaluation([4, 9], [4, 4]))
    cell = matrix.cell_rect(4, 9).center()
    beside = QPointF(matrix.width() - 10, cell.y())
    assert "Of the images of 4, 100.0" in matrix.words_at(beside)
    below = QPointF(matrix.cell_rect(9, 4).center().x(), matrix.height() - 3)
    assert "Of the answers 4, 50.0" in matrix.words_at(below)
    assert matrix.words_at(QPointF(2, 2)) == ""
    assert matrix.words_at(QPointF(2, matrix.cell_rect(0, 0).center().y())) == ""


def test_where_there_is_room_each_accuracy_has_its_interval_beside_it(
    matrix: ConfusionMatrix,
) -> None:
    matrix.show_evaluation(evaluation([4, 9], [4, 9]))

    def reach(width: int) -> float:
        """Return how far beside the cells something is written."""
        matrix.resize(width, 400)
        picture = matrix.grab().toImage()
        row = matrix.cell_rect(4, 9).toRect()
        ground = picture.pixel(width - 1, row.top())
        lines = range(row.top() + 2, row.bottom() - 2)
        beside = range(row.right() + 2, width)
        written = [x for x in beside if any(picture.pixel(x, y) != ground for y in lines)]
        return max(written) - row.right()

    assert reach(420) < 90 < reach(1_000)


def test_while_it_trains_the_selected_cell_stays_and_no_image_is_chosen(
    results: ResultsView,
) -> None:
    chosen: list[int] = []
    results.image_chosen.connect(lambda index, _image: chosen.append(index))
    results.show_live(evaluation(LABELS, READ_AS), images(8), "A network, while it trains")
    assert "of 8 validation images" in results.interval.text()
    assert results.grid_title.text().startswith("Hardest validation images")
    results.matrix.select(4, 9)
    results.show_live(evaluation(LABELS, READ_AS), images(8), "A network, while it trains")
    assert results.matrix.selected == (4, 9)
    assert results.grid_title.text().startswith("4 read as 9")
    results.grid.itemClicked.emit(results.grid.item(0))
    assert chosen == []
    assert len(results.image_menu(0).actions()) == 2
    results.show_evaluation(evaluation(LABELS, READ_AS), images(8), "A network")
    assert results.matrix.selected is None
