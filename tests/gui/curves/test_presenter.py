from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.curves.presenter import CurvesPresenter
from mnist_gui.gui.curves.table import CurvesTable
from mnist_gui.gui.curves.view import CurvesView
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.runner import TrainingRunner
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import history

# An action, what it asks, and the name that the file gets.
Kind = tuple[str, str, str]
PNG = ("save_png", "ask_picture_to_save", "curves.png")
SVG = ("save_svg", "ask_svg_to_save", "curves.svg")
CSV = ("save_csv", "ask_table_to_save", "curves.csv")
each_kind = pytest.mark.parametrize("kind", [PNG, SVG, CSV])


@pytest.fixture
def curves(qtbot: QtBot) -> CurvesView:
    curves = CurvesView()
    qtbot.addWidget(curves)
    return curves


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def presenter(
    session: Session, runner: TrainingRunner, curves: CurvesView, shell: RecordingShell
) -> CurvesPresenter:
    return CurvesPresenter(session, runner, curves, shell)


def save(presenter: CurvesPresenter, kind: Kind, folder: Path | None) -> None:
    """Choose the menu's action, and then a file in this folder, or none."""
    action, question, name = kind
    chosen: QAction = getattr(presenter, action)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, question, lambda _parent: str(folder / name) if folder else "")
        chosen.trigger()


@each_kind
def test_a_chosen_file_is_written_and_a_dismissed_question_writes_nothing(
    presenter: CurvesPresenter,
    curves: CurvesView,
    shell: RecordingShell,
    tmp_path: Path,
    qtbot: QtBot,
    kind: Kind,
) -> None:
    curves.show_history(history())
    save(presenter, kind, None)
    save(presenter, kind, tmp_path)
    path = tmp_path / kind[2]
    qtbot.waitUntil(lambda: shell.saved == [str(path)])
    assert list(tmp_path.iterdir()) == [path]
    if kind == PNG:
        assert QImage(str(path)).width() == 2400
    elif kind == SVG:
        assert path.read_bytes().count(b"<svg") == 1
    else:
        # Beneath the names, what was measured at the beginning and in each step.
        assert len(path.read_bytes().splitlines()) == 1 + 101


@each_kind
def test_without_a_run_there_is_nothing_to_save(
    presenter: CurvesPresenter,
    shell: RecordingShell,
    tmp_path: Path,
    kind: Kind,
) -> None:
    save(presenter, kind, tmp_path)
    assert shell.file_errors == ["There are no curves to save yet; start a run first."]


@each_kind
def test_what_cannot_be_written_is_told(
    presenter: CurvesPresenter,
    curves: CurvesView,
    shell: RecordingShell,
    tmp_path: Path,
    qtbot: QtBot,
    kind: Kind,
) -> None:
    curves.show_history(history())
    save(presenter, kind, tmp_path / "none")
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert "cannot be written" in shell.file_errors[0]
    assert not shell.saved


def test_a_picture_has_the_name_that_the_run_was_given(
    session: Session,
    runner: TrainingRunner,
    curves: CurvesView,
    shell: RecordingShell,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    session.dataset.set(load_dataset())
    with qtbot.waitSignal(runner.run_ended):
        runner.start(replace(RECIPES["softmax-tutorial"], steps=2))
    qtbot.waitUntil(lambda: runner.is_recorded)
    store = RunStore(session.runs_folder.value)
    store.rename(store.runs().runs[0].run_id, "My best one")
    session.runs.set(store.runs().runs)
    save(CurvesPresenter(session, runner, curves, shell), SVG, tmp_path)
    qtbot.waitUntil(lambda: bool(shell.saved))
    assert b"My best one" in (tmp_path / "curves.svg").read_bytes()


def test_the_newest_run_is_shown_and_the_one_before_stays_beside_it(
    presenter: CurvesPresenter,
    session: Session,
    runner: TrainingRunner,
    curves: CurvesView,
    qtbot: QtBot,
) -> None:
    session.dataset.set(load_dataset())
    for steps in (2, 3):
        with qtbot.waitSignal(runner.run_ended):
            runner.start(replace(RECIPES["softmax-tutorial"], steps=steps))
    assert runner.run is not None
    assert curves.history is runner.run.history
    runs = curves.runs()
    assert (runs.earlier.last_step, runs.now.last_step) == (2, 3)


def test_a_picture_of_the_curves_is_copied_and_their_values_are_shown_as_a_table(
    presenter: CurvesPresenter, curves: CurvesView, shell: RecordingShell, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().clear()
    curves.show_history(history())
    curves.copy_picture.trigger()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().image().width() == 2400)
    curves.show_table.trigger()
    table = shell.findChildren(CurvesTable)[0].table
    texts = [item.text() if (item := table.item(20, i)) else "" for i in range(5)]
    loss = f"{curves.runs().now.loss.training.values[-1]:.4f}"
    # The last batch whose accuracy was measured is that of step 90.
    assert texts == ["100", "", "50.00\u00a0%", loss, "0.4000"]


def test_the_curves_say_whose_they_are_and_end_with_the_test(
    session: Session,
    runner: TrainingRunner,
    curves: CurvesView,
    presenter: CurvesPresenter,
    qtbot: QtBot,
) -> None:
    curves.show()
    session.dataset.set(load_dataset())
    with qtbot.waitSignal(runner.run_ended):
        runner.start(replace(RECIPES["softmax-tutorial"], steps=2))
    assert curves.title.text().startswith("Softmax regression (tutorial) \u00b7 started 20")
    qtbot.waitUntil(lambda: len(curves.accuracy_pane.points("test")) == 1)
    qtbot.waitUntil(lambda: runner.is_recorded)
    store = RunStore(session.runs_folder.value)
    store.rename(store.runs().runs[0].run_id, "My best one")
    session.runs.set(store.runs().runs)
    assert curves.title.text().startswith("My best one \u00b7 started 20")
    assert curves.legend.name("validation") == "Validation (5,000 images not trained on)"


def test_the_curves_are_those_of_the_run_whose_network_is_used(
    presenter: CurvesPresenter, curves: CurvesView, session: Session
) -> None:
    assert not curves.title.text()
    one, other = history(), history()
    for shown in (one, other):
        session.run_of_network = "20260101-120000-softmax-tutorial-s1"
        session.history_of_network.set(shown)
        assert curves.history is shown
        assert curves.title.text().startswith(f"{recipe_title(shown.recipe.name)} · started")
    session.run_of_network = ""
    session.history_of_network.set(None)
    assert curves.history is None
    assert not curves.title.text()


def test_a_run_in_training_keeps_the_curves_for_itself(
    presenter: CurvesPresenter, curves: CurvesView, session: Session
) -> None:
    session.run_state.set(RunState.TRAINING)
    session.history_of_network.set(history())
    assert curves.history is None


def test_a_run_that_did_not_begin_leaves_the_curves_of_the_network_that_is_used(
    presenter: CurvesPresenter, runner: TrainingRunner, curves: CurvesView, session: Session
) -> None:
    before = history()
    session.history_of_network.set(before)
    runner.run_started.emit(History(RECIPES["cnn-fast"]))
    assert curves.history is not before
    runner.run_ended.emit()
    assert curves.history is before


def test_a_run_that_failed_leaves_its_curves_until_another_is_chosen(
    presenter: CurvesPresenter, runner: TrainingRunner, curves: CurvesView, session: Session
) -> None:
    failed, chosen = history(), history()
    session.run_of_network = "20260101-120000-softmax-tutorial-s1"
    runner.run_started.emit(failed)
    runner.run_ended.emit()
    session.history_of_network.set(history())
    assert curves.history is failed
    session.history_of_network.set(chosen)
    assert curves.history is chosen


def test_a_run_that_goes_on_takes_the_place_of_the_one_that_was_chosen(
    presenter: CurvesPresenter, runner: TrainingRunner, curves: CurvesView, session: Session
) -> None:
    session.run_of_network = "20260101-120000-softmax-tutorial-s1"
    session.history_of_network.set(history())
    growing = History(RECIPES["cnn-fast"])
    runner.news.history_changed.emit(growing)
    assert curves.history is growing
    assert curves.title.text().startswith("CNN, fast")
