import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.theme import Theme, apply_theme
from mnist_gui.gui.displayed import Displayed, Source
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel, ProbabilityBars
from tests.gui.scripted import number, prediction

LINE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))


@pytest.fixture
def panel(qtbot: QtBot) -> PredictionPanel:
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_a_prediction_is_a_digit_and_its_probability(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction(7, 0.9724))
    assert panel.digit.text() == "7"
    assert panel.probability.text() == "97.2\u00a0%"


def test_no_prediction_is_no_digit(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction(7, 0.97))
    panel.show_prediction(None)
    assert (panel.digit.text(), panel.probability.text()) == ("", "")


def test_a_message_stands_where_the_digit_was(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction(7, 0.97))
    panel.show_displayed(Displayed(drawing=LINE, problem="There is no network."))
    assert panel.digit.text() == ""
    assert panel.message.text() == "There is no network."
    panel.show_prediction(prediction(3, 0.5))
    assert (panel.digit.text(), panel.message.text()) == ("3", "")


def test_what_is_not_known_of_a_drawing_yet_stays_as_it_was(panel: PredictionPanel) -> None:
    image = np.full((28, 28), 200, np.uint8)
    panel.show_displayed(Displayed(drawing=LINE, image=image, prediction=prediction(7, 0.97)))
    panel.show_displayed(Displayed(drawing=LINE))
    assert panel.digit.text() == "7"
    assert not panel.image.is_empty
    panel.show_displayed(Displayed(drawing=LINE, prediction=prediction(3, 0.9)))
    assert panel.digit.text() == "3"
    assert not panel.image.is_empty


def test_an_empty_canvas_shows_neither_image_nor_digit(panel: PredictionPanel) -> None:
    image = np.full((28, 28), 200, np.uint8)
    panel.show_displayed(Displayed(drawing=LINE, image=image, prediction=prediction(7, 0.97)))
    panel.show_displayed(Displayed())
    assert panel.image.is_empty
    assert (panel.digit.text(), panel.message.text()) == ("", "")


def test_it_names_what_is_read_with_a_way_back_from_all_but_the_drawing(
    panel: PredictionPanel,
) -> None:
    image = np.zeros((28, 28), np.uint8)
    displayed = {
        "test image 1,234": Displayed(Source.TEST_IMAGE, image=image, index=1_234, label=3),
        "digit 2 of the picture": Displayed(Source.PICTURE, image=image, index=1),
        "the replay of your drawing": Displayed(Source.REPLAY, LINE),
        "your drawing": Displayed(Source.DRAWING, LINE),
    }
    for words, each in displayed.items():
        panel.show_displayed(each)
        assert panel.source.text() == f"Now reading: {words}"
        assert panel.back_button.isVisible() is (each.source is not Source.DRAWING)


def test_the_bars_of_a_number_say_which_digit_they_are_of(panel: PredictionPanel) -> None:
    panel.show_reader("CNN, fast", "")
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.9), prediction(7, 0.8)))
    panel.tiles.choose(1)
    assert panel.reader.text() == "Digit 2 of 3, read by CNN, fast"
    panel.show_prediction(prediction(4, 0.9))
    assert panel.reader.text() == "Read by CNN, fast"


def test_beneath_a_test_image_stands_whether_it_was_read_right(panel: PredictionPanel) -> None:
    image = np.zeros((28, 28), np.uint8)
    for label, verdict in ((3, "read correctly"), (5, "wrong: it is a 5")):
        panel.show_displayed(
            Displayed(
                Source.TEST_IMAGE, image=image, prediction=prediction(3, 0.9), index=0, label=label
            )
        )
        assert panel.remark.isVisible()
        assert panel.remark.text() == verdict
    panel.show_displayed(Displayed(drawing=LINE, prediction=prediction(3, 0.9)))
    assert not panel.remark.isVisible()


def test_digits_side_by_side_are_displayed_as_a_number(panel: PredictionPanel) -> None:
    both = number(prediction(4, 0.9), prediction(2, 0.9))
    panel.show_displayed(Displayed(drawing=LINE, prediction=both))
    assert panel.digit.text() == "42"
    assert panel.tiles.isVisible()


def test_clearing_shows_neither_image_nor_digit(panel: PredictionPanel) -> None:
    panel.image.show_image(np.zeros((28, 28), np.uint8))
    panel.show_prediction(prediction(7, 0.97))
    panel.clear()
    assert panel.image.is_empty
    assert panel.digit.text() == ""


def shown(panel: PredictionPanel) -> list[str]:
    """Return what is to be read beside the image."""
    labels = (panel.message, panel.digit, panel.probability, panel.remark)
    return [label.text() for label in labels if label.isVisible()]


def test_two_digits_alike_are_one_question(panel: PredictionPanel) -> None:
    shares = np.zeros(10, np.float32)
    shares[[4, 9]] = 0.52, 0.48
    panel.show_prediction(Prediction(shares, min_margin=0.1))
    assert shown(panel) == ["4 or 9?"]


def test_what_hardly_looks_like_a_digit_gets_one_sentence_without_a_percentage(
    panel: PredictionPanel,
) -> None:
    panel.show_prediction(prediction(4, 0.95, digit_score=0.01))
    assert shown(panel) == ["Not a digit? (closest: 4, then 0)"]
    assert panel.probability.statusTip().startswith("It resembles none of the digits")
    panel.show_prediction(prediction(4, 0.95))
    assert shown(panel) == ["4", "95.0\u00a0%"]
    assert panel.probability.statusTip().startswith("How sure the network is.")


def test_a_share_is_written_alike_beneath_the_digit_and_beside_its_bar(
    panel: PredictionPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[object] = []
    panel.show_prediction(prediction(7, 0.9999))
    monkeypatch.setattr(QPainter, "drawText", lambda *parts: painted.append(parts[-1]))
    panel.bars.grab()
    assert panel.probability.text() == ">99.9\u00a0%"
    assert panel.probability.text() in painted
    panel.show_prediction(prediction(4, 0.95, digit_score=0.01))
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.9)))
    assert shown(panel) == ["42"]


def test_of_a_test_image_that_is_not_sure_only_its_digit_is_told(panel: PredictionPanel) -> None:
    image = np.zeros((28, 28), np.uint8)
    panel.show_displayed(
        Displayed(Source.TEST_IMAGE, image=image, prediction=prediction(3, 0.15), index=0, label=3)
    )
    assert shown(panel) == ["3 or 0?", "it is a 3"]


def test_the_bars_of_what_is_not_sure_are_dimmed(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, 200)
    filled, empty = bars.track(7).center().toPoint(), bars.track(7).center().toPoint()
    filled.setX(round(bars.track(7).left() + 4))
    contrasts = []
    for digit_score in (1.0, 0.0):
        bars.show_prediction(prediction(4, 0.5, digit_score))
        image = bars.grab().toImage()
        contrasts.append(image.pixelColor(empty).lightness() - image.pixelColor(filled).lightness())
    assert 0 < contrasts[1] < contrasts[0] / 2


def test_a_digit_that_is_not_sure_has_no_bar_in_the_accent_colour(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, 200)
    accent = bars.palette().color(QPalette.ColorRole.Accent)
    for digit_score, is_accented in ((1.0, True), (0.0, False)):
        bars.show_prediction(prediction(4, 0.9, digit_score))
        place = bars.track(4).center().toPoint()
        assert (bars.grab().toImage().pixelColor(place) == accent) is is_accented


def test_a_number_takes_the_place_of_digit_and_image(panel: PredictionPanel) -> None:
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.6), prediction(7, 0.9)))
    assert panel.digit.text() == "427"
    assert panel.tiles.isVisible()
    assert not panel.picture.isVisible()
    assert panel.bars.accessibleDescription().startswith("0: 4.4")
    panel.show_prediction(prediction(3, 0.9))
    assert panel.digit.text() == "3"
    assert panel.picture.isVisible()
    assert not panel.tiles.isVisible()


def test_beneath_a_number_stands_what_its_doubtful_digits_may_be(panel: PredictionPanel) -> None:
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.15), prediction(7, 0.9, 0.0)))
    assert panel.digit.text() == "42?"
    assert panel.remark.text() == "2 or 0? \u00b7 Not a digit?"
    heard = panel.tiles.accessibleDescription().replace("\u00a0", " ")
    assert heard == "4: 90.0 %, 2 or 0?, Not a digit? (closest: 7, then 0)"
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.9)))
    assert not panel.remark.isVisible()


def test_the_network_that_reads_is_named(panel: PredictionPanel) -> None:
    panel.show_reader("CNN, fast", "CNN, fast, after 200 steps")
    assert panel.reader.text() == "Read by CNN, fast"
    assert panel.reader.toolTip() == "CNN, fast, after 200 steps"


def test_what_is_beneath_a_number_stays_where_it_is_beneath_a_digit(
    panel: PredictionPanel, qtbot: QtBot
) -> None:
    panel.resize(240, 360)
    panel.show_prediction(prediction(3, 0.9))
    place = panel.bars.geometry()
    panel.show_number(number(*[prediction(4, 0.9)] * 6))
    QApplication.processEvents()
    assert panel.bars.geometry() == place


def test_a_click_or_an_arrow_chooses_whose_bars_are_shown(
    panel: PredictionPanel, qtbot: QtBot
) -> None:
    panel.show_number(number(prediction(4, 0.9), prediction(2, 0.6), prediction(7, 0.91)))
    assert panel.tiles.chosen == 1
    place = panel.tiles.tile(2).center().toPoint()
    qtbot.mouseClick(panel.tiles, Qt.MouseButton.LeftButton, pos=place)
    heard = panel.bars.accessibleDescription().replace("\u00a0", " ")
    assert "7: 91.0 %" in heard
    qtbot.keyClick(panel.tiles, Qt.Key.Key_Left)
    assert panel.tiles.chosen == 1
    qtbot.keyClick(panel.tiles, Qt.Key.Key_Left)
    qtbot.keyClick(panel.tiles, Qt.Key.Key_Left)
    assert panel.tiles.chosen == 0


def test_a_long_number_is_written_smaller_and_never_widens_the_panel(
    panel: PredictionPanel,
) -> None:
    panel.resize(240, 360)
    panel.show_number(number(*[prediction(8, 0.9)] * 12))
    digit = panel.digit
    assert panel.width() == 240
    assert digit.fontMetrics().horizontalAdvance(digit.text()) <= digit.width()


def test_the_digit_stays_large_when_the_theme_changes(
    panel: PredictionPanel, qapp: QApplication
) -> None:
    panel.show_prediction(prediction(3, 0.9))
    points = panel.digit.font().pointSizeF()
    for theme in (Theme.DARK, Theme.LIGHT, Theme.SYSTEM):
        apply_theme(qapp, theme)
        assert panel.digit.font().pointSizeF() == points


def test_the_bars_can_be_heard(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction(2, 0.91))
    heard = panel.bars.accessibleDescription().replace("\u00a0", " ")
    assert heard.startswith("0: 1.0 %, 1: 1.0 %, 2: 91.0 %")


def test_a_bar_is_as_long_as_its_probability(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, 200)
    bars.show_prediction(prediction(4, 0.5))
    image = bars.grab().toImage()
    accent = bars.palette().color(QPalette.ColorRole.Accent)
    row = 200 * 4 // 10 + 10
    painted = [x for x in range(300) if image.pixelColor(x, row) == accent]
    track = bars.track(4)
    assert painted[0] == pytest.approx(track.left(), abs=1.5)
    assert len(painted) == pytest.approx(track.width() / 2, abs=2)
    assert not any(image.pixelColor(x, 10) == accent for x in range(300))


def test_the_image_is_shown_pixel_by_pixel(qtbot: QtBot) -> None:
    picture = PixelImage()
    qtbot.addWidget(picture)
    picture.resize(picture.sizeHint())
    image = np.zeros((28, 28), dtype=np.uint8)
    image[3, 20] = 255
    image[27, 27] = 128
    picture.show_image(image)
    shown = picture.grab().toImage()
    block = [shown.pixelColor(1 + 80 + x, 1 + 12 + y).red() for x in range(4) for y in range(4)]
    assert block == [255] * 16
    assert shown.pixelColor(1 + 79, 1 + 13).red() == 0
    assert shown.pixelColor(111, 111).red() == 128
