import gc
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.folder_choice import read_runs_choice
from mnist_gui.engine.runs.run import RunRecord, RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.runs.page import MoreStepsQuestion, RunsPage
from mnist_gui.gui.runs.presenter import RunsPresenter
from mnist_gui.gui.window.main_window import MainWindow
from tests.refusals import not_told

ENDLESS = replace(RECIPES["softmax-tutorial"], steps=1_000_000)
PATIENCE = 20_000


def test_a_run_that_the_window_was_closed_on_is_offered_and_goes_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window, program = opened(qtbot, tmp_path)
    with qtbot.waitSignal(
        program.runner.news.progress_changed,
        timeout=PATIENCE,
        check_params_cb=lambda progress: progress.step > 200,
    ):
        program.runner.start(ENDLESS)
    window.close()

    window, program = opened(qtbot, tmp_path)
    bar = window.offer_bar
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    assert "was interrupted after" in bar.text.text()
    with qtbot.waitSignal(program.runner.news.progress_changed, timeout=PATIENCE) as progressed:
        bar.accept_button.click()
    assert progressed.args[0].step > 200
    assert progressed.args[0].steps == 1_000_000
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.stop()

    page = window.findChild(RunsPage)
    assert page is not None
    window.pages.bring_to_front(Page.RUNS)
    qtbot.waitUntil(lambda: shown_state(page) == "Stopped", timeout=PATIENCE)
    (resumed,) = RunStore(program.session.runs_folder.value).runs().runs
    # Not by a click, which would hang on keys held in earlier tests.
    page.table.choose([resumed.run_id])
    page.details.note.setPlainText("typed just before the end")
    window.close()
    (run,) = RunStore(program.session.runs_folder.value).runs().runs
    assert run.labels.note == "typed just before the end"
    gc.unfreeze()


def test_after_a_restart_the_last_run_has_its_curves_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window, program = opened(qtbot, tmp_path)
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20))
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    window.close()

    window, program = opened(qtbot, tmp_path)
    qtbot.waitUntil(lambda: window.curves.history is not None, timeout=PATIENCE)
    assert window.curves.history is not None
    assert window.curves.history.step == 20
    window.close()
    gc.unfreeze()


def opened(qtbot: QtBot, tmp_path: Path) -> tuple[MainWindow, Program]:
    window = build_window(kept_in=tmp_path / "kept")
    qtbot.addWidget(window)
    window.show()
    program = window.findChild(Program)
    assert isinstance(program, Program)
    with qtbot.waitSignal(program.session.dataset.changed, timeout=PATIENCE):
        pass
    return window, program


def shown_state(page: RunsPage) -> str:
    index = page.table.order.index(0, 1)
    return str(index.data()) if index.isValid() else ""


def test_every_run_is_kept(window: MainWindow, program: Program, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20))
    assert program.session.run_state.value is RunState.IDLE
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    with qtbot.waitSignal(program.session.runs.changed, timeout=PATIENCE) as listed:
        program.find(RunsPresenter).refresh()
    (run,) = listed.args[0]
    assert (run.info.step, run.info.test_reads, run.has_weights) == (20, 1, True)


def test_another_reading_of_the_test_images_is_counted(
    window: MainWindow, program: Program, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20))
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        window.actions_offered.test.trigger()
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    with qtbot.waitSignal(program.session.runs.changed, timeout=PATIENCE) as listed:
        program.find(RunsPresenter).refresh()
    assert listed.args[0][0].info.test_reads == 2


def test_a_test_of_a_network_that_was_loaded_from_a_run_is_counted_with_the_run(
    window: MainWindow, program: Program, qtbot: QtBot
) -> None:
    for seed in (1, 2):
        with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
            program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20, seed=seed))
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    page = window.findChild(RunsPage)
    assert page is not None
    # The second run is still held in memory, the first one by nobody.
    for number, run_id in enumerate(run_ids(program, qtbot)):
        with qtbot.waitSignal(program.session.network.changed, timeout=PATIENCE):
            page.open_requested.emit(run_id, False)
        for _ in range(number + 1):
            with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
                window.actions_offered.test.trigger()
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    assert [run.info.test_reads for run in listed(program, qtbot)] == [2, 3]


def test_runs_that_were_completed_are_trained_further_from_their_page(
    window: MainWindow, program: Program, qtbot: QtBot
) -> None:
    for seed in (1, 2):
        with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
            program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20, seed=seed))
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    page = window.findChild(RunsPage)
    assert page is not None
    # The second run is still held in memory, the first one by nobody.
    for run_id in run_ids(program, qtbot):
        page.table.choose([run_id])
        page.resume_button.click()
        question = page.findChildren(MoreStepsQuestion)[-1]
        question.steps.setValue(30)
        with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
            question.accept_button.click()
        qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    assert [run.info.step for run in listed(program, qtbot)] == [50, 50]
    assert {run.status for run in listed(program, qtbot)} == {RunStatus.COMPLETED}


def test_a_run_that_was_killed_before_its_first_checkpoint_is_offered_to_start_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    recipe = replace(RECIPES["softmax-tutorial"], steps=20, seed=9)
    runs = RunStore(tmp_path / "kept" / "runs")
    assert runs.start(recipe, load_dataset(), not_told).close(10)
    window, program = opened(qtbot, tmp_path)
    bar = window.offer_bar
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    assert "was interrupted before its first checkpoint" in bar.text.text()
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        bar.accept_button.click()
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    (run,) = listed(program, qtbot)
    assert (run.status, run.info.step, run.info.recipe) == (RunStatus.COMPLETED, 20, recipe)
    window.close()
    gc.unfreeze()


def test_a_run_that_gets_no_better_ends_early_and_the_window_says_so(
    window: MainWindow, program: Program, qtbot: QtBot
) -> None:
    recipe = replace(
        RECIPES["softmax-tutorial"], steps=100_000, validate_every=20, patience=3, seed=3
    )
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.start(recipe)
    ending = window.progress_panel.result.ending.text()
    assert "validation had not improved for 3 validations; best at step" in ending
    window.curves.redraw()
    (mark,) = window.curves.accuracy_pane.annotations()
    assert mark[1].startswith("stopped, best at ")


def run_ids(program: Program, qtbot: QtBot) -> list[str]:
    return [run.run_id for run in listed(program, qtbot)]


def listed(program: Program, qtbot: QtBot) -> tuple[RunRecord, ...]:
    with qtbot.waitSignal(program.session.runs.changed, timeout=PATIENCE) as changed:
        program.find(RunsPresenter).refresh()
    runs: tuple[RunRecord, ...] = changed.args[0]
    return runs


def test_runs_are_kept_where_the_user_wants_them(
    window: MainWindow,
    program: Program,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = tmp_path / "elsewhere"
    wanted.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(wanted))
    action = next(a for a in window.menus.data_menu.actions() if "Keep &runs" in a.text())
    action.trigger()
    qtbot.waitUntil(lambda: program.session.runs_folder.value == wanted, timeout=PATIENCE)
    assert read_runs_choice(program.session.data_folder) == wanted
    with qtbot.waitSignal(program.runner.run_ended, timeout=PATIENCE):
        program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20))
    qtbot.waitUntil(lambda: program.runner.is_recorded, timeout=PATIENCE)
    assert [path.name for path in wanted.glob("*/run.json")] == ["run.json"]
