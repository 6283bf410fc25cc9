from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.events import Event, RunState, TestEvaluated
from mnist_gui.engine.history import History
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.active_run import Run, start_run
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.trainer import Trainer
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import WindowActions
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.presenter import TrainingPresenter
from mnist_gui.gui.training.progress import ProgressPanel
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.gui.training.runner import TrainingRunner
from tests.engine.conftest import softmax_snapshot, write_dataset
from tests.gui.recording_shell import RecordingShell

SOFTMAX = replace(RECIPES["softmax-tutorial"], steps=3)
ENDLESS = replace(SOFTMAX, steps=1_000_000)
# Its loss is not finite after a few steps.
DIVERGING = replace(
    RECIPES["cnn-tutorial"], optimizer="gradient-descent", learning_rate=100.0, batch_size=2
)
LONG = 60_000


class StarvedTrainer(Trainer):
    """Runs out of memory in place of training."""

    def events(self) -> Iterator[Event]:
        raise MemoryError


def start_within_memory(store: RunStore, dataset: Dataset, recipe: Recipe, **options: Any) -> Run:
    """Start a run as `start_run` does; there is memory for batches of 100."""
    if recipe.batch_size <= 100:
        return start_run(store, dataset, recipe, **options)
    return Run(StarvedTrainer(dataset, recipe), History(recipe))


@pytest.fixture
def dataset(session: Session, tmp_path: Path) -> Dataset:
    write_dataset(tmp_path / "digits", train=240, test=20)
    dataset = load_dataset(tmp_path / "digits")
    session.dataset.set(dataset)
    return dataset


@pytest.fixture
def runner(session: Session, dataset: Dataset) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session, start_within_memory)
    yield runner
    session.end_threads()
    runner.close(10)


@pytest.fixture
def actions(shell: RecordingShell) -> WindowActions:
    return shell.actions_offered


@pytest.fixture
def panel(qtbot: QtBot, actions: WindowActions) -> RecipePanel:
    panel = RecipePanel(actions)
    qtbot.addWidget(panel)
    panel.set_recipe_name("softmax-tutorial")
    panel.form.edit("steps", 3)
    return panel


@pytest.fixture
def progress(qtbot: QtBot) -> ProgressPanel:
    progress = ProgressPanel()
    qtbot.addWidget(progress)
    return progress


@pytest.fixture
def network(session: Session, shell: RecordingShell) -> NetworkPresenter:
    return NetworkPresenter(session, shell)


@pytest.fixture
def presenter(
    session: Session,
    runner: TrainingRunner,
    network: NetworkPresenter,
    panel: RecipePanel,
    progress: ProgressPanel,
    shell: RecordingShell,
) -> TrainingPresenter:
    session.devices.set((Device("CPU", "a processor", "/CPU:0", computes_bfloat16=False),))
    return TrainingPresenter(session, runner, network, (panel, progress), shell)


@pytest.fixture
def tests(runner: TrainingRunner) -> list[TestEvaluated]:
    """What comes of each test, in their order."""
    told: list[TestEvaluated] = []
    runner.news.tested.connect(lambda tested, _images: told.append(tested))
    return told


def run(runner: TrainingRunner, recipe: Recipe, qtbot: QtBot) -> None:
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        runner.start(recipe)


def start_endless(runner: TrainingRunner, qtbot: QtBot) -> None:
    """Start a run, and wait until it trains."""
    with qtbot.waitSignal(runner.news.progress_changed, timeout=LONG):
        runner.start(ENDLESS)


def stop(runner: TrainingRunner, actions: WindowActions, qtbot: QtBot) -> None:
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.stop.trigger()


def outcome(tested: TestEvaluated) -> str:
    """Return what is told of a test."""
    return percent(tested.evaluation.accuracy, 2)


def test_a_run_of_the_values_in_the_form_is_trained_tested_and_told(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    progress: ProgressPanel,
    tests: list[TestEvaluated],
    qtbot: QtBot,
) -> None:
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.start.trigger()
    (tested,) = tests
    assert progress.step.text() == "3 of 3"
    assert progress.result.accuracy.text() == outcome(tested)
    assert (tested.recipe, tested.step) == (SOFTMAX, 3)


def test_at_once_after_start_it_says_what_is_waited_for(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    session: Session,
    dataset: Dataset,
    qtbot: QtBot,
) -> None:
    told: list[str] = []
    session.dataset.set(None)
    session.devices.set(None)
    runner.start(SOFTMAX)
    told.append(progress.message.text())
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        session.dataset.set(dataset)
        told.append(progress.message.text())
    assert told == ["Preparing: loading the images \u2026", "Preparing: loading TensorFlow \u2026"]


def test_each_state_of_a_run_allows_what_has_an_effect_then(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    panel: RecipePanel,
    progress: ProgressPanel,
    session: Session,
    qtbot: QtBot,
) -> None:
    seen: list[tuple[RunState, str, bool, bool]] = []

    def see(state: RunState) -> None:
        form = panel.form
        editable = (form.field("steps").isEnabled(), form.field("learning_rate").isEnabled())
        seen.append((state, progress.message.text(), *editable))

    session.run_state.changed.connect(see)
    run(runner, SOFTMAX, qtbot)
    assert seen == [
        (RunState.PREPARING, "Preparing: building the network \u2026", False, False),
        (RunState.TRAINING, "Training", False, True),
        (RunState.TESTING, "Testing \u2026", False, False),
        (RunState.IDLE, "Done", True, True),
    ]


def test_a_run_is_paused_goes_on_and_is_stopped_where_it_is(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    progress: ProgressPanel,
    session: Session,
    qtbot: QtBot,
) -> None:
    start_endless(runner, qtbot)
    states: list[RunState] = []
    session.run_state.changed.connect(states.append)
    actions.pause.trigger()
    assert actions.pause.text() == "&Resume"
    actions.pause.trigger()
    stop(runner, actions, qtbot)
    assert states == [RunState.PAUSED, RunState.TRAINING, RunState.STOPPING, RunState.IDLE]
    assert progress.message.text().startswith("Stopped after ")
    assert not progress.result.isVisibleTo(progress)
    assert progress.test_button.isVisibleTo(progress)
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        progress.test_button.click()
    assert progress.result.isVisibleTo(progress)
    assert not progress.test_button.isVisibleTo(progress)


def test_what_was_stopped_is_not_offered_for_a_test_once_another_network_is_used(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    progress: ProgressPanel,
    session: Session,
    qtbot: QtBot,
) -> None:
    start_endless(runner, qtbot)
    stop(runner, actions, qtbot)
    assert progress.test_button.isVisibleTo(progress)
    session.use_network(softmax_snapshot())
    assert not progress.test_button.isVisibleTo(progress)


def test_a_learning_rate_that_is_edited_while_a_run_trains_is_its_own(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    panel: RecipePanel,
    qtbot: QtBot,
) -> None:
    start_endless(runner, qtbot)
    assert runner.run is not None
    panel.form.edit("learning_rate", 0.25)
    assert runner.run.learning_rate == 0.25
    stop(runner, actions, qtbot)


def test_the_last_run_is_named_and_given_more_steps(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    panel: RecipePanel,
    progress: ProgressPanel,
    qtbot: QtBot,
) -> None:
    assert not actions.train_on.isEnabled()
    run(runner, SOFTMAX, qtbot)
    assert actions.train_on.isEnabled()
    assert "Softmax regression (tutorial)" in actions.train_on.toolTip()
    panel.more_steps.setValue(2)
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.train_on.trigger()
    assert progress.step.text() == "5 of 5"


def test_a_run_that_was_deleted_and_restored_can_be_kept_training(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    session: Session,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    qtbot.waitUntil(lambda: runner.is_recorded)
    store = RunStore(session.runs_folder.value)
    (record,) = store.runs().runs
    runner.forget_run(record.run_id)
    session.runs.set(())
    assert not actions.train_on.isEnabled()
    session.runs.set((record,))
    assert actions.train_on.isEnabled()
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.train_on.trigger()
    assert session.network.value is not None
    assert session.network.value.step > 3


def test_a_result_leads_to_its_mistakes_the_canvas_the_runs_and_more_steps(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    result = progress.result
    pages = []
    for button in (result.mistakes_button, result.compare_button):
        button.click()
        pages.append(shell.pages.in_front)
    assert pages == [Page.RESULTS, Page.RUNS]
    with qtbot.waitSignal(presenter.draw_requested):
        result.draw_button.click()
    assert result.keep_training_button.text() == "Keep training"
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        result.keep_training_button.click()
    assert session.network.value is not None
    assert session.network.value.step > 3


def test_a_result_leads_to_its_own_network_though_another_one_was_chosen_since(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    trained = session.network.value
    assert runner.run is not None
    for name in ("mistakes_button", "draw_button", "compare_button"):
        session.use_network(softmax_snapshot())
        getattr(progress.result, name).click()
        assert session.network.value is trained
        assert session.run_of_network == runner.run.run_id


def test_the_result_of_a_run_is_there_again_when_its_network_is_chosen_after_a_restart(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    qtbot.waitUntil(lambda: runner.is_recorded)
    runner.close(10)
    store = RunStore(session.runs_folder.value)
    (record,) = store.runs().runs
    session.use_network(softmax_snapshot())
    panel, after = RecipePanel(shell.actions_offered), ProgressPanel()
    for each in (panel, after):
        qtbot.addWidget(each)
    restarted, network = TrainingRunner(session), NetworkPresenter(session, shell)
    again = TrainingPresenter(session, restarted, network, (panel, after), shell)
    assert not after.result.isVisibleTo(after)
    session.runs.set((record,))
    session.use_network(store.snapshot(record.run_id), record.run_id)
    assert after.result.isVisibleTo(after)
    assert after.message.text() == "Done"
    for name in ("network", "accuracy", "images", "interval"):
        assert getattr(after.result, name).text() == getattr(progress.result, name).text()
    assert shell.actions_offered.train_on.isEnabled()
    with qtbot.waitSignal(restarted.run_ended, timeout=LONG):
        panel.more_steps_requested.emit(2)
    assert session.network.value is not None
    assert session.network.value.step == 5
    restarted.close(10)
    again.deleteLater()


def test_a_card_shows_how_long_its_run_took(
    presenter: TrainingPresenter, runner: TrainingRunner, panel: RecipePanel, qtbot: QtBot
) -> None:
    card = panel.cards.cards["softmax-tutorial"]
    assert card.time.text() == ""
    run(runner, RECIPES["softmax-tutorial"], qtbot)
    assert card.time.text().endswith("\u00a0s on this machine")


def test_a_network_is_tested_and_the_test_counted_in_the_run_that_it_came_from(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    tests: list[TestEvaluated],
    session: Session,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    qtbot.waitUntil(lambda: runner.is_recorded)
    store = RunStore(session.runs_folder.value)
    (record,) = store.runs().runs
    session.use_network(softmax_snapshot(), record.run_id)
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.test.trigger()
    assert [tested.step for tested in tests] == [3, 7]
    qtbot.waitUntil(lambda: runner.is_recorded)
    (after,) = store.runs().runs
    assert after.info.test_reads == record.info.test_reads + 1


def test_how_many_test_images_are_read_is_told(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    qtbot: QtBot,
) -> None:
    told: list[str] = []
    runner.news.images_read.connect(lambda *_: told.append(progress.message.text()))
    run(runner, SOFTMAX, qtbot)
    assert told == ["Testing: 20 of 20 images"]


def test_how_many_extra_examples_are_prepared_is_told(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    progress: ProgressPanel,
    qtbot: QtBot,
) -> None:
    told: list[str] = []
    runner.news.digits_drawn.connect(lambda *_: told.append(progress.message.text()))
    recipe = replace(SOFTMAX, steps=40, drawn_share=0.5)
    run(runner, recipe, qtbot)
    assert told[0].startswith("Preparing extra handwritten examples: ")
    assert told[0].endswith(f" of {recipe.synthetic_images}")


def test_a_run_that_ended_with_earlier_weights_says_so_beneath_its_accuracy(
    presenter: TrainingPresenter, runner: TrainingRunner, progress: ProgressPanel, qtbot: QtBot
) -> None:
    run(runner, replace(SOFTMAX, steps=60, validate_every=1, patience=1), qtbot)
    assert progress.result.ending.isVisibleTo(progress)
    assert progress.result.ending.text().startswith("Stopped at step ")


def test_a_run_that_comes_to_nothing_gives_back_the_network_from_before_it(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    session.use_network(softmax_snapshot())
    run(runner, SOFTMAX, qtbot)
    learnt = session.network.value
    assert learnt is not None
    assert learnt.step == 3
    run(runner, DIVERGING, qtbot)
    ((title, sentence),) = shell.errors
    assert title == "The run has ended"
    assert "learning rate" in sentence
    assert session.network.value is learnt


def test_after_memory_ran_out_a_click_starts_a_run_with_half_the_batch(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    panel: RecipePanel,
    progress: ProgressPanel,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    panel.form.edit("batch_size", 200)
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        panel.start()
    box = shell.findChild(QMessageBox, "offer_box")
    assert isinstance(box, QMessageBox)
    assert "not enough memory" in box.text()
    (offer,) = (button for button in box.buttons() if "batch size of 100" in button.text())
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        offer.click()
    assert runner.run is not None
    assert runner.run.history.recipe.batch_size == 100
    assert progress.step.text() == "3 of 3"


def test_a_run_that_cannot_get_so_many_more_steps_is_told_not_to_go_on(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    panel: RecipePanel,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    run(runner, SOFTMAX, qtbot)
    panel.more_steps.setValue(1_000_000)
    actions.train_on.trigger()
    ((title, _),) = shell.errors
    assert title == "The training cannot be continued"


def test_a_network_that_cannot_be_tested_is_told_as_such(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    actions: WindowActions,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    session.use_network(Snapshot(SOFTMAX, 7, {}))
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        actions.test.trigger()
    ((title, _),) = shell.errors
    assert title == "The network was not tested"


def test_a_run_that_fails_in_its_test_has_ended(
    presenter: TrainingPresenter,
    runner: TrainingRunner,
    session: Session,
    shell: RecordingShell,
    dataset: Dataset,
    qtbot: QtBot,
) -> None:
    # One batch can be read; of the second the image is missing.
    short = LabelledImages(np.zeros((5_000, 28, 28), np.uint8), np.zeros(5_001, np.uint8))
    session.dataset.set(replace(dataset, test=short))
    with qtbot.waitSignal(runner.news.images_read, timeout=LONG):
        run(runner, SOFTMAX, qtbot)
    ((title, _),) = shell.errors
    assert title == "The run has ended"


def test_a_kept_run_that_is_not_there_has_ended_before_anything_was_tested(
    presenter: TrainingPresenter, runner: TrainingRunner, shell: RecordingShell, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        runner.resume_kept("20260101-000000-000000")
    ((title, _),) = shell.errors
    assert title == "The run has ended"


@pytest.mark.usefixtures("presenter")
def test_the_recipe_in_the_form_is_the_sessions_and_the_other_way_round(
    session: Session, panel: RecipePanel
) -> None:
    assert session.recipe.value == SOFTMAX
    panel.form.edit("learning_rate", 0.25)
    assert session.recipe.value == replace(SOFTMAX, learning_rate=0.25)
    wanted = replace(RECIPES["cnn-tutorial"], learning_rate=0.002, batch_size=20)
    session.recipe.set(wanted)
    assert panel.form.recipe() == session.recipe.value == wanted
