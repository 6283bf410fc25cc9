import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.one_step.page import OneStepPage
from mnist_gui.gui.one_step.presenter import OneStepPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.conftest import softmax_snapshot
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[6:22, 12:16] = 255


def mild(snapshot: Snapshot) -> Snapshot:
    """Return a network with small weights, so that it is not sure of anything."""
    weights = {name: array * np.float32(0.05) for name, array in snapshot.weights.items()}
    return replace(snapshot, weights=weights)


class View:
    """The page with its presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.page, self.shell, self.session, self.qtbot = OneStepPage(), shell, session, qtbot
        canvas = DrawingCanvas()
        qtbot.addWidget(canvas)
        runner = TrainingRunner(session)
        parts = ViewParts(session, runner, canvas, shell, lambda *_: None, lambda _: None)
        self.presenter = OneStepPresenter(parts, self.page)
        shell.resize(900, 700)
        shell.show()
        shell.pages.bring_to_front(Page.ONE_STEP)

    def show(self, snapshot: Snapshot, displayed: Displayed) -> None:
        self.session.displayed.set(displayed)
        self.session.use_network(snapshot)
        self.wait()

    def wait(self) -> None:
        """Wait until all steps are taken."""
        is_there = self.page.answers.rows
        self.qtbot.waitUntil(lambda: not self.session.view_thread.is_busy)
        self.qtbot.waitUntil(lambda: bool(self.page.answers.rows or is_there))

    def shares(self, digit: int) -> list[str]:
        return [cell.text for cell in self.page.answers.rows[digit].cells]


@pytest.fixture
def view(qtbot: QtBot, session: Session, shell: RecordingShell) -> View:
    return View(qtbot, session, shell)


def test_without_a_network_or_a_digit_it_says_what_is_missing(view: View) -> None:
    assert view.page.message.text() == "No network yet: train one, or open one."
    view.session.use_network(softmax_snapshot())
    assert view.page.message.text() == "Draw a digit on the pad first."
    empty = np.zeros((28, 28), np.uint8)
    view.session.displayed.set(Displayed(image=empty, prediction=prediction(3, 0.5)))
    assert view.page.message.text() == "Draw a digit on the pad first."


def test_it_learns_what_was_read_or_a_test_images_label_unless_another_is_chosen(
    view: View,
) -> None:
    snapshot = mild(softmax_snapshot())
    view.show(snapshot, Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    assert view.page.label_box.currentText() == "As it is read: 7"
    assert view.page.answers.rows[7].spoken == "7, the label"
    shares = [cell.share or 0.0 for cell in view.page.answers.rows[7].cells]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]
    test_image = Displayed(
        Source.TEST_IMAGE, image=IMAGE, prediction=prediction(7, 0.9), index=3, label=2
    )
    view.session.displayed.set(test_image)
    view.wait()
    assert view.page.label_box.currentText() == "Its label: 2"
    assert view.page.answers.rows[2].is_marked
    QTest.keyClick(view.page.label_box, Qt.Key.Key_5)
    view.wait()
    assert view.page.answers.rows[5].is_marked
    assert "The label 5:" in view.page.verdict.text()


def test_the_first_column_is_the_raw_answer_and_the_row_below_its_loss(view: View) -> None:
    snapshot = replace(mild(softmax_snapshot()), temperature=0.5)
    view.show(snapshot, Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    _, logits = features_and_logits(snapshot, IMAGE[np.newaxis])
    share = softmax(logits)[0, 7]
    assert view.shares(7)[0] == f"{100 * share:.1f}\u00a0%"
    assert float(view.page.answers.rows[10].cells[0].text) == pytest.approx(
        -np.log(share), rel=0.01
    )
    assert "raw" in view.page.arithmetic.text()
    view.session.is_calibrated.set(False)
    view.wait()
    assert "raw" not in view.page.arithmetic.text()


def test_another_rate_takes_other_steps_and_the_recipes_comes_back(view: View) -> None:
    view.show(mild(softmax_snapshot()), Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    usual = RECIPES["softmax-tutorial"].learning_rate
    assert view.page.rate_field.value() == usual
    assert not view.page.rate_button.isEnabled()
    with_usual = view.shares(7)
    view.page.rate_field.setValue(usual / 100)
    view.wait()
    assert "0.005 times" in view.page.optimizer.text()
    assert view.shares(7)[0] == with_usual[0]
    assert view.shares(7)[2] != with_usual[2]
    view.page.rate_button.click()
    view.wait()
    assert view.shares(7) == with_usual


def test_the_hint_says_when_there_is_little_to_learn(view: View) -> None:
    snapshot = softmax_snapshot()
    view.show(snapshot, Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    _, logits = features_and_logits(snapshot, IMAGE[np.newaxis])
    sure = int(logits[0].argmax())
    assert "sure already" not in view.page.verdict.text()
    view.session.displayed.set(Displayed(image=IMAGE, prediction=prediction(sure, 0.9)))
    view.wait()
    assert "sure already" in view.page.verdict.text()


def test_the_step_adds_the_digit_to_its_labels_image_in_blue(view: View) -> None:
    view.show(mild(softmax_snapshot()), Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    for pictures, is_blue in ((view.page.step, True), (view.page.gradient, False)):
        # A picture is painted where its tile is; the bar of ink is in its middle.
        assert pictures.width() > 200
        colour = pictures.grab().toImage().pixelColor(pictures.tile(7).center().toPoint())
        assert (colour.blue() > colour.red() + 50) is is_blue
        corner = pictures.tile(7).topLeft().toPoint()
        grey = pictures.grab().toImage().pixelColor(corner.x() + 2, corner.y() + 2)
        assert abs(grey.red() - grey.blue()) < 30


def test_the_rows_are_walked_by_keys_and_spoken(view: View) -> None:
    view.show(mild(softmax_snapshot()), Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    view.page.answers.setFocus()
    QTest.keyClick(view.page.answers, Qt.Key.Key_Down)
    words = view.page.answers.accessibleDescription()
    assert words.startswith("1. now: ")
    assert "100: " in words
    layer = view.page.layers.accessibleDescription()
    assert layer.startswith("Output layer. Weights: ")


def test_who_leaves_early_finds_all_steps_taken_when_they_come_back(view: View) -> None:
    view.session.displayed.set(Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    view.session.use_network(mild(softmax_snapshot()))
    view.shell.pages.bring_to_front(Page.RUNS)
    view.qtbot.waitUntil(lambda: not view.session.view_thread.is_busy)
    view.shell.pages.bring_to_front(Page.ONE_STEP)
    view.qtbot.waitUntil(lambda: bool(view.page.answers.rows))
    view.wait()
    assert "\u2026" not in view.shares(7)


def test_the_numbers_are_saved_under_the_name_of_the_network(view: View) -> None:
    view.show(mild(softmax_snapshot()), Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    rows = list(csv.DictReader(StringIO(view.presenter.numbers().decode())))
    assert len(rows) == 4 * 11 + 3
    assert view.presenter.file_name() == "softmax-tutorial-7-one step"
    assert view.page.title.text() == "Softmax regression (tutorial), after 7 steps"


def test_a_narrow_page_leaves_out_the_numbers_without_bars(view: View) -> None:
    view.show(mild(softmax_snapshot()), Displayed(image=IMAGE, prediction=prediction(7, 0.9)))
    layers = view.page.layers
    assert layers.sizeHint().width() > layers.minimumSizeHint().width() + 50
    narrow = layers.minimumSizeHint().width()
    layers.setFixedSize(narrow, layers.height())
    picture = layers.grab().toImage()
    layers.setFixedSize(layers.sizeHint())
    # With all columns, the first bar begins further to the right.
    whole = layers.grab().toImage()
    middle = round(layers.row_rect(0).center().y())
    accent = layers.palette().color(QPalette.ColorRole.Accent)

    def first_bar(image: QImage) -> int:
        places = range(image.width())
        return next(x for x in places if image.pixelColor(x, middle) == accent)

    assert first_bar(picture) < first_bar(whole)
