from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.view import describe_digit
from tests.gui import scripted


def picture(height: int = 100, width: int = 200) -> Picture:
    colours = np.full((height, width, 3), 255, np.uint8)
    return Picture(np.ones((height, width), np.float32), colours, (width, height))


def reading(rows: Sequence[str], probability: float = 0.95) -> PicturePrediction:
    """Return a reading of digits that stand in a grid of four columns and two rows."""
    digits: list[FoundDigit] = []
    predictions: list[Prediction] = []
    for r, row in enumerate(rows):
        for c, digit in enumerate(row):
            box = (0.05 + c / 4, 0.1 + r / 2, 0.2 + c / 4, 0.45 + r / 2)
            image = np.full((28, 28), 10 * len(digits), np.uint8)
            digits.append(FoundDigit(image, box, r))
            predictions.append(scripted.prediction(int(digit), probability))
    return PicturePrediction(tuple(digits), tuple(predictions))


@pytest.fixture
def page(qtbot: QtBot) -> PicturePage:
    page = PicturePage()
    qtbot.addWidget(page)
    page.resize(600, 500)
    page.show()
    return page


@pytest.fixture
def shown(page: PicturePage) -> list[int | None]:
    """The digits that the page told to be selected, None for none."""
    told: list[int | None] = []
    page.digit_shown.connect(lambda _, prediction: told.append(prediction.digit))
    page.digit_left.connect(lambda: told.append(None))
    return told


def show(page: PicturePage, rows: Sequence[str], probability: float = 0.95) -> None:
    page.show_picture(picture(), "note.png")
    page.show_prediction(reading(rows, probability))


def visible(page: PicturePage) -> list[bool]:
    """Return whether the message and the numbers are seen."""
    return [page.message.isVisible(), page.numbers.isVisible()]


def test_at_first_it_says_how_to_bring_a_picture(page: PicturePage) -> None:
    assert page.invitation.isVisible()
    assert not page.view.isVisible()


def test_its_numbers_are_shown_row_by_row_and_copied(page: PicturePage) -> None:
    show(page, ["705", "12"])
    assert page.numbers.toPlainText() == "705\n12"
    assert page.title.text().startswith("note.png \u00b7 5 digits in 2 rows")
    page.copy_button.click()
    assert QGuiApplication.clipboard().text() == "705\n12"


def test_the_first_digit_of_a_new_picture_is_selected(
    page: PicturePage, shown: list[int | None]
) -> None:
    show(page, ["705"])
    assert shown[-1] == 7


def test_a_click_selects_the_digit_there_or_none(
    page: PicturePage, shown: list[int | None], qtbot: QtBot
) -> None:
    show(page, ["705", "12"])
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(page.view, left, pos=page.view.box_rect(4).center().toPoint())
    assert shown[-1] == 2
    qtbot.mouseClick(page.view, left, pos=QPoint(1, page.view.height() - 1))
    assert shown[-1] is None


def test_keys_walk_along_rows_and_between_them(
    page: PicturePage, shown: list[int | None], qtbot: QtBot
) -> None:
    show(page, ["705", "12"])
    keys = Qt.Key
    for key, digit in (
        (keys.Key_Right, 0),
        (keys.Key_Down, 2),
        (keys.Key_Down, 2),
        (keys.Key_Left, 1),
        (keys.Key_Left, 5),
        (keys.Key_Home, 7),
        (keys.Key_Up, 7),
        (keys.Key_End, 2),
        (keys.Key_Escape, None),
        (keys.Key_Right, 7),
    ):
        qtbot.keyClick(page.view, key)
        assert shown[-1] == digit


def test_a_newer_reading_keeps_the_selected_digit(
    page: PicturePage, shown: list[int | None], qtbot: QtBot
) -> None:
    show(page, ["705"])
    qtbot.keyClick(page.view, Qt.Key.Key_End)
    page.show_prediction(reading(["718"]))
    assert shown[-1] == 8
    page.select_none()
    page.show_prediction(reading(["719"]))
    assert shown[-1:] == [None]
    assert page.numbers.toPlainText() == "719"


def test_it_tells_screen_readers_which_digit_is_selected(page: PicturePage, qtbot: QtBot) -> None:
    show(page, ["705", "12"], probability=0.9)
    qtbot.keyClick(page.view, Qt.Key.Key_End)
    words = page.view.accessibleDescription().replace("\u00a0", " ")
    assert words == "Digit 5 of 5, row 2: read as 2, 90.0 %"
    page.select_none()
    assert page.view.accessibleDescription() == "5 digits: 705; 12"


def test_boxes_are_painted_round_the_digits_and_the_unsure_ones_in_another_colour(
    page: PicturePage, qtbot: QtBot
) -> None:
    page.show_picture(picture(), "note.png")
    page.show_prediction(
        PicturePrediction(
            reading(["70"]).digits, (scripted.prediction(7, 0.9), scripted.prediction(0, 0.15))
        )
    )
    page.select_none()
    image = page.view.grab().toImage()

    def edge(index: int) -> tuple[int, int, int]:
        box = page.view.box_rect(index)
        colour = image.pixelColor(round(box.left()), round(box.center().y()))
        return colour.red(), colour.green(), colour.blue()

    sure, unsure = edge(0), edge(1)
    assert sure[2] > sure[0]
    assert unsure[0] > unsure[2]


def test_why_nothing_is_found_takes_the_numbers_place(page: PicturePage) -> None:
    page.show_picture(picture(), "blank.png")
    page.show_nothing_found("There are no digits.")
    assert visible(page) == [True, False]
    assert page.message.text() == "There are no digits."
    assert not page.copy_button.isEnabled()
    show(page, ["7"])
    assert visible(page) == [False, True]


def test_a_picture_that_fails_to_open_leaves_the_one_before(page: PicturePage) -> None:
    show(page, ["705"])
    page.show_opening("broken.png")
    assert "broken.png" in page.title.text()
    page.show_failure()
    assert page.title.text().startswith("note.png \u00b7 3 digits")
    assert page.numbers.toPlainText() == "705"


def test_closing_asks_and_clearing_leaves_nothing(
    page: PicturePage, shown: list[int | None], qtbot: QtBot
) -> None:
    show(page, ["705"])
    with qtbot.waitSignal(page.close_requested):
        page.close_button.click()
    page.clear()
    assert shown[-1] is None
    assert page.invitation.isVisible()
    assert page.selected is None


def test_what_looks_like_no_digit_is_given_none_in_words() -> None:
    read = reading(["7"])
    (prediction,) = read.predictions
    scribble = PicturePrediction(read.digits, (replace(prediction, digit_score=0.0),))
    assert describe_digit(read, 0).endswith("read as 7, 95.0\u00a0%")
    assert describe_digit(scribble, 0).endswith("hardly looks like a digit")
