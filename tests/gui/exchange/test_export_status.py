"""How the progress of an export is shown, and how its file is asked for."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.exchange.formats import ExportPhase
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.exchange.presenter import ExportStatus
from tests.gui.save_answers import answer_save_dialogs


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("net", "Keras models (*.keras)", "net.keras"),
        ("net", "TensorFlow Lite models (*.tflite)", "net.tflite"),
        ("net.v2", "Weights for NumPy (*.npz)", "net.v2.npz"),
        ("net.TFLITE", "Keras models (*.keras)", "net.TFLITE"),
    ],
)
def test_the_name_or_else_the_chosen_kind_tells_the_format(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    typed: str,
    kind: str,
    name: str,
) -> None:
    answer_save_dialogs(monkeypatch, str(tmp_path / typed), kind=kind)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert dialogs.ask_network_to_export(parent, "CNN", "") == str(tmp_path / name)


def test_an_export_says_what_it_does_and_can_be_cancelled(qtbot: QtBot) -> None:
    status = ExportStatus()
    qtbot.addWidget(status)
    assert not status.isVisible()
    status.set_running(True)
    status.show_phase("/some/where/net.keras", ExportPhase.WRITING)
    assert status.label.text() == "Writing net.keras …"
    assert status.label.toolTip() == "/some/where/net.keras"
    status.show_phase("/some/where/net.keras", ExportPhase.CHECKING)
    assert status.label.text() == "Reading net.keras back …"
    with qtbot.waitSignal(status.cancel_button.clicked):
        qtbot.mouseClick(status.cancel_button, Qt.MouseButton.LeftButton)
    assert not status.cancel_button.isEnabled()
    status.set_running(False)
    assert not status.isVisible()
    status.set_running(True)
    assert status.cancel_button.isEnabled()


def test_a_long_name_does_not_push_the_window_apart(qtbot: QtBot) -> None:
    status = ExportStatus()
    qtbot.addWidget(status)
    status.show_phase(f"/{'long' * 50}.keras", ExportPhase.CHECKING)
    assert "…" in status.label.text()
    assert status.sizeHint().width() < 500
