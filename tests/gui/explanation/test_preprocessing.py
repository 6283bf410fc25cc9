import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.preprocessing import PreprocessingSteps, trace_preprocessing
from mnist_gui.gui.common.images import CANVAS_COLOUR
from mnist_gui.gui.explanation.preprocessing import PreprocessingFrame, PreprocessingView

# A short upright line in the upper left quarter.
SMALL = Drawing((Stroke([[0.25, 0.1], [0.25, 0.4]]),))


@pytest.fixture
def strip_view(qtbot: QtBot) -> PreprocessingView:
    view = PreprocessingView()
    qtbot.addWidget(view)
    view.resize(680, 200)
    view.show()
    qtbot.waitExposed(view)
    return view


def grey(frame: PreprocessingFrame, x: float, y: float) -> int:
    """Return how light a frame is at a place in shares of its picture."""
    place = frame.picture
    at = QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))
    return QColor(frame.grab().toImage().pixel(at)).lightness()


def switch(view: PreprocessingView, stage: str) -> QCheckBox:
    box = view.findChild(QCheckBox, f"{stage}_switch")
    assert isinstance(box, QCheckBox)
    return box


def test_the_frames_show_what_each_stage_makes(strip_view: PreprocessingView) -> None:
    strip_view.show_preprocessing(trace_preprocessing(SMALL))
    assert grey(strip_view.drawn, 0.25, 0.25) == 255
    assert grey(strip_view.drawn, 0.6, 0.6) < 30
    # The line fills the box from top to bottom, in the middle.
    assert grey(strip_view.box, 0.5, 0.1) > 200
    assert grey(strip_view.box, 0.5, 0.9) > 200
    assert grey(strip_view.box, 0.25, 0.25) == 0
    assert grey(strip_view.final, 14.5 / 28, 14.5 / 28) > 200
    assert grey(strip_view.final, 14.5 / 28, 1.5 / 28) == 0


def test_strokes_are_redrawn_thinner_in_their_square(strip_view: PreprocessingView) -> None:
    strip_view.show_preprocessing(trace_preprocessing(SMALL))
    beside = 0.25 + 0.026
    assert grey(strip_view.drawn, beside, 0.25) > 200
    assert grey(strip_view.redrawn, beside, 0.25) < 30


def test_a_picture_that_is_kept_gives_way_to_another_drawing_and_another_size(
    strip_view: PreprocessingView,
) -> None:
    frame = strip_view.drawn
    strip_view.show_preprocessing(trace_preprocessing(SMALL))
    assert (grey(frame, 0.25, 0.25), grey(frame, 0.75, 0.75)) == (255, CANVAS_COLOUR.lightness())
    below = Drawing((Stroke([[0.75, 0.6], [0.75, 0.9]]),))
    strip_view.show_preprocessing(trace_preprocessing(below))
    assert (grey(frame, 0.25, 0.25), grey(frame, 0.75, 0.75)) == (CANVAS_COLOUR.lightness(), 255)
    side = frame.width()
    strip_view.resize(900, 200)
    QApplication.sendPostedEvents()
    assert frame.width() > side
    assert (grey(frame, 0.25, 0.25), grey(frame, 0.75, 0.75)) == (CANVAS_COLOUR.lightness(), 255)


def test_every_switch_tells_the_stages_and_strikes_its_frames_title_out(
    strip_view: PreprocessingView,
) -> None:
    told: list[PreprocessingSteps] = []
    strip_view.steps_changed.connect(told.append)
    for stage in ("redraw", "fit", "stretch", "centre"):
        QTest.mouseClick(switch(strip_view, stage), Qt.MouseButton.LeftButton)
        assert told[-1] == PreprocessingSteps(**{stage: False})
        QTest.keyClick(switch(strip_view, stage), Qt.Key.Key_Space)
        assert told[-1] == PreprocessingSteps()


def test_each_stage_has_its_price_which_differs_from_network_to_network(
    strip_view: PreprocessingView,
) -> None:
    def prices() -> list[str]:
        return [label.text() for label in strip_view.costs]

    strip_view.show_costs("cnn-deep")
    assert prices() == ["+2.1", "+15.5", "0.0", "+0.1"]
    strip_view.show_costs("softmax")
    assert prices()[1] == "+59.9"
    assert "59.9 more are misread" in strip_view.costs[1].toolTip()


@pytest.mark.parametrize(("width", "least"), [(516, 60), (680, 88), (1400, 158)])
def test_the_frames_are_squares_in_a_row_and_grow_with_the_page(
    strip_view: PreprocessingView, width: int, least: int
) -> None:
    strip_view.resize(width, strip_view.height())
    QApplication.processEvents()
    frames = [strip_view.findChild(PreprocessingFrame, f"film_frame_{place}") for place in range(6)]
    sides = {frame.picture.width() for frame in frames if isinstance(frame, PreprocessingFrame)}
    assert max(sides) - min(sides) <= 1
    assert min(sides) >= least
    assert strip_view.width() == width


def test_the_frames_can_be_heard(strip_view: PreprocessingView) -> None:
    strip_view.show_preprocessing(trace_preprocessing(SMALL))
    assert strip_view.drawn.accessibleName() == "As drawn"
    assert strip_view.redrawn.accessibleDescription() == (
        "The strokes are 2.2 pixels wide in the box"
    )
    inked = np.count_nonzero(trace_preprocessing(SMALL).image)
    assert strip_view.final.accessibleDescription() == (
        f"28 by 28 pixels, {inked} of them with ink, the brightest 255"
    )
