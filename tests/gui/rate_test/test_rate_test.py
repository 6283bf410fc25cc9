from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.rate_test import RateTest, growing_rates
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.common.theme import DARK_PLOT
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.rate_test.chart import rate_text
from mnist_gui.gui.rate_test.page import RateTestPage
from mnist_gui.gui.rate_test.presenter import RateTestPresenter
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from tests.engine.conftest import write_dataset
from tests.gui.recording_shell import RecordingShell

SOFTMAX = RECIPES["softmax-tutorial"]
LONG = 60_000


def falling_test(*, explodes: bool = True) -> RateTest:
    """A test whose loss falls from 2 to 1 between 0.0001 and 0.1."""
    losses = np.interp(np.log10(growing_rates(281)), (-4.0, -1.0), (2.0, 1.0))
    if explodes:
        losses = np.append(losses[:260], 50.0)
    rates = growing_rates(281)[: len(losses)]
    return RateTest(rates, losses, 281, is_over=True)


@pytest.fixture
def page(session: Session, shell: RecordingShell, qtbot: QtBot) -> RateTestPage:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    runner = TrainingRunner(session)
    parts = ViewParts(session, runner, canvas, shell, lambda *_: None, lambda _step: None)
    session.recipe.set(SOFTMAX)
    page = RateTestPage()
    presenter = RateTestPresenter(parts, page)
    presenter.setParent(page)
    shell.resize(900, 700)
    shell.show()
    return page


@pytest.fixture
def dataset(session: Session, tmp_path: Path) -> Dataset:
    write_dataset(tmp_path / "digits", train=240, test=20)
    dataset = load_dataset(tmp_path / "digits")
    session.dataset.set(dataset)
    return dataset


def test_it_waits_for_the_images_then_for_the_button(
    session: Session, shell: RecordingShell, page: RateTestPage, tmp_path: Path
) -> None:
    shell.pages.bring_to_front(Page.RATE_TEST)
    assert page.message.text() == "The data set is still being loaded."
    assert not page.compute_button.isVisible()
    write_dataset(tmp_path / "digits")
    session.dataset.set(load_dataset(tmp_path / "digits"))
    assert page.compute_button.isVisible()
    assert "Softmax regression" in page.title.text()


def test_a_test_is_run_and_its_rate_used_in_the_recipe(
    dataset: Dataset,
    session: Session,
    shell: RecordingShell,
    page: RateTestPage,
    qtbot: QtBot,
) -> None:
    shell.pages.bring_to_front(Page.RATE_TEST)
    page.compute_button.click()
    qtbot.waitUntil(page.result.isVisible, timeout=LONG)
    assert page.test is not None
    assert page.test.has_exploded
    assert len(page.chart.points()) == len(page.test)
    page.rate.setValue(0.25)
    page.use_button.click()
    assert session.recipe.value.learning_rate == 0.25
    assert shell.pages.in_front is Page.CURVES
    assert "0.25" in shell.statuses[-1]
    # The rate of the recipe does not count in a test: it is still shown.
    shell.pages.bring_to_front(Page.RATE_TEST)
    assert page.result.isVisible()
    # Nor does a run take it away.
    session.run_state.set(RunState.TRAINING)
    assert page.result.isVisible()
    assert not page.use_button.isEnabled()
    assert "when training has ended" in page.use_button.toolTip()
    session.run_state.set(RunState.IDLE)
    assert page.use_button.isEnabled()
    session.recipe.set(replace(SOFTMAX, batch_size=50))
    assert page.compute_button.isVisible()
    assert not page.result.isVisible()


def test_none_is_begun_while_a_run_trains_and_one_under_way_ends(
    dataset: Dataset,
    session: Session,
    shell: RecordingShell,
    page: RateTestPage,
    qtbot: QtBot,
) -> None:
    shell.pages.bring_to_front(Page.RATE_TEST)
    page.compute_button.click()
    session.run_state.set(RunState.PREPARING)
    assert page.message.text() == "Available when training has ended."
    assert not page.compute_button.isVisible()
    qtbot.waitUntil(lambda: not session.view_thread.is_busy, timeout=LONG)
    assert not page.result.isVisible()
    session.run_state.set(RunState.IDLE)
    assert page.compute_button.isVisible()


def test_a_growing_test_shows_its_curve_and_no_zone(page: RateTestPage) -> None:
    whole = falling_test()
    page.show_growing(replace(whole, rates=whole.rates[:90], losses=whole.losses[:90]))
    assert len(page.chart.points()) == 90
    assert page.result.isHidden()
    page.show_test(whole)
    assert not page.result.isHidden()
    assert "Suggested is 0.0" in page.result.text()
    assert page.ending.text().startswith("At 3.")


def test_the_rate_is_chosen_by_a_click_or_typed_and_its_loss_is_told(page: RateTestPage) -> None:
    page.show_test(falling_test(explodes=False))
    assert page.ending.text() == "Up to 10 the loss did not explode."
    page.chart.rate_pointed_at.emit(0.003174)
    assert page.rate.value() == 0.0032
    loss = page.test.loss_at(0.0032) if page.test else None
    assert page.loss.text() == f"Loss there: {loss:.2f}"
    asked: list[float] = []
    page.use_requested.connect(asked.append)
    page.use_button.click()
    assert asked == [0.0032]


def test_without_a_fall_nothing_is_suggested(page: RateTestPage) -> None:
    flat = RateTest(growing_rates(281), np.full(281, 2.3), 281, is_over=True)
    page.show_test(flat)
    assert page.result.text().startswith("The loss never fell clearly")
    assert not page.use_button.isVisibleTo(page)
    page.show_test(RateTest(growing_rates(0), np.empty(0), 281, is_over=True))
    assert page.ending.text() == "The loss was not finite from the first batch on."


def test_the_key_follows_the_theme(page: RateTestPage) -> None:
    page.apply_theme(DARK_PLOT)
    assert DARK_PLOT.validation in page.key.text()


def test_rates_are_written_without_powers() -> None:
    rates = (1e-6, 0.000123, 0.25, 1.0, 10.0)
    assert [rate_text(each) for each in rates] == ["0.000001", "0.00012", "0.25", "1", "10"]
    assert rate_text(RECIPES["cnn-tutorial"].learning_rate) == "0.0001"
