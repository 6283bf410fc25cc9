from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.exchange.presenter import ExchangePresenter, ExportStatus
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.network import NetworkPresenter
from tests.gui.recording_shell import RecordingShell

WEIGHTS = {
    "output/kernel": np.ones((784, 10), np.float32),
    "output/bias": np.arange(10, dtype=np.float32),
}
SNAPSHOT = Snapshot(find_recipe("softmax-tutorial"), 7, WEIGHTS)


@pytest.fixture
def status(qtbot: QtBot) -> ExportStatus:
    status = ExportStatus()
    qtbot.addWidget(status)
    return status


@pytest.fixture
def presenter(session: Session, status: ExportStatus, shell: RecordingShell) -> ExchangePresenter:
    return ExchangePresenter(session, status, shell)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exported"
    folder.mkdir()
    return folder


def export(presenter: ExchangePresenter, path: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "ask_network_to_export", lambda *_: str(path))
        presenter.export_network.trigger()


def test_exporting_needs_a_network_and_a_file(
    presenter: ExchangePresenter, session: Session, status: ExportStatus
) -> None:
    assert not presenter.export_network.isEnabled()
    session.use_network(SNAPSHOT)
    assert presenter.export_network.isEnabled()
    export(presenter, "")
    assert status.isHidden()


def test_the_menu_has_it_beside_its_likes(
    presenter: ExchangePresenter, shell: RecordingShell
) -> None:
    texts = [action.text().replace("&", "") for action in shell.menus.file_menu.actions()]
    save = texts.index("Save network …")
    assert texts[save + 1] == "Export network …"


def test_an_export_tells_where_it_is_and_can_be_cancelled(
    presenter: ExchangePresenter,
    session: Session,
    status: ExportStatus,
    shell: RecordingShell,
    folder: Path,
    qtbot: QtBot,
) -> None:
    session.use_network(SNAPSHOT)
    export(presenter, folder / "net.keras")
    assert status.isVisible()
    qtbot.waitUntil(lambda: status.label.text() == "Writing net.keras …")
    qtbot.mouseClick(status.cancel_button, Qt.MouseButton.LeftButton)
    assert status.label.text() == "Cancelling …"
    qtbot.waitUntil(lambda: shell.statuses == ["Nothing was exported"])
    assert status.isHidden()
    assert not list(folder.iterdir())


def test_an_export_says_what_it_wrote(
    presenter: ExchangePresenter,
    session: Session,
    status: ExportStatus,
    shell: RecordingShell,
    folder: Path,
    qtbot: QtBot,
) -> None:
    session.use_network(SNAPSHOT)
    export(presenter, folder / "net.npz")
    qtbot.waitUntil(status.isHidden)
    [(sentence, path)] = shell.written
    assert sentence == (
        f"Exported net.npz and predict.py to {folder}. Checked on 100 drawings: identical answers."
    )
    assert path == str(folder / "net.npz")
    assert (folder / "net.npz").exists()


def test_there_is_one_export_at_a_time(
    presenter: ExchangePresenter,
    session: Session,
    status: ExportStatus,
    shell: RecordingShell,
    folder: Path,
    qtbot: QtBot,
) -> None:
    session.use_network(SNAPSHOT)
    export(presenter, folder / "one.keras")
    assert not presenter.export_network.isEnabled()
    status.cancel_button.click()
    qtbot.waitUntil(lambda: shell.statuses == ["Nothing was exported"])
    assert presenter.export_network.isEnabled()


def test_an_export_that_fails_is_one_sentence_and_the_next_can_begin(
    presenter: ExchangePresenter,
    session: Session,
    status: ExportStatus,
    shell: RecordingShell,
    folder: Path,
    qtbot: QtBot,
) -> None:
    session.use_network(SNAPSHOT)
    for _ in range(2):
        shell.errors.clear()
        export(presenter, folder / "net.onnx")
        qtbot.waitUntil(lambda: bool(shell.errors))
    title, sentence = shell.errors[-1]
    assert title == "The network was not exported"
    assert "net.onnx: its name ends in none of" in sentence
    assert status.isHidden()


def test_the_programs_end_ends_an_export(
    presenter: ExchangePresenter,
    session: Session,
    status: ExportStatus,
    folder: Path,
    qtbot: QtBot,
) -> None:
    session.use_network(SNAPSHOT)
    export(presenter, folder / "net.keras")
    qtbot.waitUntil(lambda: status.label.text() == "Writing net.keras …")
    session.end_threads()
    assert not list(folder.iterdir())


def test_weights_of_other_programs_become_the_current_network(
    session: Session, shell: RecordingShell, tmp_path: Path, qtbot: QtBot
) -> None:
    network = NetworkPresenter(session, shell)
    path = tmp_path / "net.npz"
    np.savez(path, *WEIGHTS.values())
    network.open(str(path))
    told = "Imported net.npz (fits the network \u201cSoftmax regression (tutorial)\u201d)."
    qtbot.waitUntil(lambda: bool(shell.written))
    assert shell.written[0][0].startswith(f"{told} It reads 10.0 % of 1,000 validation images")
    assert shell.written[0][1] == str(path)
    snapshot = session.network.value
    assert snapshot is not None
    assert np.array_equal(snapshot.weights["output/bias"], WEIGHTS["output/bias"])


def test_weights_of_no_network_here_leave_the_current_one(
    session: Session, shell: RecordingShell, tmp_path: Path, qtbot: QtBot
) -> None:
    network = NetworkPresenter(session, shell)
    session.use_network(SNAPSHOT)
    np.savez(tmp_path / "net.npz", np.zeros(3))
    network.open(str(tmp_path / "net.npz"))
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert "fit none of the networks here" in shell.file_errors[0]
    assert session.network.value is SNAPSHOT
