from pathlib import Path

import numpy as np
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import OpenedDrawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.files import CopyActions, OpenedDrawingsRow
from mnist_gui.gui.session import Displayed, Session
from tests.gui.recording_shell import RecordingShell

LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))


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
    # In a narrow window the pad gives way.
    canvas.resize(0, 0)
    copying.copy_drawing.trigger()
    assert QGuiApplication.clipboard().image().width() == canvas.sizeHint().width()
    image = np.zeros((28, 28), np.uint8)
    image[3, 5] = 200
    session.displayed.set(Displayed(drawing=LINE, image=image))
    copying.copy_image.trigger()
    picture = QGuiApplication.clipboard().image()
    assert (picture.width(), picture.height()) == (28, 28)
    assert picture.pixelColor(5, 3).red() == 200
    assert shell.statuses == ["Copied the drawing"] * 2 + ["Copied what the network sees"]
    session.displayed.set(Displayed())
    assert not copying.copy_image.isEnabled()
