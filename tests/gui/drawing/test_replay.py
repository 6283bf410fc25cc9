from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.replay import PredictionTrace
from mnist_gui.gui.drawing.replay import ReplayPresenter

SEVEN = Drawing(
    (
        Stroke([[0.2, 0.2], [0.8, 0.2]], [0.0, 0.06]),
        Stroke([[0.8, 0.2], [0.4, 0.9]], [0.06, 0.12]),
    )
)


class Seen(QObject):
    """Everything that a controller tells, in its order."""

    def __init__(self, controller: ReplayPresenter) -> None:
        super().__init__()
        self.shown: list[Drawing | None] = []
        self.traces: list[PredictionTrace | None] = []
        self.playing: list[bool] = []
        controller.shown_changed.connect(self.shown.append)
        controller.trace_changed.connect(self.traces.append)
        controller.playing_changed.connect(self.playing.append)


@pytest.fixture
def controller(qapp: object) -> ReplayPresenter:
    controller = ReplayPresenter()
    controller.use_drawing(SEVEN)
    return controller


def prediction(digit: int) -> Prediction:
    return Prediction(np.eye(10, dtype=np.float32)[digit])


def test_a_drawing_grows_to_its_end_and_is_itself_again(
    controller: ReplayPresenter, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.play_or_stop()
    assert controller.is_playing
    qtbot.waitUntil(lambda: not controller.is_playing)
    assert seen.playing == [True, False]
    assert seen.shown[-1] is None
    parts = [drawing for drawing in seen.shown if drawing is not None]
    assert len(parts[0].strokes[0].points) == 1
    counts = [len(drawing.strokes) for drawing in parts]
    assert counts == sorted(counts)


def test_it_can_be_stopped(controller: ReplayPresenter) -> None:
    controller.set_pace(1e-3)
    seen = Seen(controller)
    controller.play_or_stop()
    controller.play_or_stop()
    assert seen.playing == [True, False]
    assert seen.shown[-1] is None


def test_a_change_of_the_drawing_ends_it_and_takes_the_trace_away(
    controller: ReplayPresenter,
) -> None:
    controller.set_pace(1e-3)
    controller.play_or_stop()
    seen = Seen(controller)
    controller.use_drawing(SEVEN.with_stroke(Stroke([[0.5, 0.5]])))
    assert not controller.is_playing
    assert seen.shown == [None]
    assert seen.traces == [None]


def test_an_empty_canvas_has_nothing_to_play(qapp: object) -> None:
    controller = ReplayPresenter()
    controller.play_or_stop()
    assert not controller.is_playing


def test_a_faster_pace_is_over_sooner(qtbot: QtBot) -> None:
    slow = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2]], [0.0, 0.9]),))
    controller = ReplayPresenter()
    controller.use_drawing(slow)
    controller.set_pace(100.0)
    controller.play_or_stop()
    qtbot.waitUntil(lambda: not controller.is_playing, timeout=800)


def test_what_is_read_on_the_way_becomes_a_trace_of_the_moments_that_were_shown(
    controller: ReplayPresenter, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.shown_changed.connect(lambda drawing: _answer(controller, drawing))
    controller.play_or_stop()
    qtbot.waitUntil(lambda: not controller.is_playing)
    controller.take_reading(SEVEN, prediction(7))
    trace = seen.traces[-1]
    assert trace is not None
    assert trace.seconds[0] == 0
    assert trace.seconds[-1] == trace.duration == pytest.approx(0.12)
    assert all(before < after for before, after in pairwise(trace.seconds.tolist()))
    assert trace.probabilities[0, 1] == 1
    assert trace.digits(0.5) == [1, 7]


def test_readings_of_anything_else_are_no_part_of_the_trace(
    controller: ReplayPresenter,
) -> None:
    controller.take_reading(SEVEN, prediction(7))
    controller.set_pace(1e-3)
    controller.play_or_stop()
    seen = Seen(controller)
    controller.take_reading(Drawing((Stroke([[0.5, 0.5]]),)), prediction(7))
    assert seen.traces == []


def _answer(controller: ReplayPresenter, drawing: Drawing | None) -> None:
    if drawing is not None:
        controller.take_reading(drawing, prediction(1))
