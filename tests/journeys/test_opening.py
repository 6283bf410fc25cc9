"""A window that is seen before all of it is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.app import open_window
from mnist_gui.gui.drawing.replay import ReplayPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three


@pytest.fixture
def first_seen(qtbot: QtBot) -> Iterator[MainWindow]:
    """A window as it is in its first frame."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_what_is_drawn_at_once_is_known_to_all_that_came_later(
    first_seen: MainWindow, tmp_path: Path
) -> None:
    program = Program(first_seen, tmp_path / "kept", tmp_path / "runs")
    steps = program.build(loads=False)
    next(steps)
    first_seen.canvas.set_drawing(draw_three())
    for _ in steps:
        pass
    program.find(ReplayPresenter).play_or_stop()
    assert program.find(ReplayPresenter).is_playing
    assert first_seen.drawing_column.save_row.other_button.isEnabled()


def test_a_page_brought_up_before_it_is_there_is_built_before_the_others(
    qtbot: QtBot, first_seen: MainWindow, tmp_path: Path
) -> None:
    first_seen.pages.bring_to_front(Page.RUNS)
    for _ in Program(first_seen, tmp_path / "kept", tmp_path / "runs").build(loads=False):
        if first_seen.pages.place(Page.RUNS).findChildren(QPushButton):
            break
    page = first_seen.findChild(RunsPage)
    assert page is not None
    qtbot.waitUntil(page.isVisible)
    assert not first_seen.findChildren(QWidget, "results_page")


def test_views_are_built_once_tensorflow_has_loaded_but_one_that_is_wanted_at_once(
    qtbot: QtBot, first_seen: MainWindow, tmp_path: Path
) -> None:
    program = Program(first_seen, tmp_path / "kept", tmp_path / "runs")
    places = first_seen.pages.place

    def is_built(page: Page) -> bool:
        return bool(places(page).findChildren(ViewPage))

    steps = program.build()
    may_go_on = next(turn for turn in steps if turn is not None)
    assert not may_go_on()
    first_seen.pages.bring_to_front(Page.WEIGHTS)
    assert may_go_on()
    may_go_on = next(turn for turn in steps if turn is not None)
    assert is_built(Page.ARCHITECTURE)
    assert is_built(Page.WEIGHTS)
    assert not is_built(Page.HEALTH)
    assert not may_go_on()
    assert not program.is_complete
    program.load()
    qtbot.waitUntil(may_go_on)
    for _ in steps:
        pass
    assert is_built(Page.HEALTH)
    assert program.is_complete


def test_a_window_closed_while_it_is_built_ends_its_threads(
    first_seen: MainWindow, tmp_path: Path
) -> None:
    program = Program(first_seen, tmp_path / "kept", tmp_path / "runs")
    next(program.build())
    first_seen.close()
    assert program.session.threads_have_ended


def test_a_window_that_is_shown_is_built_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(kept_in=tmp_path / "kept")
    qtbot.addWidget(window)
    window.show()
    assert window.findChild(Program) is None
    qtbot.waitUntil(lambda: window.findChild(Program) is not None)
    window.close()
