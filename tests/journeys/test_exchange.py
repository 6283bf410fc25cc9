"""Networks go to other programs and come back, in the real window."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.screenshot import draw_three

LONG = 60_000


def action(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text().startswith(text))


def shows(window: MainWindow, message: str) -> bool:
    return message in window.notice_bar.text.text()


def test_weights_of_another_program_read_what_is_drawn(
    qtbot: QtBot, window: MainWindow, program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, *load_snapshot(SHIPPED_NETWORK).weights.values())
    with qtbot.waitSignal(program.session.network.changed, timeout=LONG):
        program.network.open(str(path))
    message = f"Imported {path.name} (fits the network \u201cCNN, best\u201d)."
    notice = window.notice_bar.text
    told = f"{message} It reads 99.8 % of 1,000"
    qtbot.waitUntil(lambda: notice.text().startswith(told), timeout=LONG)
    assert window.notice_bar.isVisible()
    window.canvas.set_drawing(draw_three())
    digit = window.findChild(QLabel, "digit_label")
    assert isinstance(digit, QLabel)
    qtbot.waitUntil(lambda: digit.text() == "3", timeout=LONG)


def test_the_curves_of_a_run_are_saved_as_pictures(
    qtbot: QtBot,
    window: MainWindow,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with qtbot.waitSignal(program.runner.run_ended, timeout=LONG):
        program.runner.start(replace(RECIPES["softmax-tutorial"], steps=20))
    svg, png = tmp_path / "curves.svg", tmp_path / "curves.png"
    monkeypatch.setattr(file_questions, "ask_svg_to_save", lambda _: str(svg))
    monkeypatch.setattr(file_questions, "ask_picture_to_save", lambda _: str(png))
    for path, text in ((svg, "Save curves as S&VG"), (png, "Save curves as &picture")):
        action(window, text).trigger()
        message = f"Saved {path}"
        qtbot.waitUntil(partial(shows, window, message), timeout=LONG)
    assert "Softmax regression (tutorial)" in svg.read_text()
    assert QImage(str(png)).width() == 2400


@pytest.mark.slow
def test_a_network_is_exported_while_the_window_goes_on(
    qtbot: QtBot,
    window: MainWindow,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    qtbot.waitUntil(lambda: program.session.network.value is not None, timeout=LONG)
    path = tmp_path / "net.tflite"
    monkeypatch.setattr(file_questions, "ask_network_to_export", lambda *_: str(path))
    status = window.findChild(QWidget, "export_status")
    assert isinstance(status, QWidget)
    action(window, "E&xport network").trigger()
    qtbot.waitUntil(status.isVisible)
    message = f"Exported net.tflite and predict.py to {tmp_path}"
    qtbot.waitUntil(partial(shows, window, message), timeout=LONG)
    assert path.is_file()
    qtbot.waitUntil(lambda: not status.isVisible())


def test_an_export_that_cannot_be_is_one_sentence(
    qtbot: QtBot,
    window: MainWindow,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    qtbot.waitUntil(lambda: program.session.network.value is not None, timeout=LONG)
    path = tmp_path / "missing" / "net.keras"
    monkeypatch.setattr(file_questions, "ask_network_to_export", lambda *_: str(path))
    action(window, "E&xport network").trigger()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "error_box") is not None)
    box = window.findChild(QMessageBox, "error_box")
    assert isinstance(box, QMessageBox)
    assert f"was not exported to {path}: there is no such file or folder" in box.text()
    box.close()
