import numpy as np
import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from mnist_gui.widgets.pixel_image import PixelImage
from mnist_gui.widgets.prediction_panel import PredictionPanel
from mnist_gui.widgets.probability_bars import ProbabilityBars
from tests.widgets.scripted import prediction


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
    panel.show_network_missing()
    assert panel.digit.text() == ""
    assert "start a training run" in panel.message.text()
    panel.show_prediction(prediction(3, 0.5))
    assert (panel.digit.text(), panel.message.text()) == ("3", "")


def test_clearing_shows_neither_image_nor_digit(panel: PredictionPanel) -> None:
    panel.show_image(np.zeros((28, 28), np.uint8))
    panel.show_prediction(prediction(7, 0.97))
    panel.clear()
    assert panel.image.is_empty
    assert panel.digit.text() == ""


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
