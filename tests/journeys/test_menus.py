"""The menus of the real window, the recent files and the preferences; no network is loaded."""

import shutil
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QComboBox, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.data.correction import Correction, DatasetChoice
from mnist_gui.engine.digits.files import write_drawings
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.drawing.files import DrawingFilesPresenter
from mnist_gui.gui.program import Program
from mnist_gui.gui.recent import recent_files
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.preferences import PreferencesDialog
from mnist_gui.screenshot import draw_three
from tests.engine.conftest import write_dataset


def test_every_menu_can_be_overlooked(quiet_window: MainWindow) -> None:
    menus = quiet_window.menus
    for menu in (menus.file_menu, menus.edit_menu, menus.training_menu, menus.help_menu):
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert 0 < len(entries) <= 12
        assert all(action.text() for action in entries)


def test_a_file_that_was_open_before_is_opened_again_by_its_name(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    files, recent = quiet_window.findChild(DrawingFilesPresenter), quiet_window.menus.recent_menu
    assert isinstance(files, DrawingFilesPresenter)
    assert not recent.isEnabled()
    path = tmp_path / "three & more.jsonl"
    write_drawings(path, [LabelledDrawing(draw_three(), 3)])
    files.open(str(path))
    qtbot.waitUntil(lambda: recent_files() == [str(path)])
    quiet_window.canvas.clear()
    (action,) = recent.actions()
    assert action.text() == "three && more.jsonl"
    action.trigger()
    qtbot.waitUntil(lambda: bool(quiet_window.canvas.drawing))
    assert len(recent.actions()) == 1


def test_a_data_set_is_opened_again_and_forgotten_once_it_is_gone(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    program, recent = quiet_window.findChild(Program), quiet_window.menus.recent_menu
    assert isinstance(program, Program)
    folder = tmp_path / "mine"
    write_dataset(folder, train=24, test=10)
    choice = DatasetChoice(folder, corrections=(Correction(inverts=True),))
    QSettings().setValue("files/recent", '{"data": 1}\n{not JSON')
    recent.note_dataset(choice)
    assert recent_files() == [choice]
    recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: program.session.dataset.value is not None)
    opened = program.session.dataset.value
    assert opened is not None
    assert opened.choice == choice
    shutil.rmtree(folder)
    recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: not recent.isEnabled())
    assert recent_files() == []
    box = quiet_window.findChild(QMessageBox, "error_box")
    assert f"{folder} is no longer there" in box.text()
    box.close()


def test_the_preferences_follow_the_menus_and_are_used_at_once(quiet_window: MainWindow) -> None:
    quiet_window.actions_offered.preferences.trigger()
    dialog = quiet_window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    box = dialog.theme_box
    place = box.findText("Dark")
    box.setCurrentIndex(place)
    box.activated.emit(place)
    assert quiet_window.theme is Theme.DARK
    quiet_window.themes[Theme.SYSTEM].trigger()
    assert box.currentText() == "System"
    buttons = [each.text().replace("&", "") for each in dialog.findChildren(QPushButton)]
    assert "Keep runs in …" in buttons
    assert dialog.findChild(QComboBox, "language_box").count() >= 2
    dialog.findChild(QCheckBox, "calibrated_box").click()
    assert not quiet_window.actions_offered.calibrated.isChecked()
    dialog.close()
