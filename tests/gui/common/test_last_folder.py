from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.common.dialogs import last_folder, remember_folder
from tests.gui.save_answers import answer_save_dialogs
from tests.own_settings import own_settings  # noqa: F401


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def test_dialogs_begin_in_the_folder_of_the_file_that_was_chosen_last(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[str] = []

    def choose(_parent: QWidget, _title: str, folder: str, _kinds: str) -> tuple[str, str]:
        begun.append(folder)
        return str(tmp_path / "pictures" / "7.png"), ""

    (tmp_path / "pictures").mkdir()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    answer_save_dialogs(monkeypatch, str(tmp_path / "net"))
    file_questions.ask_network_to_save(parent, "CNN", "cnn")
    file_questions.ask_picture_to_open(parent)
    file_questions.ask_network_to_open(parent)
    assert begun == [str(tmp_path), str(tmp_path / "pictures")]


def test_a_dialog_that_was_dismissed_changes_nothing(tmp_path: Path) -> None:
    remember_folder(str(tmp_path / "7.png"))
    remember_folder("")
    assert last_folder() == str(tmp_path)


def test_a_dialog_begins_in_no_folder_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    remember_folder(str(tmp_path / "gone" / "7.png"))
    assert last_folder() == str(tmp_path)
    (tmp_path / "Documents").mkdir()
    assert last_folder() == str(tmp_path / "Documents")
