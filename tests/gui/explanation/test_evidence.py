import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.common.theme import DARK_SHADES, LIGHT_SHADES, palette
from mnist_gui.gui.explanation.evidence import EvidenceMap, EvidenceView
from tests.gui.scripted import explanation, prediction

ONE = Drawing((Stroke([[0.5, 0.1], [0.5, 0.9]]),))
PLUS = Drawing((*ONE.strokes, Stroke([[0.2, 0.5], [0.8, 0.5]])))


@pytest.fixture
def evidence_view(qtbot: QtBot) -> EvidenceView:
    view = EvidenceView()
    qtbot.addWidget(view)
    view.resize(640, 360)
    view.show()
    qtbot.waitExposed(view)
    return view


def colour(ink_map: EvidenceMap, row: int, column: int) -> QColor:
    place = ink_map.pixel_rect(row, column).center().toPoint()
    return QColor(ink_map.grab().toImage().pixel(place))


@pytest.mark.parametrize("shades", [LIGHT_SHADES, DARK_SHADES])
def test_ink_for_is_blue_ink_against_is_orange_and_paper_is_neither(
    evidence_view: EvidenceView, shades: object
) -> None:
    assert shades in (LIGHT_SHADES, DARK_SHADES)
    # Where the program has a style sheet, children do not inherit it.
    evidence_view.map.setPalette(palette(DARK_SHADES if shades is DARK_SHADES else LIGHT_SHADES))
    evidence_view.show_explanation(explanation(ONE))
    speaks_for = colour(evidence_view.map, 8, 14)
    against = colour(evidence_view.map, 20, 14)
    paper = colour(evidence_view.map, 14, 2)
    assert speaks_for.blue() > speaks_for.red() + 100
    assert against.red() > against.blue() + 30
    assert max(paper.getRgb()[:3]) - min(paper.getRgb()[:3]) < 10
    dark = shades is DARK_SHADES
    assert (paper.lightness() < 40) == dark
    assert abs(paper.lightness() - against.lightness()) > 30


def test_the_strongest_ink_has_full_colour_and_weaker_ink_less(
    evidence_view: EvidenceView,
) -> None:
    evidence_view.map.setPalette(palette(LIGHT_SHADES))
    evidence_view.show_explanation(explanation(ONE))
    strong, weak = colour(evidence_view.map, 8, 14), colour(evidence_view.map, 20, 14)
    assert strong.name() == "#0072b2"
    assert weak.hsvSaturation() < strong.hsvSaturation()


def test_a_pixel_tells_what_its_ink_does(evidence_view: EvidenceView) -> None:
    evidence_view.show_explanation(explanation(ONE))
    ink_map = evidence_view.map

    def text(row: int, column: int) -> str:
        return ink_map.describe_at(QPointF(ink_map.pixel_rect(row, column).center()))

    assert text(8, 14) == (
        "Row 8, column 14: without this ink the odds of 9 would be 7.4 times lower"
    )
    assert text(20, 14).endswith("the odds of 9 would be 2.7 times higher")
    assert text(14, 2) == "Row 14, column 2: no ink"
    assert ink_map.describe_at(QPointF(-5, 3)) == ""


def test_ink_that_does_next_to_nothing_is_said_to_do_so(evidence_view: EvidenceView) -> None:
    told = explanation(ONE)
    told.evidence.without[8, 14] = told.evidence.probabilities
    evidence_view.show_explanation(told)
    place = QPointF(evidence_view.map.pixel_rect(8, 14).center())
    assert "the odds of 9 would hardly change" in evidence_view.map.describe_at(place)


def test_the_arrow_keys_walk_from_the_strongest_pixel(evidence_view: EvidenceView) -> None:
    ink_map = evidence_view.map
    told = explanation(ONE)
    told.evidence.without[10, 14] = prediction(3, 0.99).probabilities
    evidence_view.show_explanation(told)
    overall = ink_map.accessibleDescription()
    ink_map.setFocus()
    QTest.keyClick(ink_map, Qt.Key.Key_Down)
    assert ink_map.accessibleDescription().startswith("Row 10, column 14: without this ink")
    QTest.keyClick(ink_map, Qt.Key.Key_Right)
    QTest.keyClick(ink_map, Qt.Key.Key_Up)
    assert ink_map.accessibleDescription().startswith("Row 9, column 15: ")
    evidence_view.choice.box.setFocus()
    assert ink_map.accessibleDescription() == overall


def test_words_say_where_the_ink_is_that_speaks(evidence_view: EvidenceView) -> None:
    evidence_view.show_explanation(explanation(ONE))
    words = evidence_view.evidence_text.text()
    assert words.startswith("The top is the strongest reason for 9.")
    assert words.endswith("The bottom speaks against 9.")
    assert evidence_view.map.accessibleDescription() == words
    assert evidence_view.scale_text.text().endswith(
        "the odds of 9 are 7.4 times lower (orange: higher)."
    )
    assert evidence_view.legend.against.text() == "against 9"
    assert evidence_view.legend.speaks_for.text() == "for 9"


def test_the_digit_is_compared_with_the_runner_up_or_any_other(
    evidence_view: EvidenceView,
) -> None:
    read = prediction(9, 0.8)
    read.probabilities[4] += 0.05
    box = evidence_view.choice.box
    evidence_view.show_explanation(explanation(ONE, read=read))
    assert evidence_view.choice.question.text() == "Why 9 and not"
    assert [box.itemText(row) for row in (0, 1)] == ["another digit", "4, the runner-up"]
    box.setCurrentIndex(1)
    assert evidence_view.legend.against.text() == "for 4"
    assert "speaks for 4 instead" in evidence_view.evidence_text.text()
    assert evidence_view.scale_text.text().endswith("times lower (orange: higher).")
    assert "the odds of 9 against 4 are" in evidence_view.scale_text.text()
    box.setCurrentIndex(box.findData(7))
    assert evidence_view.legend.against.text() == "for 7"
    # Once a 7 is read, it cannot be compared with itself.
    evidence_view.show_explanation(explanation(ONE, read=prediction(7, 0.9)))
    assert evidence_view.legend.against.text() == "against 7"
    assert box.currentData() == 7


def test_each_stroke_has_a_picture_and_the_reading_without_it(
    evidence_view: EvidenceView,
) -> None:
    without = (prediction(9, 0.6), prediction(1, 0.88))
    evidence_view.show_explanation(explanation(PLUS, stroke_ablations=without))
    first, second = evidence_view.strokes.parts
    assert (first.prediction.text(), second.prediction.text()) == ("9  60\u00a0%", "1  88\u00a0%")
    assert second.prediction.font().bold()
    assert not first.prediction.font().bold()
    assert second.toolTip() == "Without stroke 2 it is read as 1, 88\u00a0%"
    assert evidence_view.strokes_text.text() == ("Without the second stroke it would be read as 1.")
    image = second.picture.grab().toImage()
    across, down = QColor(image.pixel(13, 25)), QColor(image.pixel(25, 13))
    assert across.lightness() > 240
    assert 40 < down.lightness() < 150


def test_strokes_that_change_nothing_are_said_to_change_nothing(
    evidence_view: EvidenceView,
) -> None:
    without = (prediction(9, 0.6), prediction(9, 0.7))
    evidence_view.show_explanation(explanation(PLUS, stroke_ablations=without))
    assert evidence_view.strokes_text.text() == (
        "Removing any one stroke does not change the answer."
    )
    assert not evidence_view.strokes.more.isVisible()
    evidence_view.show_explanation(explanation(ONE))
    assert evidence_view.strokes_text.text() == ""
    assert not evidence_view.strokes_title.isVisible()
    assert not any(part.isVisible() for part in evidence_view.strokes.parts)


def test_of_very_many_strokes_the_others_are_counted(evidence_view: EvidenceView) -> None:
    many = Drawing(ONE.strokes * 12)
    without = (prediction(9, 0.9),) * 8
    evidence_view.show_explanation(explanation(many, stroke_ablations=without))
    assert evidence_view.strokes.more.text() == "and 4 more strokes"
    assert evidence_view.strokes_text.text().startswith("Removing any one of these strokes")


def test_a_network_that_knows_nothing_yet_has_no_ink_that_matters(
    evidence_view: EvidenceView,
) -> None:
    blank = explanation(ONE, read=prediction(0, 0.1))
    blank.evidence.without[:] = blank.evidence.probabilities
    evidence_view.show_explanation(blank)
    assert evidence_view.evidence_text.text().startswith("No ink matters")
    ink = colour(evidence_view.map, 8, 14)
    assert max(ink.getRgb()[:3]) - min(ink.getRgb()[:3]) < 20


def test_the_map_is_a_square_with_its_legend_beneath(evidence_view: EvidenceView) -> None:
    evidence_view.show_explanation(explanation(ONE))
    for size in ((516, 260), (700, 500), (1000, 400)):
        evidence_view.resize(*size)
        QApplication.processEvents()
        ink_map = evidence_view.map
        assert abs(ink_map.width() - ink_map.height()) <= 1
        assert evidence_view.legend.width() == ink_map.width()
        assert evidence_view.choice.width() >= 200
