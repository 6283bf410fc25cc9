import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.events import RunState, StepsTrained
from mnist_gui.engine.history import History
from mnist_gui.engine.inside.health import Finding, Found, Health, LayerHealth, distribution_of
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run_folder import snapshot_file
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.curves.step_plot import walked
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.health.page import HealthPage
from mnist_gui.gui.health.presenter import HealthPresenter
from mnist_gui.gui.health.text import HealthText, Quantity
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.conftest import softmax_snapshot
from tests.engine.inside.test_forward import random_images, random_network
from tests.gui.recording_shell import RecordingShell

RUN = "20260101-000000-softmax"
RANDOM = np.random.default_rng(3)


def images(count: int) -> LabelledImages:
    return LabelledImages(random_images(count), (np.arange(count) % 10).astype(np.uint8))


class View:
    """The page with its presenter, in a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.page, self.shell, self.session, self.qtbot = HealthPage(), shell, session, qtbot
        self.gone_to: list[int] = []
        canvas = DrawingCanvas()
        qtbot.addWidget(canvas)
        self.runner = TrainingRunner(session)
        test = (lambda *_: None, self.gone_to.append)
        parts = ViewParts(session, self.runner, canvas, shell, *test)
        self.presenter = HealthPresenter(parts, self.page)
        self.data = Dataset("made up", images(30), images(10), images(10), "print")
        session.dataset.set(self.data)
        shell.resize(900, 700)
        shell.show()
        shell.pages.bring_to_front(Page.HEALTH)

    def keep(self, step: int) -> Snapshot:
        """Let a run keep a snapshot."""
        folder = self.session.runs_folder.value / RUN
        folder.mkdir(parents=True, exist_ok=True)
        snapshot = replace(softmax_snapshot(step + 1), step=step)
        save_snapshot(folder / snapshot_file(step), snapshot)
        return snapshot

    def choose(self, quantity: Quantity) -> None:
        self.page.quantity_box.setCurrentIndex(list(Quantity).index(quantity))

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.view_thread.is_busy)
        self.qtbot.waitUntil(self.page.body.isVisible)


@pytest.fixture
def view(qtbot: QtBot, session: Session, shell: RecordingShell) -> View:
    return View(qtbot, session, shell)


def test_without_a_network_or_images_it_says_what_is_missing(view: View) -> None:
    assert view.page.message.text().startswith("No network yet")
    view.session.dataset.set(None)
    view.session.use_network(softmax_snapshot())
    assert view.page.message.text() == "The data set is still being loaded."


def test_a_network_from_no_run_is_examined_alone_and_that_is_said(view: View) -> None:
    view.session.use_network(random_network("cnn-lean"))
    view.wait()
    assert "not from a run" in view.page.note.text()
    layers = [view.page.layer_box.itemText(at) for at in range(view.page.layer_box.count())]
    assert layers == ["Convolution 1", "Convolution 2", "Dense layer", "Output layer"]
    assert view.page.now.text().startswith("Step 1: half of the numbers lie between")
    view.choose(Quantity.RATE)
    assert view.page.key.text() == "There is nothing of this kind to show here."


def test_each_kept_step_of_a_run_is_a_ridge_and_a_point_of_the_curves(view: View) -> None:
    last = [view.keep(step) for step in (0, 4, 10)][-1]
    view.session.use_network(last, RUN)
    view.wait()
    assert view.page.note.isHidden()
    feet = [view.page.ridges.baseline(place) for place in range(3)]
    assert feet == sorted(feet)
    view.choose(Quantity.GRADIENT_NORM)
    assert view.page.ridges.isHidden()
    (curve,) = view.page.plot.drawn()
    assert curve.steps.tolist() == [np.log10(0.5), np.log10(4), 1.0]
    kept = [health.layers[0].gradient_norm for health in view.presenter._healths]
    assert np.allclose(10**curve.values, kept)
    view.choose(Quantity.UPDATE)
    (curve,) = view.page.plot.drawn()
    change = [health.layers[0].update or 0 for health in view.presenter._healths]
    # In percent; of the first step none is known.
    assert np.allclose(10**curve.values, [100 * each for each in change[1:]])


def test_a_step_is_chosen_by_the_pointer_and_by_keys_and_its_network_asked_for(
    view: View,
) -> None:
    last = [view.keep(step) for step in (0, 4, 10)][-1]
    view.session.use_network(last, RUN)
    view.wait()
    ridges = view.page.ridges
    foot = round(ridges.baseline(0))
    QTest.mouseClick(ridges, Qt.MouseButton.LeftButton, pos=QPoint(100, foot))
    assert view.page.now.text().startswith("Step 0:")
    ridges.setFocus()
    QTest.keyClick(ridges, Qt.Key.Key_Down)
    assert ridges.accessibleDescription().startswith("Step 4:")
    view.choose(Quantity.UPDATE)
    QTest.keyClick(view.page.plot.widget, Qt.Key.Key_End)
    assert view.page.now.text().startswith("Step 10: Output layer ")
    assert view.gone_to == [0, 4, 10]


def test_a_run_that_goes_on_is_examined_further(view: View) -> None:
    view.session.use_network(view.keep(0), RUN)
    view.wait()
    assert "Only one step of this run" in view.page.note.text()
    view.keep(8)
    # As at the end of a run: another network of the same run.
    view.shell.pages.bring_to_front(Page.RUNS)
    view.presenter._answered = None
    view.shell.pages.bring_to_front(Page.HEALTH)
    view.wait()
    view.qtbot.waitUntil(lambda: len(view.presenter._healths) == 2)
    assert view.page.note.isHidden()


def test_of_a_run_whose_steps_are_gone_the_network_itself_is_examined(view: View) -> None:
    folder = view.session.runs_folder.value / RUN
    folder.mkdir(parents=True)
    view.session.use_network(softmax_snapshot(), RUN)
    view.wait()
    assert [health.step for health in view.presenter._healths] == [7]
    assert "new runs take the room of old ones" in view.page.note.text()


def test_the_learning_rate_is_that_of_the_schedule(view: View) -> None:
    recipe = RECIPES["cnn-fast"]
    history = History(recipe)
    history.append(StepsTrained(recipe.steps, 3.0, [1.0] * recipe.steps, [], 1.0))
    view.session.history_of_network.set(history)
    last = [view.keep(step) for step in (0, 200, 1000)][-1]
    view.session.use_network(last, RUN)
    view.wait()
    view.choose(Quantity.RATE)
    # It rises from a tenth to the whole in the first quarter.
    expected = 8e-3 * (0.1 + 0.9 * 200 / (recipe.steps / 4))
    assert view.page.rate_at(200) == pytest.approx(expected, rel=0.01)
    rows = list(csv.DictReader(StringIO(view.presenter.numbers().decode())))
    assert [row["step"] for row in rows] == ["0", "200", "1000"]
    assert float(rows[1]["learning rate"]) == pytest.approx(expected, rel=0.01)
    assert view.presenter.file_name() == "softmax-tutorial-1000-health"


def test_while_a_run_trains_its_network_is_examined_before_it_keeps_any(view: View) -> None:
    view.session.use_network(softmax_snapshot(3))
    view.wait()
    assert "not from a run" in view.page.note.text()
    view.session.run_state.set(RunState.TRAINING)
    view.runner.news.start(History(RECIPES["softmax-tutorial"]))
    view.session.use_network(softmax_snapshot(5))
    view.qtbot.waitUntil(lambda: view.presenter._healths[-1].step == 5)
    assert "Only one step of this run" in view.page.note.text()
    view.session.run_state.set(RunState.IDLE)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Found(Finding.DEAD, "hidden", 0.38), "Dense layer: 38.0\u00a0% of the units never fire."),
        (Found(Finding.EXPLODED, "convolution_2", 40), "Convolution 2: the weights explode."),
        (Found(Finding.VANISHING, "convolution_1", 1e-4), "Convolution 1: the gradient vanishes."),
        (Found(Finding.LOST, "", 7.24), "The network does worse than guessing: its loss is 7.2"),
        (Found(Finding.TOO_FAST, "output", 0.05), "each step changes the weights by 5.0\u00a0%."),
        (Found(Finding.TOO_SLOW, "", 1e-8), "The weights hardly move"),
        (Found(Finding.WELL), "All is well"),
    ],
)
def test_what_a_rule_finds_is_said_in_a_sentence(found: Found, sentence: str) -> None:
    assert sentence in HealthText().found(found)


def test_the_worst_is_said_first_with_a_sign_and_others_below(qtbot: QtBot) -> None:
    page = HealthPage()
    qtbot.addWidget(page)
    seen = distribution_of(RANDOM.normal(size=500).astype(np.float32))
    layer = LayerHealth("output", seen, seen, seen, 1.0, 1.0, None, 0.05)
    found = [Found(Finding.LOST, "", 9.0), Found(Finding.TOO_FAST, "output", 0.05)]
    rates = History(RECIPES["softmax-tutorial"]).loss
    page.show_healths([Health(90, 9.0, 1.0, (layer,))], found, rates, is_run=True)
    assert page.verdict.text().startswith("\u26a0 The network does worse than guessing")
    assert page.others.text().startswith("Output layer: each step changes")
    page.show_healths([Health(90, 0.1, 1.0, (layer,))], [Found(Finding.WELL)], rates, is_run=True)
    assert page.verdict.text().startswith("All is well")
    assert page.others.isHidden()


def test_keys_walk_from_step_to_step_and_not_beyond() -> None:
    steps, keys = (0, 4, 10), Qt.Key
    assert walked(steps, 4, keys.Key_Up) == walked(steps, 4, keys.Key_Left) == 0
    assert walked(steps, 4, keys.Key_Down) == walked(steps, 10, keys.Key_Right) == 10
    assert (walked(steps, 4, keys.Key_Home), walked(steps, 4, keys.Key_End)) == (0, 10)
    assert walked(steps, 4, keys.Key_A) is None
    assert walked((), 0, keys.Key_Up) is None


def test_a_run_that_is_chosen_meanwhile_is_not_kept_waiting_for_another(view: View) -> None:
    last = [view.keep(step) for step in (0, 4)][-1]
    view.session.use_network(random_network("cnn"))
    assert view.presenter._asked is not None
    view.session.use_network(last, RUN)
    view.wait()
    # Nothing was shown of the network that was asked for first.
    assert [health.step for health in view.presenter._healths] == [0, 4]
    assert view.page.layer_box.count() == 1


def test_the_steps_of_a_run_that_has_ended_are_found_once_its_history_is(view: View) -> None:
    last = [view.keep(step) for step in (0, 4)][-1]
    view.session.use_network(last)
    view.wait()
    assert [health.step for health in view.presenter._healths] == [4]
    # The same network is the run's now, of which nobody is told but by its history.
    view.session.use_network(last, RUN)
    view.session.history_of_network.set(History(RECIPES["softmax-tutorial"]))
    view.qtbot.waitUntil(lambda: len(view.presenter._healths) == 2)
