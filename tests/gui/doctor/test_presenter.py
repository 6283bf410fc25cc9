from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.gui.doctor.dialog import DoctorChip, DoctorDialog
from mnist_gui.gui.doctor.presenter import DoctorPresenter
from mnist_gui.gui.session import Session
from tests.gui.recording_shell import RecordingShell

LONG = 60_000


@pytest.fixture
def chip(qtbot: QtBot, shell: RecordingShell) -> DoctorChip:
    chip = DoctorChip()
    shell.statusBar().addPermanentWidget(chip)
    return chip


@pytest.fixture
def doctor(
    qtbot: QtBot, session: Session, chip: DoctorChip, shell: RecordingShell
) -> Iterator[DoctorPresenter]:
    """The doctor of a window that is shown, once it has looked at the computer."""
    doctor = DoctorPresenter(session, chip, shell)
    shell.show()
    doctor.check()
    qtbot.waitUntil(lambda: not chip.icon().isNull(), timeout=LONG)
    yield doctor
    for dialog in shell.findChildren(DoctorDialog):
        dialog.close()


def opened(shell: RecordingShell, qtbot: QtBot) -> DoctorDialog:
    dialog = shell.findChild(DoctorDialog)
    assert isinstance(dialog, DoctorDialog)
    qtbot.waitUntil(dialog.test_button.isEnabled)
    return dialog


def test_the_chip_says_that_all_is_well_and_opens_the_dialog_by_a_key(
    qtbot: QtBot, doctor: DoctorPresenter, chip: DoctorChip, shell: RecordingShell
) -> None:
    assert chip.accessibleName() == "All is well on this computer; see what it has"
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    shown = opened(shell, qtbot).details.toPlainText()
    assert "TensorFlow" in shown
    assert "Qt's platform" in shown
    assert "offscreen" in shown


def test_the_menu_opens_it_and_all_is_copied_without_the_home_folder(
    qtbot: QtBot,
    doctor: DoctorPresenter,
    shell: RecordingShell,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(session.data_folder.parent))
    (action,) = (each for each in shell.menus.help_menu.actions() if "computer" in each.text())
    action.trigger()
    dialog = opened(shell, qtbot)
    qtbot.waitUntil(lambda: "~/kept" in dialog.details.toPlainText())
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "~/runs (not there yet" in text
    assert str(session.data_folder.parent) not in text
    assert dialog.copy_button.text() == "Copied"


def test_the_test_of_the_speed_ends_in_a_plain_sentence(
    qtbot: QtBot, doctor: DoctorPresenter, shell: RecordingShell
) -> None:
    doctor.open()
    dialog = opened(shell, qtbot)
    qtbot.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    assert dialog.bar.isVisible()
    words = "This computer trains the tutorial CNN in about "
    qtbot.waitUntil(lambda: dialog.summary.text().startswith(words), timeout=LONG)
    assert "steps a second" in dialog.details.toPlainText()
    assert not dialog.bar.isVisible()


def test_a_test_that_is_cancelled_says_nothing_of_the_speed(
    qtbot: QtBot, doctor: DoctorPresenter, shell: RecordingShell
) -> None:
    doctor.open()
    dialog = opened(shell, qtbot)
    qtbot.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    assert dialog.test_button.text() == "Cancel"
    qtbot.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.test_button.text().startswith("Test"), timeout=LONG)
    assert "not been tested" in dialog.summary.text()


def test_a_run_ends_the_test_which_is_offered_again_after_the_run(
    qtbot: QtBot, doctor: DoctorPresenter, shell: RecordingShell, session: Session
) -> None:
    doctor.open()
    dialog = opened(shell, qtbot)
    qtbot.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)
    session.run_state.set(RunState.PREPARING)
    qtbot.waitUntil(lambda: not dialog.test_button.isEnabled(), timeout=LONG)
    assert dialog.test_button.toolTip() == "Available when training has ended."
    assert "not been tested" in dialog.summary.text()
    session.run_state.set(RunState.IDLE)
    assert dialog.test_button.isEnabled()


def test_the_chip_warns_where_nothing_can_be_saved(
    qtbot: QtBot, doctor: DoctorPresenter, chip: DoctorChip, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    session.runs_folder.set(tmp_path / "file" / "runs")
    doctor.check()
    words = "Something on this computer is to be put right; see what"
    qtbot.waitUntil(lambda: chip.accessibleName() == words, timeout=LONG)
    assert chip.toolTip() == words
