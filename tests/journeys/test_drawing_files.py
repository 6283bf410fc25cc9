"""Files of drawings in the real window; no network is loaded for it."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.files import read_drawings, write_drawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.files import DrawingFilesPresenter, OpenedDrawingsRow
from mnist_gui.gui.window.main_window import MainWindow

DRAWINGS = [
    LabelledDrawing(Drawing((Stroke([[0.25, 0.5 * n], [0.75, 0.5]]),)), n) for n in range(3)
]


def test_drawings_are_opened_gone_through_changed_and_saved(
    qtbot: QtBot, quiet_window: MainWindow, tmp_path: Path
) -> None:
    window, canvas = quiet_window, quiet_window.canvas
    files = window.findChild(DrawingFilesPresenter)
    assert isinstance(files, DrawingFilesPresenter)
    place = window.findChild(QLabel, "drawing_place")
    assert isinstance(place, QLabel)
    path, mine = tmp_path / "digits.jsonl", tmp_path / "mine.jsonl"
    write_drawings(path, DRAWINGS)
    with path.open("a") as file:
        file.write('{"strokes": "none"}\n')
    files.open(str(path))
    qtbot.waitUntil(lambda: canvas.drawing == DRAWINGS[0].drawing)
    box = window.findChild(QMessageBox, "error_box")
    assert isinstance(box, QMessageBox)
    assert "line 4" in box.text()
    box.close()
    assert place.text() == "1 of 3: a 0"
    row = window.findChild(OpenedDrawingsRow)
    assert isinstance(row, OpenedDrawingsRow)
    row.next.trigger()
    assert canvas.drawing == DRAWINGS[1].drawing
    canvas.document.undo()
    assert canvas.drawing == DRAWINGS[0].drawing
    button = window.findChild(QPushButton, "previous_drawing_button")
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    files.save_to(mine)
    qtbot.waitUntil(mine.exists)
    assert read_drawings(mine) == [DRAWINGS[0]]


def test_a_drawing_of_another_program_is_dropped_on_the_canvas_and_fills_it(
    qtbot: QtBot, quiet_window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "seven.svg"
    path.write_text('<svg><polyline points="100,100 600,100 300,900"/></svg>')
    canvas = quiet_window.canvas
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    place = canvas.rect().center()
    for event in (QDragEnterEvent(place, *how), QDropEvent(QPointF(place), *how)):
        QApplication.sendEvent(canvas, event)
    qtbot.waitUntil(lambda: bool(canvas.drawing))
    (stroke,) = canvas.drawing.strokes
    np.testing.assert_allclose(stroke.points, [[0.25, 0.1], [0.75, 0.1], [0.45, 0.9]], atol=1e-6)
