"""What a screen reader is given to say without being asked."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtGui import QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import RunState
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.runs.run import Score
from mnist_gui.gui.common import qt
from mnist_gui.gui.displayed import Displayed
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel
from mnist_gui.gui.pages import Page, Pages
from mnist_gui.gui.training.progress import ProgressPanel


class Reader:
    """Stands where Qt hands things to a screen reader."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def isActive(self) -> bool:
        return True

    def has_said(self, text: str) -> bool:
        return text in self.said

    def updateAccessibility(self, event: QAccessibleEvent) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        self.said.append(event.message())


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Reader:
    reader = Reader()
    monkeypatch.setattr(qt, "QAccessible", reader)
    return reader


def drawn(x: float) -> Drawing:
    return Drawing((Stroke(np.array([(x, 0.2), (x, 0.8)], np.float32)),))


def read_as(digit: int, drawing: Drawing) -> Displayed:
    return Displayed(drawing=drawing, prediction=Prediction(np.eye(10, dtype=np.float32)[digit]))


def test_a_page_that_comes_by_a_key_is_spoken_with_its_room(qtbot: QtBot, reader: Reader) -> None:
    pages = Pages()
    qtbot.addWidget(pages)
    for page, said in ((Page.GLOSSARY, "Learn, Glossary"), (Page.RUNS, "Runs")):
        pages.bring_to_front(page)
        qtbot.waitUntil(partial(reader.has_said, said))


def test_a_run_is_spoken_from_its_preparation_to_its_result(qtbot: QtBot, reader: Reader) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    for state, said in (
        (RunState.PREPARING, "Preparing \u2026"),
        (RunState.TRAINING, "Training"),
        (RunState.PAUSED, "Paused"),
    ):
        panel.set_state(state)
        qtbot.waitUntil(partial(reader.has_said, said))


def test_the_result_of_a_test_is_spoken_at_its_end(qtbot: QtBot, reader: Reader) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.set_state(RunState.TESTING)
    panel.show_test("cnn-fast", Score(1_150, 3, 4), "")
    panel.set_state(RunState.IDLE)
    qtbot.waitUntil(lambda: bool(reader.said))
    said = reader.said[-1].replace("\u00a0", " ")
    assert said == "Done. Test accuracy 75.00 % of 4 test images"


def test_while_the_network_learns_a_drawing_is_spoken_once(qtbot: QtBot, reader: Reader) -> None:
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    panel.is_learning = True
    for digit in (1, 7):
        panel.show_displayed(read_as(digit, drawn(0.5)))
        qtbot.waitUntil(lambda: bool(reader.said))
    panel.show_displayed(read_as(4, drawn(0.4)))
    qtbot.waitUntil(lambda: len(reader.said) > 1)
    assert [said.replace("\u00a0", " ") for said in reader.said] == [
        "Read as 1, 100 %",
        "Read as 4, 100 %",
    ]
