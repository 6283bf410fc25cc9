from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import IMPORTED, find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.network import NetworkPresenter
from tests.gui.recording_shell import RecordingShell

WEIGHTS = {
    "output/kernel": np.ones((784, 10), np.float32),
    "output/bias": np.arange(10, dtype=np.float32),
}
SNAPSHOT = Snapshot(find_recipe("softmax-tutorial"), 7, WEIGHTS)


@pytest.fixture
def presenter(session: Session, shell: RecordingShell) -> NetworkPresenter:
    return NetworkPresenter(session, shell)


def test_a_saved_network_can_be_opened_again(
    presenter: NetworkPresenter,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "net.mnistgui")
    session.use_network(SNAPSHOT)
    presenter.save(path)
    qtbot.waitUntil(lambda: shell.saved == [path])
    presenter.open(path)
    qtbot.waitUntil(lambda: shell.opened == [path])
    opened = session.network.value
    assert opened is not None
    assert opened is not SNAPSHOT
    assert np.array_equal(opened.weights["output/bias"], np.arange(10))


def test_of_another_programs_network_the_window_says_what_it_is(
    presenter: NetworkPresenter,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, *WEIGHTS.values())
    presenter.open(str(path))
    qtbot.waitUntil(lambda: bool(shell.written))
    title = "Softmax regression (tutorial)"
    text = f"Imported net.npz (fits the network \u201c{title}\u201d). It reads "
    (said, where) = shell.written[0]
    assert said.startswith(text)
    assert " of 1,000 validation images of MNIST right. That is few: " in said
    assert where == str(path)
    assert session.file_of_network == path
    assert not shell.opened
    assert session.network.value is not None
    assert session.network.value.recipe.name == IMPORTED


def test_what_images_a_network_was_trained_on_can_be_said(
    presenter: NetworkPresenter,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    np.savez(tmp_path / "net.npz", *WEIGHTS.values())
    presenter.open(str(tmp_path / "net.npz"))
    qtbot.waitUntil(lambda: bool(shell.offers))
    asked, button, accept = shell.offers[0]
    assert (asked[:15], button) == ("Was net.npz tra", "Choose \u2026")
    accept()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "images as they are here (0 is paper, 1 is ink)"
    dialog.setTextValue("images of numbers from 0 to 255")
    dialog.accept()
    qtbot.waitUntil(lambda: len(shell.written) == 2)
    assert "It was trained on images of numbers from 0 to 255; its weights" in shell.written[1][0]
    network = session.network.value
    assert network is not None
    assert np.allclose(network.weights["output/kernel"], 255)


def test_a_network_that_is_being_saved_is_saved_though_the_program_ends(
    presenter: NetworkPresenter, session: Session, tmp_path: Path
) -> None:
    session.use_network(SNAPSHOT)
    presenter.save(str(tmp_path / "net.mnistgui"))
    session.end_threads()
    assert load_snapshot(tmp_path / "net.mnistgui").step == 7


def test_a_file_that_cannot_be_opened_leaves_the_network(
    presenter: NetworkPresenter,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    session.use_network(SNAPSHOT)
    presenter.open(str(tmp_path / "none.mnistgui"))
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert str(tmp_path / "none.mnistgui") in shell.file_errors[0]
    assert session.network.value is SNAPSHOT


def test_what_needs_a_network_is_offered_once_there_is_one(
    presenter: NetworkPresenter, session: Session, shell: RecordingShell
) -> None:
    actions = shell.actions_offered
    assert not actions.save_network.isEnabled()
    assert not actions.test.isEnabled()
    session.use_network(SNAPSHOT)
    assert actions.save_network.isEnabled()
    assert actions.test.isEnabled()


def test_the_shipped_network_is_there_from_the_start(
    presenter: NetworkPresenter, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.network.changed) as changed:
        presenter.open_shipped()
    assert changed.args[0].recipe.name == "cnn-best"


def test_the_shipped_network_never_replaces_one_that_came_sooner(
    presenter: NetworkPresenter, session: Session, qtbot: QtBot
) -> None:
    presenter.open_shipped()
    session.use_network(SNAPSHOT)
    answered: list[None] = []
    # The thread takes its jobs in order, and so come its answers.
    session.reading_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert session.network.value is SNAPSHOT


def test_a_run_that_comes_to_nothing_gives_back_the_network_from_before(
    presenter: NetworkPresenter, session: Session
) -> None:
    session.use_network(SNAPSHOT, "some run")
    presenter.follow_run(replace(SNAPSHOT, step=0))
    presenter.follow_run(replace(SNAPSHOT, step=1))
    assert session.run_of_network == ""
    presenter.go_back()
    assert session.network.value is SNAPSHOT
    assert session.run_of_network == "some run"


def test_a_run_without_a_network_before_it_has_none_to_give_back(
    presenter: NetworkPresenter, session: Session
) -> None:
    learnt = replace(SNAPSHOT, step=1)
    presenter.follow_run(learnt)
    presenter.go_back()
    assert session.network.value is learnt


def test_the_network_of_a_run_that_ended_well_stays_whatever_the_next_run_does(
    presenter: NetworkPresenter, session: Session
) -> None:
    learnt = replace(SNAPSHOT, step=1)
    session.use_network(SNAPSHOT)
    presenter.follow_run(learnt)
    presenter.end_run()
    presenter.follow_run(replace(SNAPSHOT, step=0))
    presenter.go_back()
    assert session.network.value is learnt
