import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.explain.explanation import Explanation
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PreprocessingSteps,
    PreprocessingTrace,
    trace_preprocessing,
)
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.explanation import presenter as explanation_module
from mnist_gui.gui.explanation.presenter import ExplanationPresenter
from mnist_gui.gui.jobs import JobThread

LINE = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8)]),))
RING = Drawing((Stroke([(0.5, 0.2), (0.8, 0.5), (0.5, 0.8), (0.2, 0.5), (0.5, 0.2)]),))
NOT_FITTED = PreprocessingSteps(fit=False)


class ScriptedClassifier(Classifier):
    """Stands in for the network: answers with the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0
        self.error: Exception | None = None

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        return self.predictions(snapshot, image[np.newaxis])[0]

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        return list(map(Prediction, self._answers(snapshot, images)))

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += 1
        assert self.gate.wait(5)
        if self.error is not None:
            raise self.error
        return self._answers(snapshot, images)

    def _answers(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        answers: NDArray[np.float32] = np.eye(10, dtype=np.float32)[[snapshot.step] * len(images)]
        return answers


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier()


@pytest.fixture
def controller(qtbot: QtBot, classifier: ScriptedClassifier) -> Iterator[ExplanationPresenter]:
    thread = JobThread("reading")
    controller = ExplanationPresenter(thread, classifier)
    controller.set_watched(True)
    yield controller
    classifier.gate.set()
    thread.stop()
    assert thread.wait(5_000)


@pytest.fixture
def told(controller: ExplanationPresenter) -> list[Explanation]:
    told: list[Explanation] = []
    controller.explained.connect(told.append)
    return told


def test_a_drawing_is_shown_stage_by_stage_and_then_explained(
    controller: ExplanationPresenter, qtbot: QtBot
) -> None:
    answers: list[object] = []
    controller.strip_changed.connect(answers.append)
    controller.explained.connect(answers.append)
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: len(answers) == 2)
    strip, explanation = answers
    assert isinstance(strip, PreprocessingTrace)
    assert isinstance(explanation, Explanation)
    assert strip.drawing == LINE
    assert explanation.prediction.digit == 3
    np.testing.assert_array_equal(explanation.strip.image, strip.image)


def test_an_image_without_strokes_is_explained_until_there_is_a_drawing(
    controller: ExplanationPresenter, told: list[Explanation], qtbot: QtBot
) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10:18, 13:15] = 255
    controller.use_snapshot(snapshot(3))
    with qtbot.waitSignal(controller.image_explained) as signal:
        controller.use_image(image)
    assert signal.args is not None
    np.testing.assert_array_equal(signal.args[0].evidence.image, image)
    assert signal.args[0].prediction.digit == 3
    assert not told
    with qtbot.waitSignal(controller.code_written) as written:
        controller.write_code()
    assert written.args is not None
    made: dict[str, NDArray[np.uint8]] = {}
    exec(written.args[0], made)
    np.testing.assert_array_equal(made["image"], image)
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: bool(told))


def test_without_a_network_the_strip_is_shown_all_the_same(
    controller: ExplanationPresenter, told: list[Explanation], qtbot: QtBot
) -> None:
    with qtbot.waitSignals([controller.strip_changed, controller.network_missing]):
        controller.use_drawing(LINE)
    assert not told
    with qtbot.waitSignal(controller.explained):
        controller.use_snapshot(snapshot(4))


def test_nothing_is_explained_while_nobody_looks(
    controller: ExplanationPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    controller.set_watched(False)
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    with qtbot.waitSignal(controller.code_written):
        controller.write_code()
    assert classifier.asked == 0
    with qtbot.waitSignal(controller.explained):
        controller.set_watched(True)


def test_the_drawing_is_explained_again_with_every_new_network_and_other_stages(
    controller: ExplanationPresenter, told: list[Explanation], qtbot: QtBot
) -> None:
    controller.use_drawing(LINE)
    controller.use_snapshot(snapshot(3))
    qtbot.waitUntil(lambda: len(told) == 1)
    controller.use_snapshot(snapshot(7))
    qtbot.waitUntil(lambda: told[-1].prediction.digit == 7)
    controller.use_stages(NOT_FITTED)
    qtbot.waitUntil(lambda: told[-1].strip.stages == NOT_FITTED)


def test_of_what_comes_during_an_explanation_the_newest_is_explained_next(
    controller: ExplanationPresenter,
    classifier: ScriptedClassifier,
    told: list[Explanation],
    qtbot: QtBot,
) -> None:
    classifier.gate.clear()
    controller.use_snapshot(snapshot(1))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    for step in range(2, 10):
        controller.use_snapshot(snapshot(step))
    controller.use_drawing(RING)
    classifier.gate.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert [explanation.prediction.digit for explanation in told] == [1, 9]
    assert told[-1].strip.drawing == RING
    assert classifier.asked == 2


def test_after_an_explanation_the_strip_goes_on_while_the_thread_rests(
    controller: ExplanationPresenter,
    classifier: ScriptedClassifier,
    told: list[Explanation],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explanation_module, "_RESTS", 100_000)
    monkeypatch.setattr(explanation_module, "_LONGEST_REST_MILLISECONDS", 100_000)
    classifier.gate.clear()
    controller.use_snapshot(snapshot(1))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    classifier.gate.set()
    qtbot.waitUntil(lambda: len(told) == 1)
    for drawing in (RING, LINE):
        with qtbot.waitSignal(controller.strip_changed) as shown:
            controller.use_drawing(drawing)
        assert shown.args is not None
        assert shown.args[0].drawing == drawing
    assert classifier.asked == 1


@pytest.mark.parametrize("late", ["cleared", "other stages", "not watched"])
def test_an_answer_that_comes_too_late_is_dropped(
    controller: ExplanationPresenter,
    classifier: ScriptedClassifier,
    told: list[Explanation],
    qtbot: QtBot,
    late: str,
) -> None:
    classifier.gate.clear()
    controller.use_snapshot(snapshot(3))
    controller.use_drawing(LINE)
    qtbot.waitUntil(lambda: classifier.asked == 1)
    if late == "cleared":
        with qtbot.waitSignal(controller.cleared):
            controller.use_drawing(Drawing())
    elif late == "other stages":
        controller.use_stages(NOT_FITTED)
    else:
        controller.set_watched(False)
    classifier.gate.set()
    controller.set_watched(True)
    controller.use_drawing(RING)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].strip.drawing == RING
    assert told[0].strip.stages == (NOT_FITTED if late == "other stages" else ALL_STEPS)


def test_what_goes_wrong_is_told_and_the_next_drawing_is_explained(
    controller: ExplanationPresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    classifier.error = MemoryError("no room")
    controller.use_snapshot(snapshot(3))
    with qtbot.waitSignal(controller.failed) as failure:
        controller.use_drawing(LINE)
    assert failure.args
    classifier.error = None
    with qtbot.waitSignal(controller.explained):
        controller.use_drawing(RING)


def test_the_code_makes_the_image_at_the_strips_end(
    controller: ExplanationPresenter, qtbot: QtBot
) -> None:
    controller.use_stages(NOT_FITTED)
    controller.use_drawing(LINE)
    with qtbot.waitSignal(controller.code_written) as written:
        controller.write_code()
    assert written.args is not None
    made: dict[str, NDArray[np.uint8]] = {}
    exec(written.args[0], {}, made)
    np.testing.assert_array_equal(made["image"], trace_preprocessing(LINE, NOT_FITTED).image)
