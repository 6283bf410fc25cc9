from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import OpenedDrawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.files import CopyActions, DrawingFileActions, OpenedDrawingsRow
from mnist_gui.gui.session import Displayed, Session
from tests.gui.recording_shell import RecordingShell
from tests.gui.save_answers import answer_save_dialogs

LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))


@pytest.fixture
def actions(shell: RecordingShell, qtbot: QtBot) -> DrawingFileActions:
    row = OpenedDrawingsRow()
    qtbot.addWidget(row)
    return DrawingFileActions(shell, row)


def requests(actions: DrawingFileActions) -> list[tuple[str, bool]]:
    seen: list[tuple[str, bool]] = []
    actions.save_requested.connect(lambda path, add: seen.append((path, add)))
    return seen


def answer(window: QWidget, words: str) -> None:
    box = window.findChildren(QMessageBox, "choice_box")[-1]
    button = next(button for button in box.buttons() if words in button.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_new_file_is_written_without_a_question(
    actions: DrawingFileActions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = requests(actions)
    answer_save_dialogs(monkeypatch, str(tmp_path / "mine"))
    actions.follow_drawing(LINE)
    actions.save.trigger()
    assert seen == [(str(tmp_path / "mine.jsonl"), False)]


def test_a_file_that_is_there_is_added_to_replaced_or_left_alone(
    shell: RecordingShell, actions: DrawingFileActions, tmp_path: Path
) -> None:
    seen = requests(actions)
    path = tmp_path / "mine.jsonl"
    path.write_text("")
    for words in ("Add", "Cancel", "Replace"):
        actions.save_to(path)
        answer(shell, words)
    assert seen == [(str(path), True), (str(path), False)]


def test_the_row_says_which_drawing_it_is_and_is_there_only_with_a_file(qtbot: QtBot) -> None:
    row = OpenedDrawingsRow()
    qtbot.addWidget(row)
    assert row.isHidden()
    row.show_place(OpenedDrawings(Path("a.jsonl"), (LabelledDrawing(LINE, 7),) * 12, 2))
    assert row.place_label.text() == "3 of 12: a 7"
    assert row.next_button.isEnabled()
    row.show_place(OpenedDrawings(Path("a.jsonl"), (LabelledDrawing(LINE, None),)))
    assert row.place_label.text() == "1 of 1"
    assert not row.next_button.isEnabled()
    row.show_place(None)
    assert row.isHidden()


def test_what_the_canvas_shows_and_what_the_network_sees_are_copied(
    session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    canvas = DrawingCanvas()
    qtbot.addWidget(canvas)
    # As the presenter of the drawing does.
    canvas.drawing_changed.connect(session.drawing.set)
    copying = CopyActions(session, canvas, shell)
    assert not copying.copy_drawing.isEnabled()
    assert not copying.copy_image.isEnabled()
    canvas.set_drawing(LINE)
    copying.copy_drawing.trigger()
    picture = QGuiApplication.clipboard().image()
    side = picture.width()
    assert side == picture.height() == canvas.area.width()
    assert picture.pixelColor(side // 2, side // 2) == QColor("white")
    assert picture.pixelColor(side // 2, side // 4).lightness() < 20
    image = np.zeros((28, 28), np.uint8)
    image[3, 5] = 200
    session.displayed.set(Displayed(drawing=LINE, image=image))
    copying.copy_image.trigger()
    picture = QGuiApplication.clipboard().image()
    assert (picture.width(), picture.height()) == (28, 28)
    assert picture.pixelColor(5, 3).red() == 200
    assert shell.statuses == ["Copied the drawing", "Copied what the network sees"]
    session.displayed.set(Displayed())
    assert not copying.copy_image.isEnabled()
