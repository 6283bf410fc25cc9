from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.drawing.canvas import DrawingCanvas, ToolRow
from mnist_gui.gui.drawing.files import CopyActions, DrawingFilesPresenter, OpenedDrawingsRow
from mnist_gui.gui.drawing.menu import CanvasMenu
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.recording_shell import RecordingShell

LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))
Reason = QContextMenuEvent.Reason


@dataclass
class Desk:
    """A canvas with its menu, as the program joins them."""

    canvas: DrawingCanvas
    opened: CanvasMenu
    tools: ToolRow
    files: DrawingFilesPresenter

    def ask(self, reason: QContextMenuEvent.Reason) -> bool:
        """Ask for the menu as the mouse or the menu key does; return whether it opened."""
        event = QContextMenuEvent(reason, QPoint(5, 5), QPoint(5, 5))
        QApplication.sendEvent(self.canvas, event)
        is_open = self.opened.menu.isVisible()
        self.opened.menu.close()
        return is_open

    def action(self, text: str) -> QAction:
        return next(each for each in self.opened.menu.actions() if each.text() == text)


@pytest.fixture
def desk(session: Session, shell: RecordingShell, qtbot: QtBot) -> Desk:
    canvas, row = DrawingCanvas(), OpenedDrawingsRow()
    tools = ToolRow(canvas, shell.actions_offered)
    for widget in (canvas, row, tools):
        qtbot.addWidget(widget)
    # As the presenter of the drawing does.
    canvas.drawing_changed.connect(session.drawing.set)
    files = DrawingFilesPresenter(session, canvas, row, shell)
    copying = CopyActions(session, canvas, shell)
    actions = (*files.saving, files.open_drawings)
    menu = CanvasMenu(session, canvas, shell, copying.offered, actions)
    canvas.show()
    return Desk(canvas, menu, tools, files)


def test_the_menu_has_what_can_be_done_with_a_drawing(desk: Desk) -> None:
    assert [each.text().replace("&", "") for each in desk.opened.menu.actions() if each.text()] == [
        "Copy drawing",
        "Copy as 28\u00d728 picture",
        "Save drawing \u2026",
        "Save picture of drawing \u2026",
        "Open drawings \u2026",
        "Explain",
        "Undo",
        "Clear drawing",
        "Erase with the right button",
        "Calibrated percentages",
    ]


def test_the_right_button_opens_the_menu_unless_it_erases_and_the_menu_key_always(
    desk: Desk,
) -> None:
    assert desk.ask(Reason.Mouse)
    desk.action("Erase &with the right button").trigger()
    assert not desk.ask(Reason.Mouse)
    assert desk.ask(Reason.Keyboard)
    desk.action("Erase &with the right button").trigger()
    desk.canvas.set_erasing(True)
    assert not desk.ask(Reason.Mouse)
    assert desk.ask(Reason.Keyboard)


def test_explain_brings_the_page_that_explains_the_drawing_again(
    desk: Desk, session: Session, shell: RecordingShell
) -> None:
    explain = desk.action("&Explain")
    assert not explain.isEnabled()
    desk.canvas.set_drawing(LINE)
    image = np.ones((28, 28), np.uint8)
    session.displayed.set(Displayed(Source.TEST_IMAGE, image=image, index=0, label=1))
    explain.trigger()
    assert shell.pages.in_front is Page.EXPLANATION
    assert session.displayed.value.drawing == LINE
