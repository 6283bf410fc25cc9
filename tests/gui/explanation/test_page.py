from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.explain.explanation import ImageExplanation, pen_digit_accuracy
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.displayed import doubt
from mnist_gui.gui.explanation.page import ExplanationPage
from tests.gui.scripted import explanation, prediction

LINE = Drawing((Stroke([[0.5, 0.1], [0.5, 0.9]]),))


@pytest.fixture
def page(qtbot: QtBot) -> ExplanationPage:
    page = ExplanationPage()
    qtbot.addWidget(page)
    page.resize(540, 628)
    page.show()
    qtbot.waitExposed(page)
    return page


def show(page: ExplanationPage, steps: PreprocessingSteps | None = None) -> None:
    steps = steps or PreprocessingSteps()
    with_all = prediction(9, 0.975)
    read = with_all if steps == PreprocessingSteps() else prediction(3, 0.61)
    told = explanation(LINE, steps=steps, read=read, with_all=with_all)
    page.show_preprocessing(told.strip)
    page.show_explanation(told)


def read_right(steps: PreprocessingSteps = ALL_STEPS, network: str = "cnn-deep") -> str:
    """Return the share of pen digits that is read right, as measured with what ships."""
    return percent(pen_digit_accuracy(steps, network), 1)


def test_an_empty_canvas_invites_to_draw(page: ExplanationPage) -> None:
    assert page.invitation.isVisible()
    assert not page.steps_view.isVisible()
    show(page)
    assert page.steps_view.isVisible()
    assert page.evidence.isVisible()
    page.clear()
    assert page.invitation.isVisible()


def test_the_reading_stands_beside_what_real_pens_say(page: ExplanationPage) -> None:
    show(page)
    comparison = page.comparison
    assert comparison.with_all.digit.text() == "9"
    assert comparison.with_all.probability.text() == "97.5\u00a0%"
    assert not comparison.chosen.isVisible()
    assert comparison.pens.text() == (
        f"With these steps the built-in network \u201cCNN, best\u201d reads {read_right()} of "
        "7,494 pen-drawn digits correctly."
    )


def test_what_real_pens_say_of_a_single_layer_is_said_with_its_name(page: ExplanationPage) -> None:
    page.show_explanation(replace(explanation(LINE), network="softmax"))
    assert page.comparison.pens.text().startswith(
        "With these steps the built-in network \u201cSoftmax regression, best\u201d reads "
        f"{read_right(network='softmax')}"
    )


def test_an_image_without_strokes_has_the_map_of_its_ink_alone(page: ExplanationPage) -> None:
    show(page)
    whole = explanation(LINE)
    page.show_image_explanation(
        ImageExplanation(
            network=whole.network, prediction=whole.prediction, evidence=whole.evidence
        )
    )
    assert page.evidence.map.isVisible()
    assert not page.steps_view.isVisible()
    assert not page.comparison.isVisible()
    assert not page.evidence.strokes.isVisible()
    show(page)
    assert page.steps_view.isVisible()
    assert page.evidence.strokes.isVisible()


def test_of_a_misread_image_it_is_first_asked_why_not_its_label(page: ExplanationPage) -> None:
    whole = explanation(LINE)
    image = ImageExplanation(
        network=whole.network, prediction=whole.prediction, evidence=whole.evidence
    )
    choice = page.evidence.choice
    choice.box.setCurrentText("4")
    page.show_image_explanation(image, label=7)
    assert choice.box.currentText() == "7, the label"
    assert choice.other == 7
    page.show_image_explanation(image, label=whole.prediction.digit)
    assert choice.box.currentText() == "4"
    assert choice.other == 4


def test_what_a_stage_left_out_costs_stands_beside_the_whole(page: ExplanationPage) -> None:
    steps = PreprocessingSteps(fit=False, centre=False)
    show(page, steps)
    comparison = page.comparison
    assert comparison.chosen.isVisible()
    assert comparison.chosen.digit.text() == "3"
    assert comparison.with_all.digit.text() == "9"
    assert comparison.chosen.digit.accessibleName() == (
        "Read as 3, 61.0\u00a0%, with the chosen steps"
    )
    assert comparison.pens.text() == (
        f"With these steps the built-in network \u201cCNN, best\u201d reads {read_right(steps)} of "
        f"7,494 pen-drawn digits correctly; with all steps, {read_right()}."
    )


def test_without_a_network_the_strip_stands_over_one_sentence(page: ExplanationPage) -> None:
    page.show_preprocessing(explanation(LINE).strip)
    page.show_message("No network yet.")
    assert page.steps_view.isVisible()
    assert page.message.text() == "No network yet."
    assert not page.evidence.isVisible()
    show(page)
    assert not page.message.isVisible()


def test_it_tells_when_it_can_be_seen(qtbot: QtBot) -> None:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    page = ExplanationPage()
    told: list[bool] = []
    page.watcher.visible_changed.connect(told.append)
    tabs.addTab(QWidget(), "another")
    tabs.addTab(page, "this")
    tabs.show()
    assert told == []
    tabs.setCurrentWidget(page)
    assert told == [True]
    # The numbers can still be seen when another page is in front.
    page.numbers.show()
    tabs.setCurrentIndex(0)
    assert told == [True]
    page.numbers.close()
    assert told == [True, False]


def test_the_numbers_are_those_of_the_image_and_follow_it(page: ExplanationPage) -> None:
    show(page)
    QTest.mouseClick(page.numbers_button, Qt.MouseButton.LeftButton)
    table, image = page.numbers.table, explanation(LINE).strip.image

    def texts() -> list[list[str]]:
        return [[table.data(table.index(row, column)) for column in range(28)] for row in range(28)]

    assert np.array_equal(np.array(texts(), int), image)
    QTest.mouseClick(page.numbers.scaled_box, Qt.MouseButton.LeftButton)
    assert np.allclose(np.array(texts(), float), image / 255, atol=0.005)
    page.show_preprocessing(
        explanation(LINE, steps=PreprocessingSteps(centre=False, fit=False)).strip
    )
    assert not np.allclose(np.array(texts(), float), image / 255, atol=0.005)
    cell = table.index(14, 14)
    assert table.data(cell, Qt.ItemDataRole.AccessibleTextRole).startswith("row 14, column 14: ")
    page.numbers.close()


def test_all_numbers_are_readable_on_their_greys(page: ExplanationPage) -> None:
    show(page)
    table = page.numbers.table
    for row in range(28):
        cell = table.index(row, 14)
        ground = table.data(cell, Qt.ItemDataRole.BackgroundRole)
        text = table.data(cell, Qt.ItemDataRole.ForegroundRole)
        assert abs(ground.lightness() - text.lightness()) >= 100
    view = page.numbers.view
    texts = ("0.99", "255")
    assert min(view.columnWidth(column) for column in range(28)) >= 8 + max(
        view.fontMetrics().horizontalAdvance(text) for text in texts
    )


def test_both_buttons_ask_for_the_code(page: ExplanationPage) -> None:
    asked: list[str] = []
    page.copy_code.triggered.connect(lambda: asked.append("code"))
    page.copy_code.setEnabled(True)
    show(page)
    page.numbers.show()
    for button in (page.copy_button, page.numbers.copy_button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["code", "code"]
    page.numbers.close()


def test_it_fits_into_the_pages_of_a_small_window(page: ExplanationPage) -> None:
    show(page)
    assert page.minimumSizeHint().width() <= 540
    content = page.steps_view.parentWidget()
    assert isinstance(content, QWidget)
    assert content.minimumSizeHint().width() <= 540
    assert content.height() <= 628


def test_what_the_network_is_not_sure_of_is_not_said_to_be_read(page: ExplanationPage) -> None:
    undecided = prediction(4, 0.45)
    undecided.probabilities[9] = 0.44
    page.comparison.show_explanation(explanation(LINE, read=undecided))
    reading = page.comparison.with_all
    assert reading.digit.text() == doubt(undecided) == "4 or 9?"
    assert reading.digit.accessibleName() == "4 or 9? (with all steps)"
    assert not reading.probability.isVisible()
    scribble = Prediction(prediction(4, 0.99).probabilities, digit_score=0.01)
    page.comparison.show_explanation(explanation(LINE, read=scribble))
    assert reading.probability.text() == doubt(scribble) == "Not a digit? (closest: 4, then 0)"
    assert not reading.digit.isVisible()
