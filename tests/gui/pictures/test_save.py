"""Digits of a picture become the user's own, and that is undone like all else there."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import UserDigit
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.pictures.result import FoundDigit, PicturePrediction
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.save import SavePictureDigitPresenter
from mnist_gui.gui.session import Session
from tests.gui.pictures.test_page import picture
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction

ONE = Drawing((Stroke([(0.5, 0.1), (0.5, 0.9)]),))
SEVEN = Drawing((Stroke([(0.2, 0.1), (0.8, 0.1), (0.4, 0.9)]),))


@dataclass
class Desk:
    """A page with a picture of a one and a seven; of the seven the network is not sure."""

    session: Session
    page: PicturePage
    canvas: DrawingCanvas
    shell: RecordingShell
    digits: DigitCollection
    qtbot: QtBot

    @property
    def row(self) -> SaveDigitRow:
        return self.page.save_row

    @property
    def saved(self) -> list[UserDigit]:
        return [*self.session.digits.value.digits] if self.session.digits.value else []

    def labels_are(self, *labels: int) -> None:
        self.qtbot.waitUntil(lambda: [each.label for each in self.saved] == [*labels])


@pytest.fixture
def desk(session: Session, shell: RecordingShell, qtbot: QtBot) -> Desk:
    page, canvas = PicturePage(), DrawingCanvas()
    for widget in (page, canvas):
        qtbot.addWidget(widget)
    digits = DigitCollection(session)
    session.use_network(Snapshot(find_recipe("cnn-fast"), 5, {}))
    keep = SavePictureDigitPresenter(session, digits, page, canvas, shell)
    keep.setParent(page)
    page.resize(600, 500)
    page.show()
    found = [
        FoundDigit(preprocess(each), (0.1 + 0.4 * place, 0.2, 0.4 + 0.4 * place, 0.8), 0)
        for place, each in enumerate((ONE, SEVEN))
    ]
    page.show_picture(picture(), "note.png")
    answers = prediction(1, 0.9), replace(prediction(7, 0.4), min_margin=0.9)
    page.show_prediction(PicturePrediction(tuple(found), answers))
    return Desk(session, page, canvas, shell, digits, qtbot)


def test_the_selected_digit_is_saved_as_it_was_read_and_taken_back(desk: Desk) -> None:
    assert desk.row.save_button.text() == "Save to My digits as 1"
    desk.row.save_button.click()
    desk.labels_are(1)
    (digit,) = desk.saved
    assert digit.read_as is not None
    assert (digit.read_as.digit, digit.read_as.network) == (1, "cnn-fast")
    assert len(digit.drawing.strokes) == 1
    assert desk.row.note.text() == "\u2713 Saved to My digits as 1"
    desk.row.undo_button.click()
    desk.labels_are()
    assert desk.row.save_button.isVisible()


def test_a_key_saves_the_digit_as_another_one_and_undo_is_the_windows(desk: Desk) -> None:
    desk.page.view.select(1)
    assert not desk.row.save_button.isEnabled()
    desk.page.activateWindow()
    desk.page.view.setFocus()
    desk.qtbot.waitUntil(desk.page.view.hasFocus)
    desk.qtbot.keyClick(desk.page.view, Qt.Key.Key_2)
    desk.labels_are(2)
    group = desk.shell.actions_offered.undo_group
    group.addStack(desk.digits)
    group.addStack(desk.canvas.document)
    desk.page.view.clearFocus()
    assert group.activeStack() is desk.canvas.document
    desk.page.view.setFocus()
    assert desk.shell.actions_offered.undo.text() == "&Undo: Saved a digit of a picture as 2"
    desk.shell.actions_offered.undo.trigger()
    desk.labels_are()


def test_the_menu_is_of_the_digit_under_the_pointer(desk: Desk) -> None:
    place = desk.page.view.box_rect(1).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, place)
    QApplication.sendEvent(desk.page.view, event)
    menu = desk.page.findChild(QMenu, "picture_menu")
    assert isinstance(menu, QMenu)
    assert desk.page.view.selected == 1
    assert desk.row.menu.menuAction() in menu.actions()
    menu.close()
    desk.row.labels[7].trigger()
    desk.labels_are(7)


def test_what_is_saved_already_is_not_saved_twice_but_can_be_labelled_anew(desk: Desk) -> None:
    desk.row.labels[1].trigger()
    desk.labels_are(1)
    desk.page.view.select(1)
    desk.page.view.select(0)
    desk.row.labels[1].trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.shell.statuses))
    assert desk.shell.statuses == ["It is in My digits already, saved as 1."]
    desk.row.labels[4].trigger()
    desk.labels_are(4)


def test_what_was_saved_is_said_until_another_digit_is_selected(desk: Desk) -> None:
    desk.row.save_button.click()
    desk.qtbot.waitUntil(desk.row.note.isVisible)
    # A newer network reads the same picture.
    assert desk.page.selected is not None
    desk.page.digit_shown.emit(*desk.page.selected)
    assert desk.row.note.isVisible()
    desk.page.view.select(1)
    assert not desk.row.note.isVisible()
