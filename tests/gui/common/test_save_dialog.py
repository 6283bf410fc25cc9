import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.dialogs import ask_to_save
from tests.gui.save_answers import answer_save_dialogs

KINDS = {"Networks (*.mnistgui)": ".mnistgui"}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.mark.parametrize(
    ("typed", "name"),
    [("net", "net.mnistgui"), ("net.MnistGUI", "net.MnistGUI"), ("net.v2", "net.v2.mnistgui")],
)
def test_a_name_without_the_suffix_is_completed_in_whatever_case_it_has_it(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str, name: str
) -> None:
    answer_save_dialogs(monkeypatch, str(tmp_path / typed))
    assert ask_to_save(parent, "Save", KINDS) == str(tmp_path / name)


def test_a_dismissed_dialog_answers_nothing(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 0)
    assert ask_to_save(parent, "Save", KINDS) == ""


def test_before_a_file_is_replaced_it_asks_though_the_suffix_was_not_typed(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net.mnistgui").touch()
    asked: list[str] = []

    def refuse(_parent: QWidget, _title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", refuse)
    answer_save_dialogs(monkeypatch, str(tmp_path / "net"), str(tmp_path / "other"))
    assert ask_to_save(parent, "Save", KINDS) == str(tmp_path / "other.mnistgui")
    assert len(asked) == 1
    assert str(tmp_path / "net.mnistgui") in asked[0]


def test_of_a_file_that_cannot_be_seen_it_is_not_said_that_it_exists(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def accept(_parent: QWidget, _title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.Yes

    # As of a disk that does not answer.
    answers, path = threading.Event(), tmp_path / "net.mnistgui"
    monkeypatch.setattr(Path, "exists", lambda _: answers.wait())
    monkeypatch.setattr(dialogs, "_LONGEST_ANSWER_SECONDS", 0.01)
    monkeypatch.setattr(QMessageBox, "question", accept)
    answer_save_dialogs(monkeypatch, str(path))
    assert ask_to_save(parent, "Save", KINDS) == str(path)
    answers.set()
    assert asked == [
        f"It cannot be seen whether {path} exists. Save there, and replace it if it does?"
    ]


def test_what_its_caller_asks_about_is_not_asked_about_here(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "net.mnistgui"
    path.touch()
    answer_save_dialogs(monkeypatch, str(path))
    assert ask_to_save(parent, "Save", KINDS, confirms=False) == str(path)


def test_a_name_is_proposed_and_may_be_taken_as_it_is(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 1)
    path = ask_to_save(parent, "Save", KINDS, name="cnn-fast-1150")
    assert Path(path).name == "cnn-fast-1150.mnistgui"
