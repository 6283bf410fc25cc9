import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.prediction import DigitPrediction, NumberPrediction, Prediction
from mnist_gui.engine.preprocessing import (
    ALL_STEPS,
    PreprocessingSteps,
    preprocess,
    trace_preprocessing,
)
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel
from mnist_gui.gui.explanation.page import ExplanationPage
from mnist_gui.gui.explanation.presenter import ExplanationPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction

LINE = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8)]),))
RING = Drawing((Stroke([(0.5, 0.2), (0.8, 0.5), (0.5, 0.8), (0.2, 0.5), (0.5, 0.2)]),))
NOT_FITTED = PreprocessingSteps(fit=False)

pytestmark = pytest.mark.usefixtures("presenter")


class ScriptedClassifier(Classifier):
    """Stands in for the network: answers with the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.error: Exception | None = None
        self._permits = threading.Semaphore(1_000)

    def hold(self) -> None:
        self._permits = threading.Semaphore(0)

    def let_go(self, answers: int = 1_000) -> None:
        self._permits.release(answers)

    def predict(self, snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
        return self.predictions(snapshot, image[np.newaxis])[0]

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        return list(map(Prediction, self._answers(snapshot, images)))

    def probabilities(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked += 1
        assert self._permits.acquire(timeout=5)
        if self.error is not None:
            raise self.error
        return self._answers(snapshot, images)

    def _answers(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        answers: NDArray[np.float32] = np.eye(10, dtype=np.float32)[[snapshot.step] * len(images)]
        return answers


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier()


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path, classifier: ScriptedClassifier) -> Iterator[Session]:
    session = Session(tmp_path / "kept", tmp_path / "runs")
    session.classifier = classifier
    yield session
    classifier.let_go()
    session.end_threads()
    assert session.threads_have_ended


@pytest.fixture
def shell(qtbot: QtBot) -> RecordingShell:
    shell = RecordingShell()
    qtbot.addWidget(shell)
    shell.pages.bring_to_front(Page.EXPLANATION)
    shell.show()
    return shell


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> PredictionPanel:
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    session.displayed.follow(panel.show_displayed)
    return panel


@pytest.fixture
def page(qtbot: QtBot) -> ExplanationPage:
    page = ExplanationPage()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def rests() -> int:
    return 3


@pytest.fixture
def presenter(
    session: Session,
    page: ExplanationPage,
    panel: PredictionPanel,
    shell: RecordingShell,
    rests: int,
    qtbot: QtBot,
) -> ExplanationPresenter:
    longest = max(500, rests)
    presenter = ExplanationPresenter(
        session, page, panel.tiles, shell, rests=rests, longest_rest_milliseconds=longest
    )
    qtbot.waitUntil(page.isVisible)
    return presenter


@pytest.fixture
def copy_code(shell: RecordingShell, presenter: ExplanationPresenter) -> QAction:
    actions = shell.menus.edit_menu.actions()
    return next(action for action in actions if action.text() == "Copy as &NumPy code")


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


def predicted(drawing: Drawing) -> Displayed:
    """Return what is displayed of a drawing once the network has answered."""
    return Displayed(drawing=drawing, image=preprocess(drawing), prediction=prediction(1, 0.9))


def explained_as(page: ExplanationPage) -> str:
    """Return the digit that is explained, if any is."""
    return page.comparison.with_all.digit.text() if page.evidence.isVisible() else ""


def shows(page: ExplanationPage, drawing: Drawing, steps: PreprocessingSteps = ALL_STEPS) -> bool:
    """Return whether the page shows the way of this drawing, by the numbers at its end."""
    is_its_image = np.array_equal(numbers(page), trace_preprocessing(drawing, steps).image)
    return page.steps_view.isVisible() and is_its_image


def numbers(page: ExplanationPage) -> NDArray[np.uint8]:
    table = page.numbers.table
    cells = [[int(table.data(table.index(y, x))) for x in range(28)] for y in range(28)]
    return np.array(cells, np.uint8)


def copied_image() -> NDArray[np.uint8]:
    """Return the image that the code on the clipboard makes."""
    made: dict[str, NDArray[np.uint8]] = {}
    exec(QGuiApplication.clipboard().text(), {}, made)
    return made["image"]


def leave_out_fitting(page: ExplanationPage) -> None:
    switch = page.findChild(QCheckBox, "fit_switch")
    assert isinstance(switch, QCheckBox)
    switch.click()


def test_a_drawing_is_shown_step_by_step_and_then_explained(
    session: Session, page: ExplanationPage, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    classifier.hold()
    session.network.set(snapshot(3))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: shows(page, LINE))
    assert not explained_as(page)
    classifier.let_go()
    qtbot.waitUntil(lambda: explained_as(page) == "3")
    assert shows(page, LINE)


def test_an_image_without_strokes_is_explained_until_there_is_a_drawing(
    session: Session, page: ExplanationPage, qtbot: QtBot
) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10:18, 13:15] = 255
    session.network.set(snapshot(3))
    session.displayed.set(
        Displayed(Source.TEST_IMAGE, image=image, prediction=prediction(3, 0.9), index=7, label=3)
    )
    qtbot.waitUntil(page.evidence.isVisible)
    np.testing.assert_array_equal(numbers(page), image)
    assert page.evidence.legend.speaks_for.text() == "for 3"
    assert not page.steps_view.isVisible()
    assert not page.comparison.isVisible()
    QGuiApplication.clipboard().clear()
    page.numbers.copy_button.click()
    qtbot.waitUntil(lambda: "np.array" in QGuiApplication.clipboard().text())
    np.testing.assert_array_equal(copied_image(), image)
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: shows(page, LINE) and page.comparison.isVisible())


def test_without_a_network_the_strip_is_shown_all_the_same(
    session: Session, page: ExplanationPage, qtbot: QtBot
) -> None:
    session.displayed.set(Displayed(drawing=LINE, image=preprocess(LINE)))
    qtbot.waitUntil(lambda: shows(page, LINE))
    assert page.message.isVisible()
    assert page.message.text().startswith("No network yet")
    session.network.set(snapshot(4))
    qtbot.waitUntil(lambda: explained_as(page) == "4")


def test_nothing_is_explained_while_nobody_looks(
    session: Session,
    page: ExplanationPage,
    shell: RecordingShell,
    classifier: ScriptedClassifier,
    copy_code: QAction,
    qtbot: QtBot,
) -> None:
    shell.pages.bring_to_front(Page.CURVES)
    session.network.set(snapshot(3))
    session.displayed.set(predicted(LINE))
    copy_code.trigger()
    qtbot.waitUntil(lambda: shell.statuses == ["Copied the image as NumPy code"])
    assert classifier.asked == 0
    shell.pages.bring_to_front(Page.EXPLANATION)
    qtbot.waitUntil(lambda: explained_as(page) == "3")


def test_the_drawing_is_explained_again_with_every_new_network_and_other_steps(
    session: Session, page: ExplanationPage, qtbot: QtBot
) -> None:
    session.displayed.set(predicted(LINE))
    session.network.set(snapshot(3))
    qtbot.waitUntil(lambda: explained_as(page) == "3")
    session.network.set(snapshot(7))
    qtbot.waitUntil(lambda: explained_as(page) == "7")
    leave_out_fitting(page)
    qtbot.waitUntil(page.comparison.chosen.isVisible)
    assert shows(page, LINE, NOT_FITTED)


def test_of_what_comes_during_an_explanation_the_newest_is_explained_next(
    session: Session, page: ExplanationPage, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    classifier.hold()
    session.network.set(snapshot(1))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: classifier.asked == 1)
    for step in range(2, 10):
        session.network.set(snapshot(step))
    session.displayed.set(predicted(RING))
    classifier.let_go(1)
    qtbot.waitUntil(lambda: explained_as(page) == "1")
    classifier.let_go()
    qtbot.waitUntil(lambda: explained_as(page) == "9")
    assert shows(page, RING)
    assert classifier.asked == 2


@pytest.mark.parametrize("rests", [100_000])
def test_after_an_explanation_the_strip_goes_on_while_the_thread_rests(
    session: Session, page: ExplanationPage, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    classifier.hold()
    session.network.set(snapshot(1))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: classifier.asked == 1)
    classifier.let_go()
    qtbot.waitUntil(lambda: explained_as(page) == "1")
    for drawing in (RING, LINE):
        session.displayed.set(predicted(drawing))
        qtbot.waitUntil(partial(shows, page, drawing))
        # The strip of what comes much later need not wait for the rest's end either.
        qtbot.wait(100)
    assert classifier.asked == 1


@pytest.mark.parametrize("late", ["cleared", "other steps", "not watched"])
def test_an_answer_that_comes_too_late_is_dropped(
    session: Session,
    page: ExplanationPage,
    shell: RecordingShell,
    classifier: ScriptedClassifier,
    qtbot: QtBot,
    late: str,
) -> None:
    classifier.hold()
    session.network.set(snapshot(3))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: classifier.asked == 1)
    match late:
        case "cleared":
            session.displayed.set(Displayed())
            assert page.invitation.isVisible()
        case "other steps":
            leave_out_fitting(page)
        case _:
            shell.pages.bring_to_front(Page.CURVES)
    session.displayed.set(predicted(RING))
    session.network.set(snapshot(8))
    shell.pages.bring_to_front(Page.EXPLANATION)
    classifier.let_go(1)
    qtbot.waitUntil(lambda: classifier.asked == 2)
    QCoreApplication.processEvents()
    assert not explained_as(page)
    classifier.let_go()
    qtbot.waitUntil(lambda: explained_as(page) == "8")
    assert shows(page, RING, NOT_FITTED if late == "other steps" else ALL_STEPS)


def test_what_goes_wrong_is_told_and_the_next_drawing_is_explained(
    session: Session, page: ExplanationPage, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    classifier.error = MemoryError("no room")
    session.network.set(snapshot(3))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: page.message.isVisible() and bool(page.message.text()))
    classifier.error = None
    session.displayed.set(predicted(RING))
    qtbot.waitUntil(lambda: explained_as(page) == "3")


def test_the_edit_menu_copies_code_for_the_image_at_the_strips_end_while_there_is_a_drawing(
    session: Session, page: ExplanationPage, copy_code: QAction, qtbot: QtBot
) -> None:
    assert not copy_code.isEnabled()
    leave_out_fitting(page)
    session.displayed.set(predicted(LINE))
    assert copy_code.isEnabled()
    QGuiApplication.clipboard().clear()
    copy_code.trigger()
    qtbot.waitUntil(lambda: "np.array" in QGuiApplication.clipboard().text())
    expected = trace_preprocessing(LINE, NOT_FITTED).image
    np.testing.assert_array_equal(copied_image(), expected)
    session.displayed.set(Displayed())
    assert not copy_code.isEnabled()


def test_of_several_digits_the_one_that_is_chosen_is_explained(
    session: Session, page: ExplanationPage, panel: PredictionPanel, qtbot: QtBot
) -> None:
    session.network.set(snapshot(1))
    digits = (
        DigitPrediction(LINE, preprocess(LINE), prediction(1, 0.9)),
        DigitPrediction(RING, preprocess(RING), prediction(0, 0.6)),
    )
    both = Drawing((*LINE.strokes, *RING.strokes))
    session.displayed.set(Displayed(drawing=both, prediction=NumberPrediction(digits)))
    qtbot.waitUntil(lambda: shows(page, RING))
    panel.tiles.choose(0)
    qtbot.waitUntil(lambda: shows(page, LINE))


def test_a_pictures_digit_leaves_the_page_as_it_is(
    session: Session, page: ExplanationPage, qtbot: QtBot
) -> None:
    session.network.set(snapshot(3))
    session.displayed.set(predicted(LINE))
    qtbot.waitUntil(lambda: explained_as(page) == "3")
    session.displayed.set(
        Displayed(Source.PICTURE, image=preprocess(RING), prediction=prediction(0, 0.9))
    )
    session.network.set(snapshot(4))
    qtbot.waitUntil(lambda: explained_as(page) == "4")
    assert shows(page, LINE)
