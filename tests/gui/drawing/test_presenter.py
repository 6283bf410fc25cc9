import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import NumberPrediction, Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel
from mnist_gui.gui.drawing.presenter import DrawingPresenter
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.scripted import prediction

LINE = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8)]),))
RING = Drawing((Stroke([(0.5, 0.2), (0.8, 0.5), (0.5, 0.8), (0.2, 0.5), (0.5, 0.2)]),))

ELEVEN = Drawing((Stroke([(0.2, 0.2), (0.2, 0.8)]), Stroke([(0.7, 0.2), (0.7, 0.8)])))
# The stem stands a little off the foot.
OPEN_FOUR = Drawing(
    (
        Stroke([(0.35, 0.2), (0.25, 0.55), (0.5, 0.55)]),
        Stroke([(0.53, 0.3), (0.52, 0.55), (0.5, 0.8)]),
    )
)


class ScriptedClassifier(Classifier):
    """Stands in for the network: answers with the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0
        self.temperatures: set[float] = set()

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        self.asked += 1
        self.temperatures.add(snapshot.temperature)
        assert self.gate.wait(5)
        return Prediction(np.eye(10, dtype=np.float32)[snapshot.step])


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@dataclass
class Pad:
    """A presenter's surroundings, and all that was displayed, in its order."""

    session: Session
    canvas: DrawingCanvas
    panel: PredictionPanel
    classifier: ScriptedClassifier
    displayed: list[Displayed] = field(default_factory=list)

    @property
    def predicted(self) -> list[Displayed]:
        return [each for each in self.displayed if each.prediction is not None]

    @property
    def digits(self) -> list[int]:
        answers = [each.prediction for each in self.displayed]
        return [answer.digit for answer in answers if isinstance(answer, Prediction)]

    @property
    def images(self) -> list[NDArray[np.uint8]]:
        """The images, each once, however often it was displayed."""
        images: list[NDArray[np.uint8]] = []
        for each in self.displayed:
            if each.image is not None and all(each.image is not image for image in images):
                images.append(each.image)
        return images

    def use(self, step: int) -> None:
        self.session.use_network(snapshot(step))

    def has_image_of(self, drawing: Drawing) -> bool:
        newest = self.session.displayed.value
        return newest.drawing == drawing and newest.image is not None


@pytest.fixture
def early_pad(session: Session, qtbot: QtBot) -> Iterator[Pad]:
    """All but the presenter."""
    session.classifier = classifier = ScriptedClassifier()
    pad = Pad(session, DrawingCanvas(), PredictionPanel(), classifier)
    qtbot.addWidget(pad.canvas)
    qtbot.addWidget(pad.panel)
    session.displayed.changed.connect(pad.displayed.append)
    yield pad
    classifier.gate.set()


@pytest.fixture
def presenter(early_pad: Pad) -> DrawingPresenter:
    return DrawingPresenter(early_pad.session, early_pad.canvas, early_pad.panel)


@pytest.fixture
def pad(early_pad: Pad, presenter: DrawingPresenter) -> Pad:
    return early_pad


def begin_to_predict(pad: Pad, drawing: Drawing, qtbot: QtBot) -> None:
    """Have a drawing under way to the network, whose answers wait until the gate is open."""
    pad.use(3)
    qtbot.waitUntil(lambda: pad.classifier.asked == 1)
    pad.classifier.gate.clear()
    pad.canvas.set_drawing(drawing)
    qtbot.waitUntil(lambda: pad.classifier.asked == 2)


def test_a_drawing_becomes_an_image_and_a_prediction(pad: Pad, qtbot: QtBot) -> None:
    pad.use(3)
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: pad.digits == [3])
    assert pad.session.drawing.value == LINE
    assert pad.images[0].shape == (28, 28)
    assert pad.images[0].max() == 255
    assert pad.session.displayed.value.source is Source.DRAWING
    assert not pad.panel.image.is_empty
    assert pad.panel.digit.text() == "3"


def test_what_was_drawn_before_it_came_is_predicted_too(
    early_pad: Pad, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    early_pad.canvas.set_drawing(LINE)
    early_pad.use(3)
    request.getfixturevalue("presenter")
    qtbot.waitUntil(lambda: early_pad.digits == [3])
    assert early_pad.panel.reader.text() == "Read by Softmax regression (tutorial)"


def test_who_points_at_the_networks_name_hears_that_it_is_calibrated(pad: Pad) -> None:
    pad.session.use_network(replace(snapshot(3), temperature=0.456))
    assert "calibrated (temperature 0.46)" in pad.panel.reader.toolTip()
    pad.use(4)
    assert "calibrated" not in pad.panel.reader.toolTip()


def test_with_raw_percentages_the_drawing_is_read_without_the_temperature(
    pad: Pad, qtbot: QtBot
) -> None:
    pad.session.use_network(replace(snapshot(3), temperature=0.456))
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: pad.digits == [3])
    assert pad.classifier.temperatures == {0.456}
    pad.session.is_calibrated.set(False)
    qtbot.waitUntil(lambda: len(pad.digits) == 2)
    assert pad.classifier.temperatures == {0.456, 1}
    assert pad.panel.reader.text().endswith("(tutorial), raw")
    assert "temperature, 0.46, is off" in pad.panel.reader.toolTip()
    pad.session.is_calibrated.set(True)
    assert pad.panel.reader.text().endswith("(tutorial)")


def test_without_a_network_it_says_so(pad: Pad, qtbot: QtBot) -> None:
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: bool(pad.session.displayed.value.problem))
    assert pad.has_image_of(LINE)
    assert "start a training run" in pad.panel.message.text()


def test_a_network_that_came_is_no_longer_asked_for(pad: Pad, qtbot: QtBot) -> None:
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: bool(pad.panel.message.text()))
    pad.classifier.gate.clear()
    pad.use(3)
    assert pad.panel.message.text() == "Reading \u2026"
    pad.classifier.gate.set()
    qtbot.waitUntil(lambda: pad.panel.digit.text() == "3")
    assert pad.panel.message.text() == ""


def test_the_drawing_is_read_again_with_every_new_network(pad: Pad, qtbot: QtBot) -> None:
    pad.canvas.set_drawing(LINE)
    pad.use(3)
    qtbot.waitUntil(lambda: pad.digits == [3])
    pad.use(7)
    qtbot.waitUntil(lambda: pad.digits == [3, 7])


def test_what_comes_during_a_reading_is_read_next_and_only_the_newest(
    pad: Pad, qtbot: QtBot
) -> None:
    pad.classifier.gate.clear()
    pad.use(1)
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: pad.classifier.asked == 1 and pad.has_image_of(LINE))
    for step in range(2, 10):
        pad.use(step)
    pad.classifier.gate.set()
    qtbot.waitUntil(lambda: bool(pad.digits))
    assert pad.digits == [9]
    assert pad.classifier.asked == 2


def test_what_came_during_a_reading_that_failed_is_read_all_the_same(
    pad: Pad, qtbot: QtBot
) -> None:
    pad.use(3)
    pad.canvas.set_drawing(LINE)
    qtbot.waitUntil(lambda: pad.digits == [3])
    pad.classifier.gate.clear()
    pad.use(99)
    qtbot.waitUntil(lambda: pad.classifier.asked == 3)
    pad.use(4)
    pad.classifier.gate.set()
    qtbot.waitUntil(lambda: pad.digits == [3, 4])
    (problem,) = [each.problem for each in pad.displayed if each.problem]
    assert "IndexError" in problem


def test_many_changes_of_a_drawing_make_one_image(pad: Pad, qtbot: QtBot) -> None:
    for _ in range(100):
        pad.canvas.set_drawing(LINE)
        pad.canvas.set_drawing(RING)
    qtbot.waitUntil(lambda: bool(pad.images))
    assert len(pad.images) == 1
    assert pad.has_image_of(RING)


def test_an_empty_canvas_gets_no_prediction_though_the_network_is_made_ready(
    pad: Pad, qtbot: QtBot
) -> None:
    pad.use(3)
    pad.canvas.set_drawing(Drawing())
    pad.use(4)
    answered: list[None] = []
    # The thread takes its jobs in order: an answer would have come before this one.
    pad.session.prediction_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert pad.classifier.asked == 1
    assert not pad.predicted
    assert pad.panel.digit.text() == ""


def test_an_answer_that_comes_after_the_canvas_was_cleared_is_dropped(
    pad: Pad, qtbot: QtBot
) -> None:
    begin_to_predict(pad, LINE, qtbot)
    pad.canvas.clear()
    assert pad.panel.image.is_empty
    pad.classifier.gate.set()
    pad.use(7)
    answered: list[None] = []
    pad.session.prediction_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert not pad.predicted
    assert pad.panel.digit.text() == ""


@pytest.mark.parametrize(
    "away",
    [
        Displayed(),
        Displayed(
            Source.TEST_IMAGE, image=np.ones((28, 28), np.uint8), prediction=prediction(5, 1)
        ),
    ],
)
def test_an_answer_of_before_the_drawing_was_left_is_not_told_of_the_next_drawing(
    pad: Pad, qtbot: QtBot, away: Displayed
) -> None:
    begin_to_predict(pad, LINE, qtbot)
    pad.session.displayed.set(away)
    pad.canvas.set_drawing(RING)
    qtbot.waitUntil(lambda: pad.has_image_of(RING))
    pad.classifier.gate.set()
    qtbot.waitUntil(lambda: pad.digits[-1:] == [3])
    assert [each.drawing for each in pad.predicted if each is not away] == [RING]


def test_what_is_displayed_in_place_of_the_drawing_is_not_predicted_anew(
    pad: Pad, qtbot: QtBot
) -> None:
    image = Displayed(
        Source.PICTURE, image=np.ones((28, 28), np.uint8), prediction=prediction(5, 1)
    )
    begin_to_predict(pad, LINE, qtbot)
    pad.session.displayed.set(image)
    pad.classifier.gate.set()
    pad.use(7)
    answered: list[None] = []
    pad.session.prediction_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert pad.session.displayed.value is image
    assert pad.classifier.asked == 2
    pad.session.display_drawing()
    qtbot.waitUntil(lambda: pad.digits == [5, 7])
    assert pad.session.displayed.value.drawing == LINE


def test_a_prediction_is_told_with_the_drawing_it_is_of(pad: Pad, qtbot: QtBot) -> None:
    begin_to_predict(pad, LINE, qtbot)
    pad.canvas.set_drawing(RING)
    qtbot.waitUntil(lambda: pad.has_image_of(RING))
    image_of_ring = pad.images[-1]
    pad.classifier.gate.set()
    qtbot.waitUntil(lambda: len(pad.predicted) == 2)
    assert [each.drawing for each in pad.predicted] == [LINE, RING]
    # The image is that of the canvas, which is ahead.
    assert all(each.image is image_of_ring for each in pad.predicted)


def test_digits_side_by_side_are_told_as_a_number_and_as_nothing_else(
    pad: Pad, qtbot: QtBot
) -> None:
    pad.use(1)
    pad.canvas.set_drawing(ELEVEN)
    qtbot.waitUntil(lambda: bool(pad.predicted))
    (displayed,) = pad.predicted
    assert isinstance(displayed.prediction, NumberPrediction)
    assert displayed.prediction.text == "11"
    assert not pad.images
    assert pad.panel.digit.text() == "11"


def test_pieces_that_make_up_one_digit_are_told_as_one_digit(pad: Pad, qtbot: QtBot) -> None:
    pad.use(4)
    pad.canvas.set_drawing(OPEN_FOUR)
    qtbot.waitUntil(lambda: pad.digits == [4])
    assert pad.predicted[0].drawing == OPEN_FOUR
    assert len(pad.images) == 1
    assert not pad.panel.image.is_empty


def test_a_number_without_a_network_is_shown_as_it_is(pad: Pad, qtbot: QtBot) -> None:
    pad.canvas.set_drawing(ELEVEN)
    qtbot.waitUntil(lambda: bool(pad.session.displayed.value.problem))
    assert pad.has_image_of(ELEVEN)


def test_the_way_back_from_a_test_image_is_to_the_drawing(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    image = np.ones((28, 28), np.uint8)
    pad.session.displayed.set(Displayed(Source.TEST_IMAGE, image=image, index=0, label=1))
    pad.panel.back_button.click()
    assert pad.session.displayed.value.source is Source.DRAWING
    assert pad.session.displayed.value.drawing == LINE


SCRIBBLE = Drawing((Stroke(np.random.default_rng(1).random((60_000, 2))),))


def test_an_endless_scribble_is_imaged_without_the_window_waiting_for_it(
    qtbot: QtBot, pad: Pad
) -> None:
    pad.use(3)
    pad.canvas.set_drawing(SCRIBBLE)
    qtbot.waitUntil(lambda: pad.digits == [3])
    assert pad.has_image_of(SCRIBBLE)


@pytest.mark.parametrize("after", [LINE, Drawing()])
def test_of_a_scribble_that_is_gone_meanwhile_nothing_is_displayed(
    qtbot: QtBot, pad: Pad, after: Drawing
) -> None:
    # The thread is busy, so that the image comes late.
    busy = threading.Event()
    pad.session.prediction_thread.call(lambda: busy.wait(5), then=lambda _: None)
    pad.canvas.set_drawing(SCRIBBLE)
    qtbot.wait(50)
    pad.canvas.set_drawing(after)
    qtbot.wait(50)
    busy.set()
    done: list[bool] = []
    pad.session.prediction_thread.call(lambda: True, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert all(each.image is None for each in pad.displayed if each.drawing == SCRIBBLE)
    assert pad.session.displayed.value.drawing == after
