"""The button Train at the top, and the Start beneath the recipes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.presenting import Presenting


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow()
    qtbot.addWidget(window)
    Presenting(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.actions_offered.present.setChecked(False)


def test_train_leads_to_the_recipes_where_start_takes_its_place(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.pages.bring_to_front(Page.START)
    train, recipes = window.network_bar.train_button, window.recipe_panel
    with qtbot.assertNotEmitted(window.actions_offered.start.triggered):
        qtbot.mouseClick(train, Qt.MouseButton.LeftButton)
    assert window.pages.in_front is Page.CURVES
    assert window.focusWidget() is recipes.cards.cards[recipes.recipe_name]
    assert (train.isVisible(), recipes.start_button.isVisible()) == (False, True)


def test_train_starts_where_a_presentation_shows_no_start(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_offered.present.setChecked(True)
    train = window.network_bar.train_button
    assert (train.isVisible(), window.recipe_panel.start_button.isVisible()) == (True, False)
    with qtbot.waitSignal(window.actions_offered.start.triggered):
        train.click()
