import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.events import CheckpointTaken
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.folder_choice import read_runs_choice
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.training.policies import Timing
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.pages import Page
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.runs.presenter import RunsPresenter
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.runner import TrainingRunner
from tests.gui.recording_shell import RecordingShell
from tests.refusals import not_told

RECIPE = replace(RECIPES["softmax-tutorial"], steps=4)


@pytest.fixture(scope="module")
def small() -> Dataset:
    mnist = load_dataset()
    return replace(
        mnist,
        train=_first(mnist.train),
        validation=_first(mnist.validation),
        test=_first(mnist.test),
    )


def _first(images: LabelledImages) -> LabelledImages:
    return LabelledImages(images.images[:200], images.labels[:200])


@pytest.fixture
def folder(session: Session) -> Path:
    return session.runs_folder.value


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def page(shell: RecordingShell) -> RunsPage:
    return RunsPage()


@pytest.fixture(autouse=True)
def presenter(
    session: Session, runner: TrainingRunner, page: RunsPage, shell: RecordingShell
) -> RunsPresenter:
    return RunsPresenter(session, runner, page, shell)


def keep(
    folder: Path, dataset: Dataset, recipe: Recipe = RECIPE, *, to_its_end: bool = True
) -> str:
    """Keep a run, whole or broken off after its first steps; return its ID."""
    timing = Timing(checkpoint=1e6 if to_its_end else 0.0)
    run = start_run(RunStore(folder), dataset, recipe, warn=not_told, timing=timing)
    for event in run.events():
        if isinstance(event, CheckpointTaken) and not to_its_end:
            break
    assert run.close(10)
    assert run.run_id
    return run.run_id


def rows(page: RunsPage) -> list[str]:
    """Return the names in the table."""
    order = page.table.order
    return [order.index(row, 0).data() for row in range(order.rowCount())]


def listed(session: Session, page: RunsPage, qtbot: QtBot) -> list[str]:
    """Have the runs listed anew; return their IDs."""
    with qtbot.waitSignal(session.runs.changed):
        page.shown.emit()
    return [run.run_id for run in session.runs.value]


def drawn(page: RunsPage) -> list[int]:
    """Return the last steps of the curves that are drawn."""
    return [int(curve.steps[-1]) for curve in page.plot.curves()]


def files_done(session: Session, qtbot: QtBot) -> None:
    """Wait until what was asked of the files so far is done and answered."""
    answers: list[object] = []
    for thread in (session.file_thread, session.reading_thread):
        thread.call(lambda: 0, then=answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        answers.clear()


def test_runs_are_listed_renamed_deleted_and_brought_back(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    run_id = keep(folder, small)
    assert listed(session, page, qtbot) == [run_id]
    page.table.rename_requested.emit(run_id, "first")
    qtbot.waitUntil(lambda: rows(page) == ["first"])
    page.table.choose([run_id])
    page.delete_button.click()
    qtbot.waitUntil(lambda: rows(page) == [])
    assert session.runs.value == ()
    assert not page.restore_button.isHidden()
    page.restore_button.click()
    qtbot.waitUntil(lambda: rows(page) == ["first"])
    assert page.restore_button.isHidden()


def test_the_folder_of_a_run_is_shown_if_it_is_there(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot, opened: list[str]
) -> None:
    run_id = keep(folder, small)
    page.table.folder_requested.emit("of-the-folder-before")
    page.table.folder_requested.emit(run_id)
    files_done(session, qtbot)
    assert opened == [str(folder / run_id)]


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """What the desktop is asked to open, which is not done."""

    paths: list[str] = []

    class Desktop(QObject):
        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            paths.append(url.toLocalFile())

    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]  # It takes a str.
    yield paths
    QDesktopServices.unsetUrlHandler("file")


def test_labels_are_written_to_the_run(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    run_id = keep(folder, small)
    page.table.colour_requested.emit(run_id, "green")
    page.table.pin_requested.emit(run_id, True)
    page.details.note_requested.emit(run_id, "a note")
    files_done(session, qtbot)
    labels = RunStore(folder).run(run_id).labels
    assert (labels.colour, labels.is_pinned, labels.note) == ("green", True, "a note")


def test_a_note_is_written_when_the_window_is_left(
    session: Session,
    page: RunsPage,
    shell: RecordingShell,
    folder: Path,
    small: Dataset,
    qtbot: QtBot,
) -> None:
    run_id = keep(folder, small)
    listed(session, page, qtbot)
    page.table.choose([run_id])
    page.details.note.setPlainText("just in time")
    shell.leaving.emit()
    session.end_threads()
    assert RunStore(folder).run(run_id).labels.note == "just in time"


def test_what_could_not_be_brought_back_can_be_tried_again(
    session: Session,
    page: RunsPage,
    shell: RecordingShell,
    folder: Path,
    small: Dataset,
    qtbot: QtBot,
) -> None:
    run_id = keep(folder, small)
    page.delete_requested.emit((run_id,))
    files_done(session, qtbot)

    def refuse(_store: RunStore, _identity: str) -> None:
        raise RunStoreError("The disk is full; make room.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunStore, "restore", refuse)
        page.restore_requested.emit()
        qtbot.waitUntil(lambda: bool(shell.errors))
    assert shell.errors == [("The runs cannot be used", "The disk is full; make room.")]
    assert not page.restore_button.isHidden()
    page.restore_requested.emit()
    qtbot.waitUntil(page.restore_button.isHidden)
    assert listed(session, page, qtbot) == [run_id]


def test_what_was_asked_of_one_folder_is_not_done_in_another(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot, tmp_path: Path
) -> None:
    run_id, elsewhere = keep(folder, small), tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    page.delete_requested.emit((run_id,))
    session.runs_folder.set(elsewhere)
    files_done(session, qtbot)
    assert not RunStore(folder).runs().runs
    assert [run.run_id for run in RunStore(elsewhere).runs().runs] == [run_id]


def test_a_folder_for_runs_that_is_chosen_is_remembered_and_its_runs_are_listed(
    presenter: RunsPresenter,
    session: Session,
    shell: RecordingShell,
    small: Dataset,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    chosen = tmp_path / "chosen"
    run_id = keep(chosen, small)
    session.run_of_network = "of-the-old-folder"
    for answer in ("", str(chosen)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dialogs, "ask_runs_folder", lambda *_, a=answer: a)
            presenter.choose_folder.trigger()
    qtbot.waitUntil(lambda: bool(shell.statuses))
    assert shell.statuses == [f"Runs are kept in {chosen}"]
    assert read_runs_choice(session.data_folder) == session.runs_folder.value == chosen
    assert not session.run_of_network
    files_done(session, qtbot)
    assert [run.run_id for run in session.runs.value] == [run_id]


def test_the_curves_of_a_chosen_run_that_changes_are_read_again(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    run_id = keep(folder, small)
    listed(session, page, qtbot)
    page.table.choose([run_id])
    files_done(session, qtbot)
    page.show_chosen({}, None, "")
    RunStore(folder).pin(run_id, is_pinned=True)
    listed(session, page, qtbot)
    files_done(session, qtbot)
    assert drawn(page) == [4]


def test_two_chosen_runs_are_compared_and_their_curves_read(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    run_ids = (keep(folder, small), keep(folder, small, replace(RECIPE, seed=2)))
    listed(session, page, qtbot)
    page.table.choose(run_ids)
    files_done(session, qtbot)
    assert drawn(page) == [4, 4]
    assert "McNemar's test" in page.details.text.text()


def test_why_runs_cannot_be_compared_is_said_by_what_they_are_called(
    session: Session, page: RunsPage, folder: Path, small: Dataset, qtbot: QtBot
) -> None:
    run_ids = (keep(folder, small), keep(folder, small, to_its_end=False))
    listed(session, page, qtbot)
    page.table.choose(run_ids)
    files_done(session, qtbot)
    words = "The run Softmax regression (tutorial) has not been tested"
    assert page.details.text.text().startswith(words)


def test_only_what_was_chosen_last_is_shown(
    session: Session,
    page: RunsPage,
    folder: Path,
    small: Dataset,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = keep(folder, small), keep(folder, small, replace(RECIPE, seed=2))
    listed(session, page, qtbot)
    shown: list[tuple[str, ...]] = []
    monkeypatch.setattr(page, "show_chosen", lambda histories, *_: shown.append(tuple(histories)))
    page.table.choose([one])
    page.table.choose([other])
    files_done(session, qtbot)
    assert shown == [(other,)]


def test_a_runs_network_is_used(
    session: Session,
    page: RunsPage,
    shell: RecordingShell,
    folder: Path,
    small: Dataset,
    qtbot: QtBot,
) -> None:
    run_id = keep(folder, small)
    with qtbot.waitSignal(session.network.changed):
        page.open_requested.emit(run_id, False)
    snapshot = session.network.value
    assert snapshot is not None
    assert (snapshot.step, session.run_of_network) == (4, run_id)
    assert shell.statuses == ["Drawings are read with Softmax regression (tutorial)"]


def test_the_newest_run_is_offered_if_it_was_broken_off(
    page: RunsPage,
    session: Session,
    runner: TrainingRunner,
    shell: RecordingShell,
    small: Dataset,
    qtbot: QtBot,
) -> None:
    broken = keep(session.runs_folder.value, small, to_its_end=False)
    files_done(session, qtbot)
    assert not shell.offers
    session.dataset.set(small)
    files_done(session, qtbot)
    sentence, button, accept = shell.offers[0]
    assert "was interrupted after" in sentence
    assert button == "Keep training"
    with qtbot.waitSignal(runner.run_ended):
        accept()
        assert shell.pages.in_front is Page.CURVES
        assert not shell.offers
    assert runner.run is not None
    assert runner.run.run_id == broken


def test_a_run_that_was_broken_off_is_not_offered_if_there_is_a_newer_one(
    page: RunsPage, session: Session, shell: RecordingShell, small: Dataset, qtbot: QtBot
) -> None:
    keep(session.runs_folder.value, small, to_its_end=False)
    keep(session.runs_folder.value, small)
    session.dataset.set(small)
    files_done(session, qtbot)
    assert not shell.offers


def test_a_run_that_was_broken_off_before_its_first_checkpoint_is_offered_too(
    page: RunsPage, session: Session, shell: RecordingShell, small: Dataset, qtbot: QtBot
) -> None:
    assert RunStore(session.runs_folder.value).start(RECIPE, small, lambda _: None).close(10)
    session.dataset.set(small)
    files_done(session, qtbot)
    assert [button for _, button, _ in shell.offers] == ["Start it again"]


def test_what_cannot_be_done_is_told_in_a_sentence(
    page: RunsPage, shell: RecordingShell, qtbot: QtBot
) -> None:
    page.open_requested.emit("20260101-000000-none-s1", False)
    qtbot.waitUntil(lambda: bool(shell.errors))
    assert "20260101-000000-none-s1" in shell.errors[0][1]
