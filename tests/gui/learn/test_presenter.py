from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import DEFAULT_RECIPE, RECIPES, Recipe
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.learn.glossary import GlossaryPage
from mnist_gui.gui.learn.presenter import PAGES, LearnPresenter
from mnist_gui.gui.learn.start import StartPage
from mnist_gui.gui.learn.text import run_text
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.words.glossary import Place
from mnist_gui.words.lesson import LessonStep
from tests.engine.conftest import write_dataset
from tests.engine.runs.conftest import record, whole_run
from tests.gui.recording_shell import RecordingShell


class Learning:
    """The pages in their shell, beside a canvas and a recipe panel; the recipes asked for."""

    def __init__(self, session: Session, shell: RecordingShell) -> None:
        self.session, self.shell = session, shell
        self.start, self.glossary = StartPage(), GlossaryPage()
        self.canvas, self.recipes = DrawingCanvas(), RecipePanel(shell.actions_offered)
        self.started: list[Recipe] = []
        self.recipes.start_requested.connect(self.started.append)
        panels = (self.canvas, self.recipes)
        self.presenter = LearnPresenter(session, (self.start, self.glossary), panels, shell)
        # One window, so that the focus can go to all of them.
        for page, widget in ((Page.MY_DIGITS, self.recipes), (Page.EXPLANATION, self.canvas)):
            shell.pages.fill(page, widget)
        shell.pages.bring_to_front(Page.START)
        shell.show()

    @property
    def front(self) -> Page:
        return self.shell.pages.in_front


@pytest.fixture
def learning(session: Session, shell: RecordingShell) -> Learning:
    return Learning(session, shell)


def test_drawing_begins_on_the_canvas_with_the_network_that_ships(
    learning: Learning, qtbot: QtBot
) -> None:
    other = replace(load_snapshot(SHIPPED_NETWORK), step=7)
    learning.session.use_network(other, "a-run")
    learning.start.draw_card.click()
    assert learning.canvas.hasFocus()
    assert learning.front is Page.EXPLANATION
    qtbot.waitUntil(lambda: learning.session.network.value is not other)
    network = learning.session.network.value
    assert network is not None
    assert network.step == load_snapshot(SHIPPED_NETWORK).step
    assert learning.session.run_of_network == ""
    assert learning.session.file_of_network == SHIPPED_NETWORK


def test_training_in_seconds_starts_softmax_regression_as_its_recipe_says(
    learning: Learning,
) -> None:
    learning.recipes.set_recipe_name("softmax-tutorial")
    learning.recipes.form.edit("batch_size", 7)
    learning.start.train_card.click()
    assert learning.started == [RECIPES["softmax-tutorial"]]
    assert learning.front is Page.CURVES


def test_while_a_run_lasts_no_other_one_is_started(learning: Learning) -> None:
    learning.shell.actions_offered.set_state(RunState.TRAINING)
    learning.start.train_card.click()
    assert learning.started == []
    assert learning.front is Page.CURVES
    assert learning.recipes.recipe_name == DEFAULT_RECIPE
    assert learning.shell.statuses == ["Available when training has ended."]


@pytest.mark.parametrize(
    ("step", "page", "recipe"),
    [
        (LessonStep.DRAW, Page.EXPLANATION, ""),
        (LessonStep.TRAIN_SOFTMAX, Page.CURVES, "softmax-tutorial"),
        (LessonStep.CURVE, Page.CURVES, ""),
        (LessonStep.MISTAKES, Page.RESULTS, ""),
        (LessonStep.TRAIN_CNN, Page.CURVES, "cnn-fast"),
    ],
)
def test_each_step_of_the_lesson_leads_where_it_says(
    learning: Learning, step: LessonStep, page: Page, recipe: str
) -> None:
    learning.start.lesson_card.click()
    learning.start.lesson.steps[step].button.click()
    assert learning.front is page
    assert [each.name for each in learning.started] == ([recipe] if recipe else [])
    assert learning.canvas.hasFocus() == (step is LessonStep.DRAW)


def test_a_term_of_the_lesson_is_explained_by_the_glossary(learning: Learning) -> None:
    learning.start.lesson.steps[LessonStep.DRAW].terms.linkActivated.emit("term:softmax")
    assert learning.front is Page.GLOSSARY
    assert learning.glossary.browser.text.toPlainText().startswith("Softmax\n")


@pytest.mark.parametrize("place", PAGES)
def test_the_glossary_leads_to_pages_called_as_their_tabs(learning: Learning, place: Place) -> None:
    tabs = learning.shell.pages
    learning.glossary.browser.text.anchorClicked.emit(QUrl(f"place:{place.value}"))
    assert tabs.in_front is PAGES[place]


def test_the_glossary_leads_to_the_canvas_and_the_recipe(learning: Learning) -> None:
    learning.shell.pages.bring_to_front(Page.EXPLANATION)
    learning.glossary.place_requested.emit(Place.PAD)
    assert learning.canvas.hasFocus()
    learning.shell.pages.bring_to_front(Page.MY_DIGITS)
    learning.glossary.place_requested.emit(Place.RECIPE)
    assert learning.recipes.cards.cards[learning.recipes.recipe_name].hasFocus()


def test_the_network_of_a_recent_run_can_be_used_again(
    learning: Learning, tmp_path: Path, qtbot: QtBot
) -> None:
    session, start = learning.session, learning.start
    assert start.run_buttons == []
    write_dataset(tmp_path / "digits", train=240, test=100)
    dataset = load_dataset(tmp_path / "digits")
    store = RunStore(session.runs_folder.value)
    run_ids = [record(store, dataset, whole_run(dataset, wrong=3)) for _ in range(4)]
    learning.shell.pages.bring_to_front(Page.CURVES)
    learning.shell.pages.bring_to_front(Page.START)
    qtbot.waitUntil(lambda: len(start.run_buttons) == 3)
    assert start.run_buttons[0].toolTip().endswith("97.0\u00a0% \u00b7 today")
    start.run_buttons[0].click()
    qtbot.waitUntil(lambda: session.run_of_network == run_ids[-1])
    assert learning.canvas.hasFocus()
    run, today = store.run(run_ids[0]), store.run(run_ids[0]).info.started.astimezone().date()
    assert "yesterday" in run_text(run, today + timedelta(days=1))
    assert today.isoformat() in run_text(run, today + timedelta(days=2))
