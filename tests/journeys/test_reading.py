import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.displayed import Source
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three
from tests.journeys.conftest import is_predicted

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

LONG = 60_000
ZIGZAG = Drawing((Stroke([(0.2 + 0.6 * (place % 2), 0.1 + 0.08 * place) for place in range(11)]),))


def beside(drawing: Drawing, shift: float) -> tuple[Stroke, ...]:
    return tuple(Stroke(stroke.points * 0.5 + np.array([shift, 0.2])) for stroke in drawing.strokes)


def test_a_number_is_read_a_scribble_is_not(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    panel = window.prediction_panel
    window.canvas.set_drawing(Drawing(beside(draw_three(), 0.0) + beside(draw_three(), 0.45)))
    qtbot.waitUntil(lambda: panel.digit.text() == "33", timeout=LONG)
    assert panel.tiles.isVisible()
    window.canvas.set_drawing(ZIGZAG)
    qtbot.waitUntil(lambda: panel.probability.text().startswith("Not a digit? "), timeout=LONG)
    assert panel.picture.isVisible()


def test_a_test_image_is_shown_by_one_key_until_one_draws(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    panel = window.prediction_panel
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: panel.digit.text() == "3", timeout=LONG)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("MNIST"), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_M)
    displayed = program.session.displayed
    qtbot.waitUntil(lambda: displayed.value.source is Source.TEST_IMAGE, timeout=LONG)
    label, prediction = displayed.value.label, displayed.value.prediction
    assert isinstance(prediction, Prediction)
    assert prediction.digit != label
    assert panel.remark.text().removeprefix("wrong: ") == f"it is a {label}"
    # What is undecided is not wrong.
    assert panel.remark.text().startswith("wrong: ") == prediction.is_sure
    assert panel.source.text().startswith("Now reading: test image ")
    window.canvas.set_drawing(ZIGZAG)
    qtbot.waitUntil(lambda: panel.probability.text().startswith("Not a digit? "), timeout=LONG)
    assert panel.source.text() == "Now reading: your drawing"


def test_the_way_back_to_the_drawing_reads_it_again(
    qtbot: QtBot, window: MainWindow, program: Program
) -> None:
    digit = window.findChild(QLabel, "digit_label")
    assert digit is not None
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(lambda: digit.text() == "3", timeout=LONG)
    qtbot.waitUntil(lambda: window.windowTitle().startswith("MNIST"), timeout=LONG)
    qtbot.keyClick(window, Qt.Key.Key_8, CONTROL_SHIFT)
    displayed = program.session.displayed
    qtbot.waitUntil(lambda: displayed.value.source is Source.TEST_IMAGE, timeout=LONG)
    back = next(a for a in window.findChildren(QAction) if a.text() == "&Back to the drawing")
    assert back.isEnabled()
    with qtbot.waitSignal(
        program.session.displayed.changed, check_params_cb=is_predicted, timeout=LONG
    ):
        back.trigger()
    assert digit.text() == "3"
    assert not back.isEnabled()
