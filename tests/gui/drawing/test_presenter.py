import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing import presenter as drawing_module
from mnist_gui.gui.drawing.presenter import DrawingPresenter
from mnist_gui.gui.jobs import JobThread

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


class ScriptedClassifier:
    """Stands in for the network: answers with the snapshot's step, once it may."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        self.asked += 1
        assert self.gate.wait(5)
        return Prediction(np.eye(10, dtype=np.float32)[snapshot.step])

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        return [self.predict(snapshot, image) for image in images]


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> ScriptedClassifier:
    classifier = ScriptedClassifier()
    monkeypatch.setattr(drawing_module, "Classifier", lambda: classifier)
    return classifier


@pytest.fixture
def controller(qtbot: QtBot, classifier: ScriptedClassifier) -> Iterator[DrawingPresenter]:
    thread = JobThread("reading")
    yield DrawingPresenter(thread)
    thread.stop()
    assert thread.wait(5_000)


def digits(controller: DrawingPresenter) -> list[int]:
    seen: list[int] = []
    controller.predicted.connect(lambda prediction: seen.append(prediction.digit))
    return seen


def test_a_drawing_becomes_an_image_and_a_prediction(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    controller.use_snapshot(snapshot(3))
    images: list[NDArray[np.uint8]] = []
    controller.image_changed.connect(images.append)
    with qtbot.waitSignal(controller.predicted) as signal:
        controller.use_drawing(LINE)
    assert images[0].shape == (28, 28)
    assert images[0].max() == 255
    assert signal.args is not None
    assert signal.args[0].digit == 3


def test_without_a_network_it_says_so(controller: DrawingPresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignals([controller.image_changed, controller.network_missing]):
        controller.use_drawing(LINE)


def test_the_drawing_is_read_again_with_every_new_network(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    seen = digits(controller)
    controller.use_drawing(LINE)
    for step in (3, 7):
        with qtbot.waitSignal(controller.predicted):
            controller.use_snapshot(snapshot(step))
    qtbot.waitUntil(lambda: seen[-1] == 7)


def test_what_comes_during_a_reading_is_read_next_and_only_the_newest(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = digits(controller)
    classifier.gate.clear()
    controller.use_snapshot(snapshot(1))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    for step in range(2, 10):
        controller.use_snapshot(snapshot(step))
    classifier.gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [9]
    assert classifier.asked == 2


def test_what_came_during_a_reading_that_failed_is_read_all_the_same(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = digits(controller)
    controller.use_snapshot(snapshot(3))
    with qtbot.waitSignal(controller.predicted):
        controller.use_drawing(LINE)
    classifier.gate.clear()
    controller.use_snapshot(snapshot(99))
    qtbot.waitUntil(lambda: classifier.asked == 3)
    controller.use_snapshot(snapshot(4))
    with qtbot.waitSignal(controller.failed):
        classifier.gate.set()
    qtbot.waitUntil(lambda: seen == [3, 4])


def test_many_changes_of_a_drawing_make_one_image(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    images: list[object] = []
    controller.image_changed.connect(images.append)
    for _ in range(100):
        controller.use_drawing(LINE)
    controller.use_drawing(RING)
    qtbot.waitUntil(lambda: bool(images))
    assert len(images) == 1


def test_an_empty_canvas_gets_no_prediction_though_the_network_is_made_ready(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    controller.use_snapshot(snapshot(3))
    with qtbot.waitSignal(controller.cleared):
        controller.use_drawing(Drawing())
    images: list[object] = []
    controller.predicted.connect(images.append)
    controller.use_snapshot(snapshot(4))
    qtbot.waitUntil(lambda: classifier.asked == 1)
    assert not images


def test_an_answer_that_comes_after_the_canvas_was_cleared_is_dropped(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = digits(controller)
    classifier.gate.clear()
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    with qtbot.waitSignal(controller.cleared):
        controller.use_drawing(Drawing())
    classifier.gate.set()
    with qtbot.waitSignal(controller.predicted):
        controller.use_drawing(RING)
    assert seen == [3]


def test_an_answer_of_before_the_canvas_was_cleared_is_not_told_of_the_next_drawing(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    read: list[Drawing] = []
    controller.drawing_read.connect(lambda drawing, _prediction: read.append(drawing))
    classifier.gate.clear()
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    with qtbot.waitSignal(controller.cleared):
        controller.use_drawing(Drawing())
    with qtbot.waitSignal(controller.image_changed):
        controller.use_drawing(RING)
    classifier.gate.set()
    qtbot.waitUntil(lambda: bool(read))
    assert read == [RING]


def test_an_answer_of_before_the_reading_was_suspended_is_not_told_afterwards(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    read: list[Drawing] = []
    controller.drawing_read.connect(lambda drawing, _prediction: read.append(drawing))
    classifier.gate.clear()
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    controller.suspend()
    with qtbot.waitSignal(controller.image_changed):
        controller.use_drawing(RING)
    classifier.gate.set()
    qtbot.waitUntil(lambda: bool(read))
    assert read == [RING]


def test_a_prediction_is_told_with_the_drawing_it_is_of(
    controller: DrawingPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    read: list[Drawing] = []
    controller.drawing_read.connect(lambda drawing, _prediction: read.append(drawing))
    classifier.gate.clear()
    with qtbot.waitSignal(controller.image_changed):
        controller.use_drawing(LINE)
    controller.use_snapshot(snapshot(3))
    qtbot.waitUntil(lambda: classifier.asked == 1)
    with qtbot.waitSignal(controller.image_changed):
        controller.use_drawing(RING)
    classifier.gate.set()
    qtbot.waitUntil(lambda: len(read) == 2)
    assert read == [LINE, RING]


def test_digits_side_by_side_are_told_as_a_number_and_as_nothing_else(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    others: list[object] = []
    for signal in (controller.image_changed, controller.predicted, controller.drawing_read):
        signal.connect(lambda *told: others.append(told))
    controller.use_snapshot(snapshot(1))
    with qtbot.waitSignal(controller.number_read) as number:
        controller.use_drawing(ELEVEN)
    assert number.args is not None
    assert number.args[0].text == "11"
    assert not others


def test_pieces_that_make_up_one_digit_are_told_as_one_digit(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    images: list[NDArray[np.uint8]] = []
    controller.image_changed.connect(images.append)
    controller.use_snapshot(snapshot(4))
    with qtbot.waitSignal(controller.drawing_read) as read:
        controller.use_drawing(OPEN_FOUR)
    assert read.args is not None
    assert read.args[0] == OPEN_FOUR
    assert len(images) == 1


def test_a_number_without_a_network_is_shown_as_it_is(
    controller: DrawingPresenter, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([controller.image_changed, controller.network_missing]):
        controller.use_drawing(ELEVEN)
