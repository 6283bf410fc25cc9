from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMenu
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.translator import install_language, window_language
from mnist_gui.gui.common.values import hyperparameter_title
from mnist_gui.gui.window.languages import LanguageMenu


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_language(qapp, "en")


def cancel_text(qtbot: QtBot) -> str:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    return buttons.buttons()[0].text().replace("&", "")


def test_the_window_and_qt_speak_the_language_that_is_installed_last(
    qtbot: QtBot, qapp: QApplication
) -> None:
    install_language(qapp, "zh_CN")
    assert hyperparameter_title("learning_rate") == "学习率"
    assert cancel_text(qtbot) == "取消"
    assert QCoreApplication.translate("anything", "not translated") == "not translated"
    install_language(qapp, "en")
    assert hyperparameter_title("learning_rate") == "Learning rate"
    assert cancel_text(qtbot) == "Cancel"


def test_the_command_line_goes_before_what_was_chosen_and_that_before_the_system(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MNIST_GUI_LANGUAGE")
    assert window_language("", "zh_CN") == "zh_CN"
    assert window_language("en", "zh_CN") == "en"
    # As a later version may have stored it.
    assert window_language("", "tlh") == window_language("", "")


def test_the_menu_remembers_the_language_that_is_chosen(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    languages = LanguageMenu(menu)
    assert [action.text() for action in languages.actions()] == ["English", "简体中文"]
    assert languages.languages["en"].isChecked()
    with qtbot.waitSignal(languages.language_chosen):
        languages.languages["zh_CN"].trigger()
    assert languages.chosen == "zh_CN"
