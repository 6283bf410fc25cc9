from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.gui.window.help import HelpBoxes, HelpWindow, name_and_keys, shortcuts_text
from mnist_gui.gui.window.main_window import MainWindow


def action(text: str, key: str) -> QAction:
    made = QAction(text)
    made.setShortcut(key)
    return made


def text_of(actions: list[QAction]) -> str:
    return shortcuts_text([("File", map(name_and_keys, actions))])


def test_actions_that_differ_in_a_digit_only_are_one_line(qapp: QApplication) -> None:
    text = text_of([action(f"Keep as {digit}", str(digit)) for digit in range(10)])
    assert text.count("<b>") == 1
    assert "Keep as 0 \u2013 9" in text
    assert "<b>0 \u2013 9</b>" in text


def test_others_have_a_line_each(qapp: QApplication) -> None:
    pages = [action("&Curves", "Ctrl+1"), action("&Results", "Ctrl+2"), action("Open \u2026", "O")]
    text = text_of(pages)
    for part in ("Curves", "Results", "<td>Open</td>", "<b>Ctrl+1</b>", "<b>Ctrl+2</b>"):
        assert part in text


def test_the_help_has_topics_the_keys_and_the_glossary(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    HelpBoxes(window)
    window.actions_offered.help.trigger()
    (shown,) = window.findChildren(HelpWindow)
    assert shown.isVisible()
    text = shown.browser.text
    assert text.toPlainText().startswith("First steps")
    window.actions_offered.shortcuts.trigger()
    assert "Ctrl+R" in text.toPlainText()
    assert "Open network" in text.toPlainText()
    qtbot.keyClicks(shown.browser.search, "Ctrl+R")
    assert shown.browser.list.count() == 1
    text.anchorClicked.emit(QUrl("term:batch"))
    assert text.toPlainText().startswith("Batch\n")
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    window.actions_offered.help.trigger()
    assert window.findChildren(HelpWindow) == [shown]
