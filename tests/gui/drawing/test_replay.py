from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.drawing.canvas import DrawingCanvas, ToolRow
from mnist_gui.gui.drawing.replay import ReplayPresenter
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.recording_shell import RecordingShell

SEVEN = Drawing(
    (
        Stroke([[0.2, 0.2], [0.8, 0.2]], [0.0, 0.06]),
        Stroke([[0.8, 0.2], [0.4, 0.9]], [0.06, 0.12]),
    )
)
TEST_IMAGE = Displayed(Source.TEST_IMAGE, image=np.ones((28, 28), np.uint8), index=0, label=1)


class Seen(QObject):
    """What is displayed while a drawing is drawn again, in its order."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.displayed: list[Displayed] = []
        session.displayed.changed.connect(self.displayed.append)

    @property
    def parts(self) -> list[Drawing]:
        return [each.drawing for each in self.displayed if each.source is Source.REPLAY]


@pytest.fixture
def canvas(session: Session, qtbot: QtBot) -> DrawingCanvas:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(200, 200)
    # As the presenter of the drawing does.
    canvas.drawing_changed.connect(session.drawing.set)
    return canvas


@pytest.fixture
def tools(canvas: DrawingCanvas, shell: RecordingShell, qtbot: QtBot) -> ToolRow:
    tools = ToolRow(canvas, shell.actions_offered)
    qtbot.addWidget(tools)
    return tools


@pytest.fixture
def presenter(
    session: Session, canvas: DrawingCanvas, tools: ToolRow, shell: RecordingShell
) -> Iterator[ReplayPresenter]:
    presenter = ReplayPresenter(session, canvas, shell)
    canvas.set_drawing(SEVEN)
    yield presenter
    presenter.stop()


def prediction(digit: int) -> Prediction:
    return Prediction(np.eye(10, dtype=np.float32)[digit])


def shows_end(canvas: DrawingCanvas) -> bool:
    """Whether the canvas shows the stroke that is drawn last."""
    ink: QColor = canvas.grab().toImage().pixelColor(120, 110)
    return ink.lightness() > 128


def replay_action(canvas: DrawingCanvas) -> QAction:
    return next(each for each in canvas.actions() if each.shortcut().toString() == "R")


def test_a_drawing_grows_to_its_end_and_is_itself_again(
    presenter: ReplayPresenter, session: Session, canvas: DrawingCanvas, qtbot: QtBot
) -> None:
    seen = Seen(session)
    presenter.play_or_stop()
    assert presenter.is_playing
    assert not shows_end(canvas)
    qtbot.waitUntil(lambda: not presenter.is_playing)
    assert seen.displayed[-1].source is Source.DRAWING
    assert seen.displayed[-1].drawing is session.drawing.value
    assert len(seen.parts[0].strokes[0].points) == 1
    counts = [len(drawing.strokes) for drawing in seen.parts]
    assert counts == sorted(counts)


def test_it_can_be_stopped(
    presenter: ReplayPresenter,
    session: Session,
    canvas: DrawingCanvas,
    tools: ToolRow,
    qtbot: QtBot,
) -> None:
    presenter.set_speed(1e-3)
    action, button = replay_action(canvas), tools.findChild(QPushButton, "replay_button")
    texts = [action.text()]
    names = [button.accessibleName()]
    for _ in range(2):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        texts.append(action.text())
        names.append(button.accessibleName())
    assert texts == ["Repla&y drawing", "Stop repla&y", "Repla&y drawing"]
    assert names == ["Replay", "Stop the replay", "Replay"]
    assert not presenter.is_playing
    assert shows_end(canvas)
    assert session.displayed.value.source is Source.DRAWING


def test_a_change_of_the_drawing_ends_it_and_takes_the_trace_away(
    presenter: ReplayPresenter, canvas: DrawingCanvas
) -> None:
    presenter.set_speed(1e-3)
    presenter.play_or_stop()
    assert presenter.trace is not None
    assert presenter.trace.duration == pytest.approx(0.12)
    canvas.set_drawing(SEVEN.with_stroke(Stroke([[0.5, 0.5]])))
    assert not presenter.is_playing
    assert shows_end(canvas)
    assert presenter.trace is None


def test_an_empty_canvas_has_nothing_to_play(
    presenter: ReplayPresenter, canvas: DrawingCanvas
) -> None:
    assert replay_action(canvas).isEnabled()
    canvas.clear()
    assert not replay_action(canvas).isEnabled()
    presenter.play_or_stop()
    assert not presenter.is_playing


def test_a_faster_pace_is_over_sooner(
    presenter: ReplayPresenter, canvas: DrawingCanvas, qtbot: QtBot
) -> None:
    hour = np.arange(3_600.0)
    canvas.set_drawing(Drawing((Stroke(np.tile([[0.2, 0.2], [0.8, 0.2]], (1_800, 1)), hour),)))
    presenter.set_speed(1e5)
    presenter.play_or_stop()
    assert presenter.is_playing
    qtbot.waitUntil(lambda: not presenter.is_playing)


def test_a_replay_takes_the_place_of_a_test_image(
    presenter: ReplayPresenter, session: Session
) -> None:
    presenter.set_speed(1e-3)
    session.displayed.set(TEST_IMAGE)
    presenter.play_or_stop()
    assert session.displayed.value.source is Source.REPLAY


def test_what_is_displayed_in_place_of_the_drawing_ends_it_and_stays(
    presenter: ReplayPresenter, session: Session, canvas: DrawingCanvas
) -> None:
    presenter.set_speed(1e-3)
    presenter.play_or_stop()
    session.displayed.set(TEST_IMAGE)
    assert not presenter.is_playing
    assert shows_end(canvas)
    assert session.displayed.value is TEST_IMAGE


def test_what_is_read_on_the_way_becomes_a_trace_of_the_moments_that_were_shown(
    presenter: ReplayPresenter, session: Session, qtbot: QtBot
) -> None:
    def answer(displayed: Displayed) -> None:
        if displayed.prediction is None:
            digit = 1 if displayed.source is Source.REPLAY else 7
            session.displayed.set(replace(displayed, prediction=prediction(digit)))

    session.displayed.changed.connect(answer)
    presenter.play_or_stop()
    qtbot.waitUntil(lambda: not presenter.is_playing)
    trace = presenter.trace
    assert trace is not None
    assert trace.seconds[0] == 0
    assert trace.seconds[-1] == trace.duration == pytest.approx(0.12)
    assert all(before < after for before, after in pairwise(trace.seconds.tolist()))
    assert trace.probabilities[0, 1] == 1
    assert trace.digits(0.5) == [1, 7]


def test_readings_of_anything_else_are_no_part_of_the_trace(
    presenter: ReplayPresenter, session: Session
) -> None:
    whole = Displayed(drawing=session.drawing.value, prediction=prediction(7))
    session.displayed.set(whole)
    traces = [presenter.trace]
    presenter.set_speed(1e-3)
    presenter.play_or_stop()
    traces.append(presenter.trace)
    other = Drawing((Stroke([[0.5, 0.5]]),))
    session.displayed.set(Displayed(Source.REPLAY, other, prediction=prediction(7)))
    traces.append(presenter.trace)
    assert [None if trace is None else len(trace.seconds) for trace in traces] == [None, 0, 0]


def test_the_way_back_to_the_drawing_ends_the_replay(
    presenter: ReplayPresenter, session: Session, canvas: DrawingCanvas
) -> None:
    canvas.set_drawing(SEVEN)
    presenter.play_or_stop()
    session.display_drawing()
    assert not presenter.is_playing


def test_what_was_still_to_be_known_of_the_drawing_does_not_end_its_replay(
    presenter: ReplayPresenter, session: Session, canvas: DrawingCanvas
) -> None:
    canvas.set_drawing(SEVEN)
    presenter.play_or_stop()
    session.displayed.set(Displayed(drawing=SEVEN, prediction=prediction(7)))
    assert presenter.is_playing
    presenter.stop()
