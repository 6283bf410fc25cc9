"""What the tests of presenters share: a session of their own, and a window that takes notes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.gui.session import Session
from tests.gui.recording_shell import RecordingShell


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[Session]:
    session = Session(tmp_path / "kept", tmp_path / "runs")
    yield session
    session.end_threads()
    assert session.threads_have_ended


@pytest.fixture
def shell(qtbot: QtBot) -> RecordingShell:
    shell = RecordingShell()
    qtbot.addWidget(shell)
    return shell
