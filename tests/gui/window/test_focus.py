"""Where the focus goes when the page changes, and when what has it is disabled or hidden."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.gui.pages import Page, Room
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1_280, 900)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_start_hands_the_focus_to_stop_and_has_it_back_when_training_has_ended(
    window: MainWindow,
) -> None:
    bar, actions = window.network_bar, window.actions_offered
    window.pages.bring_to_front(Page.START)
    bar.train_button.setFocus()
    actions.set_state(RunState.PREPARING)
    assert window.focusWidget() is bar.stop_button
    actions.set_state(RunState.STOPPING)
    actions.set_state(RunState.IDLE)
    assert window.focusWidget() is bar.train_button


def test_the_focus_stays_where_the_user_has_put_it_when_training_ends(window: MainWindow) -> None:
    window.pages.bring_to_front(Page.START)
    window.network_bar.train_button.setFocus()
    window.actions_offered.set_state(RunState.PREPARING)
    window.canvas.setFocus()
    window.actions_offered.set_state(RunState.IDLE)
    assert window.focusWidget() is window.canvas


def test_a_tool_that_is_used_up_hands_the_focus_to_the_canvas(window: MainWindow) -> None:
    window.canvas.set_drawing(draw_three())
    clear = window.findChild(QWidget, "clear_button")
    assert isinstance(clear, QWidget)
    clear.setFocus()
    QTest.keyClick(clear, Qt.Key.Key_Space)
    assert not window.canvas.drawing
    assert window.focusWidget() is window.canvas


def test_a_room_s_keys_lead_to_what_its_page_is_for(window: MainWindow) -> None:
    keys, control = Qt.Key, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, keys.Key_3, control)
    recipes = window.recipe_panel
    assert window.focusWidget() is recipes.cards.cards[recipes.recipe_name]
    QTest.keyClick(window, keys.Key_2, control)
    assert window.focusWidget() is window.canvas
    inside = window.pages.rail.button(Room.INSIDE)
    inside.setFocus()
    QTest.keyClick(inside, keys.Key_Space)
    assert window.pages.in_front.room is Room.INSIDE
    assert window.focusWidget() is inside


def test_a_hidden_pad_hands_the_focus_to_the_rail(window: MainWindow) -> None:
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_F4)
    assert window.focusWidget() is window.pages.rail.button(Room.TRAIN)


def test_the_menu_that_escape_has_closed_is_still_marked(window: MainWindow) -> None:
    bar, training = window.menuBar(), window.menus.training_menu
    place = bar.actionGeometry(training.menuAction())
    before = bar.grab(place).toImage()
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert training.isVisible()
    QTest.keyClick(training, Qt.Key.Key_Escape)
    assert window.focusWidget() is bar
    assert bar.grab(place).toImage() != before
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.canvas
    assert bar.grab(place).toImage() == before
