import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from mnist_gui.gui.window.help import name_and_keys, shortcuts_text


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


@pytest.mark.parametrize("count", [1, 2, 5, 60])
def test_all_are_there_in_half_as_many_rows(qapp: QApplication, count: int) -> None:
    letters = [f"{chr(65 + place // 26)}{chr(65 + place % 26)}" for place in range(count)]
    text = text_of([action(f"Do {name}", "Ctrl+A") for name in letters])
    assert all(f"Do {name}<" in text for name in letters)
    assert text.count("<tr>") == (count + 2) // 2
