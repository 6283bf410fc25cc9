import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.digits.files import read_drawings
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import Comparison
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.fields import Field, put_value
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.duel.disputes import Dispute, Disputes
from mnist_gui.gui.duel.page import DuelPage
from mnist_gui.gui.duel.presenter import DuelPresenter
from mnist_gui.gui.duel.runner import DuelState
from mnist_gui.gui.duel.setup import DuelSetup
from mnist_gui.gui.duel.text import DuelText, side_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.page import Wish
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.conftest import write_dataset
from tests.gui.recording_shell import RecordingShell

LONG = 60_000
LINE = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8)]),))
LONGER = Drawing((Stroke([(0.5, 0.2), (0.5, 0.8), (0.9, 0.8)]),))
RING = Drawing((Stroke([(0.5, 0.2), (0.8, 0.5), (0.5, 0.8), (0.2, 0.5), (0.5, 0.2)]),))
IMAGE = np.zeros((28, 28), np.uint8)


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    session.end_threads()
    runner.close(10)


@pytest.fixture
def page(qtbot: QtBot) -> DuelPage:
    page = DuelPage(DuelSetup())
    page.setup.sides[1].choose("softmax-tutorial")
    page.setup.change.choose("learning_rate")
    page.setup.images.setValue(2_000)
    return page


@pytest.fixture
def presenter(
    session: Session,
    runner: TrainingRunner,
    page: DuelPage,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> DuelPresenter:
    canvas = DrawingCanvas()
    canvas.setParent(shell)
    parts = ViewParts(session, runner, canvas, shell, lambda *_: None, lambda _step: None)
    presenter = DuelPresenter(parts, page)
    presenter.setParent(page)
    write_dataset(tmp_path / "digits", train=240, test=20)
    session.dataset.set(load_dataset(tmp_path / "digits"))
    shell.resize(1_000, 800)
    shell.show()
    shell.pages.bring_to_front(Page.DUEL)
    return presenter


def field_of(setup: DuelSetup) -> Field:
    assert setup.value is not None
    return setup.value


def state(presenter: DuelPresenter) -> DuelState:
    return presenter.runner.state


def test_a_duel_is_trained_tested_and_told(
    presenter: DuelPresenter, page: DuelPage, session: Session, qtbot: QtBot
) -> None:
    assert page.message.text().startswith("Choose two recipes")
    session.displayed.set(Displayed(drawing=LINE, image=preprocess(LINE)))
    page.start_button.click()
    assert not page.start_button.isVisible()
    assert page.state.text() == "Both train on the very same batches."
    qtbot.waitUntil(lambda: state(presenter) is DuelState.OVER, timeout=LONG)
    qtbot.waitUntil(page.verdict.isVisible, timeout=LONG)
    assert page.verdict.text().startswith("Of the 20 test images, A alone reads ")
    assert "Softmax regression" in page.title.text()
    for side, line in zip(page.sides, page.chart.lines, strict=True):
        assert side.accuracy.text().startswith("Test: ")
        assert len(line.curve) >= 10
        assert line.curve.steps[-1] == 2_000
    # Both read the drawing as the classifier does.
    networks = presenter.runner.match.networks if presenter.runner.match else None
    assert networks is not None
    probabilities = Classifier().probabilities(networks[0], preprocess(LINE)[np.newaxis])[0]
    qtbot.waitUntil(lambda: "Draw a digit" not in page.sides[0].answer.text(), timeout=LONG)
    assert str(int(probabilities.argmax())) in page.sides[0].answer.text()
    page.sides[1].use_button.click()
    assert session.network.value is networks[1]


def test_it_is_paused_resumed_and_stopped(
    presenter: DuelPresenter, page: DuelPage, session: Session, qtbot: QtBot
) -> None:
    page.setup.images.setValue(10_000_000)
    page.start_button.click()
    qtbot.waitUntil(lambda: state(presenter) is DuelState.TRAINING, timeout=LONG)
    page.pause_button.click()
    assert page.pause_button.text() == "Resume"
    qtbot.waitUntil(lambda: not session.engine_thread.is_busy, timeout=LONG)
    assert presenter.runner.match is not None
    before = presenter.runner.match.sides[0].step
    page.pause_button.click()
    sides = presenter.runner.match.sides
    qtbot.waitUntil(lambda: sides[0].step > before + 5, timeout=LONG)
    # At once held and resumed again, it goes on all the same.
    page.pause_button.click()
    page.pause_button.click()
    step = sides[0].step
    qtbot.waitUntil(lambda: sides[0].step > step + 5, timeout=LONG)
    qtbot.waitUntil(lambda: "left" in page.left.text(), timeout=LONG)
    page.stop_button.click()
    assert not page.stop_button.isEnabled()
    qtbot.waitUntil(lambda: state(presenter) is DuelState.OVER, timeout=LONG)
    assert sides[0].step < sides[0].recipe.steps
    assert page.verdict.isVisible()


def test_a_run_goes_first_and_the_duel_goes_on_after_it(
    presenter: DuelPresenter,
    page: DuelPage,
    session: Session,
    runner: TrainingRunner,
    qtbot: QtBot,
) -> None:
    page.setup.images.setValue(10_000_000)
    page.start_button.click()
    qtbot.waitUntil(lambda: state(presenter) is DuelState.TRAINING, timeout=LONG)
    runner.start(replace(RECIPES["softmax-tutorial"], steps=3))
    assert state(presenter) is DuelState.WAITING
    assert "the duel waits" in page.state.text()
    qtbot.waitUntil(lambda: session.run_state.value is RunState.IDLE, timeout=LONG)
    qtbot.waitUntil(lambda: state(presenter) is DuelState.TRAINING, timeout=LONG)
    assert runner.news.history is not None
    assert runner.news.history.tested is not None


def test_none_is_begun_while_a_run_trains(
    presenter: DuelPresenter, page: DuelPage, session: Session
) -> None:
    assert page.start_button.isEnabled()
    session.run_state.set(RunState.TRAINING)
    assert not page.start_button.isEnabled()
    assert page.state.text() == "Available when training has ended."
    session.run_state.set(RunState.IDLE)
    assert page.start_button.isEnabled()
    assert not page.state.isVisible()


def test_a_side_that_diverges_is_named(
    presenter: DuelPresenter, page: DuelPage, qtbot: QtBot
) -> None:
    page.setup.sides[1].choose("cnn-tutorial")
    page.setup.change.choose("learning_rate")
    put_value(field_of(page.setup), 100)
    page.start_button.click()
    qtbot.waitUntil(lambda: state(presenter) is DuelState.FAILED, timeout=LONG)
    assert page.state.text().startswith("B: Training diverged")
    assert page.start_button.isVisible()


def test_curves_differences_and_drawings_are_saved(
    presenter: DuelPresenter,
    page: DuelPage,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page.start_button.click()
    qtbot.waitUntil(lambda: state(presenter) is DuelState.OVER, timeout=LONG)
    qtbot.waitUntil(page.verdict.isVisible, timeout=LONG)
    monkeypatch.setattr(
        dialogs,
        "ask_to_save",
        lambda _parent, _title, kinds, *, name: str(tmp_path / (name + next(iter(kinds.values())))),
    )
    presenter.disputes.note(Dispute(LINE, IMAGE, (1, 7)))
    presenter.disputes.close()
    presenter.disputes.note(Dispute(RING, IMAGE, (0, 6)))
    page.disputes.show_disputes(presenter.disputes.entries)
    page.disputes.save_button.click()
    page.differences_button.click()
    page.wished.emit(Wish.SAVE_NUMBERS)
    qtbot.waitUntil(lambda: len(shell.saved) == 3, timeout=LONG)
    drawings = [each.drawing for each in read_drawings(tmp_path / "duel-drawings.jsonl")]
    assert [len(each.strokes[0].points) for each in drawings] == [2, 5]
    heads, *rows = csv.reader((tmp_path / "duel.csv").read_text().splitlines())
    assert heads == ["side", "images_seen", "measured_on", "accuracy"]
    assert {(row[0], row[2]) for row in rows} >= {("A", "test"), ("B", "validation")}
    table = list(csv.reader((tmp_path / "duel-differences.csv").read_text().splitlines()))
    assert all(row[2] != row[4] for row in table[1:])
    page.disputes.clear_button.click()
    assert not page.disputes.isVisible()


def test_a_drawing_counts_as_it_is_at_last() -> None:
    disputes = Disputes()
    assert disputes.note(Dispute(LINE, IMAGE, (1, 7)))
    assert disputes.note(Dispute(LONGER, IMAGE, (2, 7)))
    assert [each.digits for each in disputes.entries] == [(2, 7)]
    disputes.close()
    assert disputes.note(Dispute(RING, IMAGE, (0, 6)))
    disputes.close()
    assert not disputes.note(Dispute(LONGER, IMAGE, (2, 2)))
    assert [each.digits for each in disputes.entries] == [(2, 7), (0, 6)]
    assert disputes.note(Dispute(LINE, IMAGE, (1, 7)))
    assert not disputes.note(Dispute(LINE, IMAGE, (1, 7)))
    # Drawn on, both read it alike.
    assert disputes.note(Dispute(LONGER, IMAGE, (1, 1)))
    assert [each.digits for each in disputes.entries] == [(2, 7), (0, 6)]


def test_the_setup_gives_two_recipes_of_which_one_has_another_value(qtbot: QtBot) -> None:
    setup = DuelSetup()
    qtbot.addWidget(setup)
    assert setup.recipes() == (RECIPES["softmax-tutorial"], RECIPES["cnn-fast"])
    edited = replace(RECIPES["cnn-tutorial"], batch_size=77)
    setup.use_recipe(edited)
    setup.sides[0].choose("")
    setup.sides[1].choose("")
    assert setup.recipes() == (edited, edited)
    setup.change.choose("dropout")
    assert field_of(setup).value() == 0.5
    put_value(field_of(setup), 0.25)
    assert setup.recipes() == (edited, replace(edited, dropout=0.25))
    setup.change.choose("optimizer")
    put_value(field_of(setup), "momentum")
    assert setup.recipes()[1].optimizer == "momentum"
    # Softmax regression has no dropout.
    setup.change.choose("dropout")
    setup.sides[1].choose("softmax-tutorial")
    assert setup.changed == ""
    assert setup.change.findData("dropout") < 0


def test_the_end_is_told_in_plain_sentences() -> None:
    words = DuelText()
    assert words.verdict(Comparison(412, 37, 10_000)) == (
        "Of the 10,000 test images, A alone reads 412 rightly and B alone 37: A reads more."
    )
    assert "less than 1 of 1,000 duels: this is no luck" in words.chance(
        Comparison(412, 37, 10_000)
    )
    assert words.verdict(Comparison(3, 9, 100)).endswith("B reads more.")
    assert "about 146 of 1,000 duels: this may be luck" in words.chance(Comparison(3, 9, 100))
    assert "hardly luck" in words.chance(Comparison(30, 12, 100))
    assert words.verdict(Comparison(4, 4, 100)).endswith("neither is better.")
    assert words.chance(Comparison(4, 4, 100)) == ""
    title = side_title(1, replace(RECIPES["cnn-fast"], learning_rate=0.0005), "learning_rate")
    assert title == "B: CNN, fast (Learning rate: 0.0005)"
