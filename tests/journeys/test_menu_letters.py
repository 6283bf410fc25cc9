"""In each menu, and in each language, a letter chooses one entry."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.gui.common.translator import install_language
from mnist_gui.words.language import ENGLISH, LANGUAGES
from tests.own_settings import own_settings  # noqa: F401


@pytest.fixture(params=sorted(LANGUAGES))
def _language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    install_language(qapp, request.param)
    yield
    install_language(qapp, ENGLISH)


@pytest.mark.usefixtures("_language")
def test_no_letter_stands_twice_in_a_menu(qtbot: QtBot, tmp_path: Path) -> None:
    window = build_window(kept_in=tmp_path, remembers=False)
    qtbot.addWidget(window)
    assert list(letters_that_stand_twice(window.menuBar().actions())) == []
    window.close()


def letters_that_stand_twice(actions: list[QAction]) -> Iterator[str]:
    texts = [action.text().replace("&&", "") for action in actions if not action.isSeparator()]
    letters = Counter(letter.upper() for text in texts for letter in re.findall(r"&(\w)", text))
    yield from (f"{letter} in {texts}" for letter, times in letters.items() if times > 1)
    for action in actions:
        if menu := action.menu():
            yield from letters_that_stand_twice(menu.actions())
