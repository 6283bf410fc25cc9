"""Another language while the program runs: a new window, in which everything goes on."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from mnist_gui.app import build_window
from mnist_gui.engine.digits.model import UserDigits
from mnist_gui.engine.events import RunState
from mnist_gui.gui.common.translator import install_language
from mnist_gui.gui.digits.page import DigitFilterBar
from mnist_gui.gui.displayed import Source
from mnist_gui.gui.learn.glossary import GlossaryPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.results.view import ResultsView
from mnist_gui.gui.runs.page import RunsPage
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.language_switch import LanguageSwitch
from mnist_gui.screenshot import draw_three
from mnist_gui.words.language import LANGUAGES
from tests.journeys.test_window import ENDLESS, LONG, train_softmax
from tests.own_settings import own_settings  # noqa: F401

T = TypeVar("T", bound=QWidget)


@pytest.fixture
def switch(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[LanguageSwitch]:
    """What gives the program another language; the window is loaded."""
    window = build_window(kept_in=tmp_path / "kept")
    window.resize(1_280, 800)
    window.show()
    switch = LanguageSwitch(qapp, window)
    program = program_of(window)
    qtbot.waitUntil(lambda: program.session.devices.value is not None, timeout=LONG)
    qtbot.waitUntil(lambda: program.session.network.value is not None, timeout=LONG)
    yield switch
    switch.window.actions_offered.usual_size.trigger()
    switch.window.close()
    switch.window.deleteLater()
    install_language(qapp, "en")
    gc.unfreeze()


def program_of(window: MainWindow) -> Program:
    program = window.findChild(Program)
    assert isinstance(program, Program)
    return program


def choose(qtbot: QtBot, switch: LanguageSwitch, code: str) -> MainWindow:
    """Choose a language by the button, and return the window that speaks it, the only one."""
    old = switch.window
    entries = old.language_button.menu().actions()
    entries[list(LANGUAGES).index(code)].trigger()
    qtbot.waitUntil(lambda: switch.window is not old, timeout=LONG)
    assert switch.window.isVisible()
    qtbot.waitUntil(lambda: not isValid(old))  # type: ignore[no-untyped-call]
    return switch.window


def child(window: MainWindow, kind: type[T]) -> T:
    (found,) = window.findChildren(kind)
    return found


def words_of_qt(qtbot: QtBot) -> str:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    return buttons.buttons()[0].text().replace("&", "")


def state_of(window: MainWindow) -> tuple[object, ...]:
    """What a user would miss if it were not there any more."""
    session, runner = program_of(window).session, program_of(window).runner
    focused = window.focusWidget()
    return (
        window.geometry(),
        (window.type_scale, QApplication.font().pointSizeF()),
        window.pages.in_front,
        focused.objectName() if focused else "",
        window.canvas.drawing,
        window.canvas.document.canUndo(),
        window.canvas.document.canRedo(),
        window.recipe_panel.recipe_name,
        window.recipe_panel.form.recipe(),
        session.dataset.value,
        session.network.value,
        session.runs_folder.value,
        session.is_calibrated.value,
        window.actions_offered.erase_right.isChecked(),
        window.network_bar.network_box.currentData().key,
        window.curves.history is not None and window.curves.history is runner.news.history,
        window.progress_panel.result.accuracy.text(),
        window.progress_panel.step.text(),
        window.actions_offered.train_on.isEnabled(),
    )


def test_someone_reads_chinese_and_english_again_and_finds_all_as_it_was(
    qtbot: QtBot, switch: LanguageSwitch
) -> None:
    window = switch.window
    train_softmax(qtbot, window, program_of(window))
    window.canvas.set_drawing(draw_three())
    window.canvas.clear()
    window.canvas.document.undo()
    window.recipe_panel.form.edit("batch_size", 77)
    window.pages.bring_to_front(Page.RESULTS)
    window.actions_offered.larger.trigger()
    window.actions_offered.calibrated.trigger()
    window.actions_offered.erase_right.trigger()
    window.move(QPoint(40, 60))
    window.language_button.setFocus()
    qtbot.waitUntil(lambda: not program_of(window).session.is_awaited, timeout=LONG)
    before = state_of(window)
    chinese = choose(qtbot, switch, "zh_CN")
    assert state_of(chinese)[:-3] == before[:-3]
    assert chinese.pages.title(Page.RESULTS) == "混淆矩阵"
    assert chinese.language_button.text() == "中"
    assert "替换笔迹" in chinese.actions_offered.undo.text()
    assert words_of_qt(qtbot) == "取消"
    english = choose(qtbot, switch, "en")
    assert state_of(english) == before
    assert english.pages.title(Page.RESULTS) == "Confusion"
    assert words_of_qt(qtbot) == "Cancel"
    qtbot.waitUntil(lambda: english.prediction_panel.digit.text() == "3", timeout=LONG)


def test_a_run_goes_on_in_the_new_window_and_can_be_stopped_there(
    qtbot: QtBot, switch: LanguageSwitch
) -> None:
    runner = program_of(switch.window).runner
    network = program_of(switch.window).session.network.value
    with qtbot.waitSignal(runner.news.progress_changed, timeout=LONG):
        runner.start(ENDLESS)
    run, history = runner.run, runner.news.history
    assert run is not None
    assert history is not None
    window = choose(qtbot, switch, "zh_CN")
    assert runner.run is run
    assert window.progress_panel.message.text() == "训练中"
    reached = history.step
    qtbot.waitUntil(lambda: history.step > reached + 1_000, timeout=LONG)
    qtbot.waitUntil(lambda: int(window.progress_panel.bar.value()) > reached, timeout=LONG)
    # As if it had come to nothing.
    program_of(window).network.go_back()
    assert program_of(window).session.network.value is network
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        window.actions_offered.stop.trigger()
    session = program_of(window).session
    assert session.run_state.value is RunState.IDLE
    assert session.run_of_network == run.run_id
    window.close()
    assert session.threads_have_ended


def test_what_is_awaited_ends_before_the_language_changes(
    qtbot: QtBot, switch: LanguageSwitch
) -> None:
    window = switch.window
    may_end, ended = threading.Event(), list[object]()
    program_of(window).session.export_thread.call(may_end.wait, then=ended.append)
    window.language_menu.languages["zh_CN"].trigger()
    qtbot.waitUntil(window.notice_bar.isVisible)
    assert window.notice_bar.text.text().startswith("The language changes as soon as")
    assert switch.window is window
    may_end.set()
    qtbot.waitUntil(lambda: switch.window is not window, timeout=LONG)
    assert ended


def test_a_test_image_a_saved_digit_and_its_undo_are_there_in_the_new_window(
    qtbot: QtBot, switch: LanguageSwitch
) -> None:
    window = switch.window
    session = program_of(window).session
    window.canvas.set_drawing(draw_three())
    qtbot.waitUntil(window.drawing_column.save_row.confirm.isEnabled, timeout=LONG)
    window.drawing_column.save_row.confirm.trigger()
    qtbot.waitUntil(lambda: not window.canvas.drawing, timeout=LONG)
    qtbot.waitUntil(lambda: session.dataset.value is not None, timeout=LONG)
    program_of(window).test_images.show_random()
    qtbot.waitUntil(lambda: session.displayed.value.source is Source.TEST_IMAGE, timeout=LONG)
    index = session.displayed.value.index
    window = choose(qtbot, switch, "zh_CN")
    assert session.displayed.value.source is Source.TEST_IMAGE
    assert session.displayed.value.index == index
    digits = session.digits.value
    assert digits is not None
    assert len(digits.digits) == 1
    window.canvas.document.undo()
    assert window.canvas.drawing == draw_three()
    # It is saved no longer.
    qtbot.waitUntil(lambda: session.digits.value != digits, timeout=LONG)
    assert session.digits.value == UserDigits()


def test_what_is_chosen_on_the_pages_and_a_message_are_there_in_the_new_window(
    qtbot: QtBot, switch: LanguageSwitch, tmp_path: Path
) -> None:
    window = switch.window
    train_softmax(qtbot, window, program_of(window))
    window.pages.bring_to_front(Page.RUNS)
    table = child(window, RunsPage).table
    qtbot.waitUntil(lambda: bool(table.chosen()), timeout=LONG)
    child(window, RunsPage).filter_field.setText("softmax")
    runs = [run.run_id for run in table.chosen()]
    assert runs
    child(window, ResultsView).matrix.select(4, 9)
    child(window, DigitFilterBar).buttons[7].click()
    child(window, DigitFilterBar).order.choose("hardest")
    window.pages.open_term("momentum")
    window.show_saved(str(tmp_path / "x.png"))
    qtbot.waitUntil(lambda: not program_of(window).session.is_awaited, timeout=LONG)
    window = choose(qtbot, switch, "zh_CN")
    assert child(window, RunsPage).filter_field.text() == "softmax"
    assert [run.run_id for run in child(window, RunsPage).table.chosen()] == runs
    assert child(window, ResultsView).matrix.selected == (4, 9)
    choice = child(window, DigitFilterBar).choice
    assert (choice.label, choice.order.value) == (7, "hardest")
    assert child(window, GlossaryPage).browser.key == "momentum"
    assert "x.png" in window.notice_bar.text.text()
    assert window.notice_bar.open_button.isVisible()


# What a user does once all is loaded: another language; then an error, and the signal to end.
PROGRAM = """
import signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from mnist_gui import app
from mnist_gui.cli.main import parse_arguments
from mnist_gui.engine.data.correction import MNIST
from mnist_gui.gui.window.main_window import MainWindow

def windows():
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]

def go_on():
    window, = windows()
    if window.language_menu.chosen != "zh_CN":
        window.language_menu.languages["zh_CN"].trigger()
    elif window.menuBar().actions()[0].text() != "&File":
        timer.stop()
        QTimer.singleShot(0, raise_error)

def raise_error():
    QTimer.singleShot(500, end)
    raise ValueError("x")

def end():
    window, = windows()
    print(window.findChild(QMessageBox, "error_box").windowTitle())
    signal.raise_signal(signal.SIGTERM)

build_application = app.build_application
def build():
    global timer
    application = build_application()
    timer = QTimer(application, interval=200)
    timer.timeout.connect(go_on)
    timer.start()
    return application
app.build_application = build
sys.exit(app.run_window(parse_arguments([]), MNIST))
"""


def test_the_program_tells_errors_and_ends_when_asked_after_its_language_was_changed(
    tmp_path: Path,
) -> None:
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    environment = os.environ | {name: str(tmp_path) for name in folders}
    del environment["MNIST_GUI_LANGUAGE"]
    environment |= {"LANG": "en_GB.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", PROGRAM]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stdout.strip()) == (0, "出错了"), result.stderr


def test_a_view_that_computes_makes_way_for_that_in_the_other_language(
    qtbot: QtBot, switch: LanguageSwitch
) -> None:
    window = switch.window
    session = program_of(window).session
    window.canvas.set_drawing(draw_three())
    window.pages.bring_to_front(Page.ROBUSTNESS)
    qtbot.waitUntil(view_in(window).progress.isVisible, timeout=LONG)
    chinese = choose(qtbot, switch, "zh_CN")
    qtbot.waitUntil(view_in(chinese).progress.isVisible, timeout=LONG)
    view_in(chinese).cancel_button.click()
    qtbot.waitUntil(lambda: not session.view_thread.is_busy, timeout=LONG)
    assert not view_in(chinese).progress.isVisible()


def view_in(window: MainWindow) -> ViewPage:
    return window.pages.place(Page.ROBUSTNESS).findChildren(ViewPage)[0]
