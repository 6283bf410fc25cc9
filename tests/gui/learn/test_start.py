from functools import partial

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.learn.start import StartPage


def shown(qtbot: QtBot, size: QSize) -> StartPage:
    page = StartPage()
    qtbot.addWidget(page)
    page.resize(size)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def left_of(widget: QWidget, page: StartPage) -> int:
    return widget.mapTo(page, widget.rect().topLeft()).x()


def fits(widget: QWidget, page: StartPage) -> bool:
    return widget.mapTo(page, widget.rect().topRight()).x() < page.width()


def test_the_cards_stand_side_by_side_where_there_is_room(qtbot: QtBot) -> None:
    page = shown(qtbot, QSize(900, 500))
    lefts = [left_of(card, page) for card in (page.draw_card, page.train_card, page.lesson_card)]
    assert len(set(lefts)) == 3
    page.resize(340, 500)
    qtbot.waitUntil(lambda: left_of(page.lesson_card, page) == left_of(page.draw_card, page))


def test_nothing_is_wider_than_a_narrow_page_however_long_a_run_is_called(qtbot: QtBot) -> None:
    page = shown(qtbot, QSize(340, 400))
    name = "A run with a very long name that somebody once gave to it, yesterday, 99.1 %"
    page.show_runs([("1", name)])
    (run,) = page.run_buttons
    for part in (page.draw_card, run):
        qtbot.waitUntil(partial(fits, part, page))
    assert "\u2026" in run.text()
    assert run.toolTip() == name
    page.show_lesson()
    for step in page.lesson.steps.values():
        qtbot.waitUntil(partial(fits, step, page))
        assert step.button.width() >= step.button.sizeHint().width()


def test_the_lesson_is_entered_and_left_by_keys_and_keeps_what_was_done(qtbot: QtBot) -> None:
    page = shown(qtbot, QSize(600, 400))
    page.lesson_card.setFocus()
    qtbot.keyClick(page.lesson_card, Qt.Key.Key_Space)
    first, second, *_ = page.lesson.steps.values()
    assert first.isVisible()
    assert first.button.hasFocus()
    qtbot.keyClick(first.button, Qt.Key.Key_Space)
    assert first.badge.text() == "\u2713"
    qtbot.keyClick(page.lesson.back_button, Qt.Key.Key_Space)
    assert page.lesson_card.hasFocus()
    qtbot.keyClick(page.lesson_card, Qt.Key.Key_Space)
    assert second.button.hasFocus()


@pytest.mark.parametrize("points", [9, 18])
def test_no_text_is_cut_in_small_windows_with_large_type(
    qtbot: QtBot, qapp: QApplication, points: int
) -> None:
    before = qapp.font()
    font = qapp.font()
    font.setPointSize(points)
    qapp.setFont(font)
    try:
        page = shown(qtbot, QSize(440, 430))
        page.show_lesson()
        qtbot.waitUntil(partial(fits, page.lesson, page))
        labels = page.lesson.findChildren(QLabel)
        assert len(labels) >= 20
        for label in labels:
            assert label.height() >= label.heightForWidth(label.width())
        assert page.lesson.minimumSizeHint().width() <= page.lesson.width()
    finally:
        qapp.setFont(before)


def test_cards_and_steps_have_a_name_and_a_description(qtbot: QtBot) -> None:
    page = shown(qtbot, QSize(600, 400))
    for card in (page.draw_card, page.train_card, page.lesson_card):
        assert card.accessibleName()
        assert card.accessibleDescription().endswith(".")
    assert all(step.button.accessibleName() for step in page.lesson.steps.values())
