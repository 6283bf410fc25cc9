import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.events import Progress, RunState
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.theme import DARK_SHADES, Theme
from mnist_gui.gui.pages import Page, Room
from mnist_gui.gui.program import Program
from mnist_gui.gui.session import Session
from mnist_gui.gui.window.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
LINE = Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),))

SNAPSHOT = Snapshot(RECIPES["cnn-fast"], 1150, {})


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_the_parts_others_look_for_have_their_names(window: MainWindow) -> None:
    for name in (
        "recipe_box",
        "start_button",
        "pause_button",
        "stop_button",
        "drawing_canvas",
        "digit_label",
        "accuracy_plot",
        "progress_bar",
        "device_label",
        "train_on_button",
    ):
        assert len(window.findChildren(QWidget, name)) == 1, name


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    own = {"qt_tabwidget_tabbar", "ScrollLeftButton", "ScrollRightButton", "qt_menubar_ext_button"}
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox)
    found = [w for kind in kinds for w in window.findChildren(kind)]
    # The plots bring hidden windows of their own.
    controls = [w for w in found if w.objectName() not in own and w.window() is window]
    assert len(controls) > 12
    for control in controls:
        assert control.accessibleName(), control
        assert control.toolTip(), control


def test_it_fits_into_1100_by_700(window: MainWindow) -> None:
    smallest = window.minimumSizeHint()
    assert smallest.width() <= 1100
    assert smallest.height() <= 700
    window.recipe_panel.set_recipe_name("cnn-tutorial")
    window.resize(1100, 700)
    assert window.canvas.area.width() >= 200


def test_at_first_it_leaves_room_for_its_title_on_the_screen(window: MainWindow) -> None:
    assert window.screen().availableSize().height() - window.height() >= 30


def test_the_unfolded_values_are_not_cut_off_at_1100_by_700(window: MainWindow) -> None:
    window.resize(1100, 700)
    form = window.recipe_panel.form
    window.recipe_panel.values_button.setChecked(True)
    form.more_button.setChecked(True)
    QApplication.processEvents()
    area = window.recipe_panel.values
    assert area.verticalScrollBar().isVisible()
    assert form.width() + form.x() <= area.viewport().width()


def test_the_title_names_the_data_set(window: MainWindow) -> None:
    window.show_dataset("Fashion-MNIST")
    assert window.windowTitle() == "Fashion-MNIST \u2013 mnist-gui"


@pytest.fixture
def session(window: MainWindow, tmp_path: Path) -> Session:
    """The state behind the window; nothing is loaded."""
    program = Program(window, tmp_path / "kept", tmp_path / "runs")
    for step in program.steps()[:3]:
        step()
    return program.session


def test_a_state_reaches_buttons_menus_and_progress(window: MainWindow, session: Session) -> None:
    session.run_state.set(RunState.TRAINING)
    actions = window.actions_offered
    assert not actions.start.isEnabled()
    assert not actions.open_network.isEnabled()
    assert actions.stop.isEnabled()
    assert window.recipe_panel.stop_button.isEnabled()
    assert window.progress_panel.message.text() == "Training"


def test_saving_and_testing_need_a_network(window: MainWindow, session: Session) -> None:
    actions = window.actions_offered
    assert not actions.save_network.isEnabled()
    assert not actions.test.isEnabled()
    session.use_network(SNAPSHOT)
    assert actions.save_network.isEnabled()
    assert actions.test.isEnabled()
    session.run_state.set(RunState.TRAINING)
    assert actions.save_network.isEnabled()
    assert not actions.test.isEnabled()


def test_the_keys_start_pause_and_stop(window: MainWindow, session: Session) -> None:
    asked: list[object] = []
    window.recipe_panel.start_requested.connect(asked.append)
    window.actions_offered.pause.triggered.connect(lambda: asked.append("pause"))
    window.actions_offered.stop.triggered.connect(lambda: asked.append("stop"))
    QTest.keyClick(window, Qt.Key.Key_F5)
    session.run_state.set(RunState.TRAINING)
    QTest.keyClick(window, Qt.Key.Key_F5)
    QTest.keyClick(window, Qt.Key.Key_P, CONTROL)
    QTest.keyClick(window, Qt.Key.Key_Period, CONTROL)
    assert asked == [RECIPES["cnn-fast"], "pause", "stop"]
    assert isinstance(asked[0], Recipe)


def test_a_kept_run_can_be_trained_on_by_its_keys(window: MainWindow, session: Session) -> None:
    asked: list[int] = []
    program = window.findChild(Program)
    assert isinstance(program, Program)
    window.recipe_panel.more_steps_requested.connect(asked.append)
    keys = CONTROL | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_R, keys)
    program.runner.run_kept_changed.emit(True)
    QTest.keyClick(window, Qt.Key.Key_R, keys)
    session.run_state.set(RunState.TRAINING)
    QTest.keyClick(window, Qt.Key.Key_R, keys)
    assert asked == [RECIPES["cnn-fast"].steps // 2]


@pytest.mark.parametrize(
    ("question", "action", "method"),
    [
        ("ask_network_to_open", "open_network", "network.open"),
        ("ask_network_to_save", "save_network", "network.save"),
        ("ask_dataset_to_open", "open_dataset", "data.open"),
        ("ask_dataset_folder", "open_data_folder", "data.open"),
    ],
)
def test_a_chosen_file_is_used_and_a_dismissed_question_does_nothing(
    window: MainWindow,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    action: str,
    method: str,
) -> None:
    session.use_network(SNAPSHOT)
    asked: list[str] = []
    presenter, name = method.split(".")
    monkeypatch.setattr(getattr(window.findChild(Program), presenter), name, asked.append)
    for answer in ("/some/where", ""):
        monkeypatch.setattr(dialogs, question, lambda *_, a=answer: a)
        chosen: QAction = getattr(window.actions_offered, action)
        chosen.trigger()
    assert asked == ["/some/where"]


def test_an_error_does_not_hold_the_program_up(window: MainWindow) -> None:
    window.show_error("The run has ended", "The loss is not finite; lower the learning rate.")
    box = window.findChild(QMessageBox, "error_box")
    assert isinstance(box, QMessageBox)
    assert box.text() == "The loss is not finite; lower the learning rate."
    box.close()


def test_undo_and_clear_follow_the_canvas(window: MainWindow) -> None:
    actions = window.actions_offered
    clear_button = window.findChild(QPushButton, "clear_button")
    assert clear_button is not None
    assert not actions.undo.isEnabled()
    assert not clear_button.isEnabled()
    window.canvas.set_drawing(LINE)
    assert clear_button.isEnabled()
    QTest.mouseClick(clear_button, Qt.MouseButton.LeftButton)
    assert not window.canvas.drawing
    actions.undo.trigger()
    assert window.canvas.drawing == LINE
    actions.redo.trigger()
    assert not window.canvas.drawing


def test_undo_and_redo_name_the_change_and_are_those_of_the_active_stack(
    window: MainWindow,
) -> None:
    actions, other = window.actions_offered, QUndoStack(window)
    button = window.findChild(QPushButton, "undo_button")
    assert button is not None
    window.canvas.set_drawing(LINE)
    assert actions.undo.text() == "&Undo: Replace the drawing"
    assert button.toolTip() == "Undo: Replace the drawing (Ctrl+Z)"
    actions.undo_group.addStack(other)
    other.setActive()
    assert (actions.undo.text(), button.isEnabled()) == ("&Undo", False)
    other.push(QUndoCommand("Something else"))
    button.click()
    assert actions.redo.text() == "&Redo: Something else"
    assert window.canvas.drawing == LINE
    window.canvas.document.setActive()
    button.click()
    assert not window.canvas.drawing
    assert actions.redo.text() == "&Redo: Replace the drawing"


def test_the_button_for_undo_drops_a_stroke_that_is_being_drawn_and_no_other(
    window: MainWindow,
) -> None:
    window.canvas.set_drawing(LINE)
    window.canvas.setFocus()
    # The pen is put down and moved; it is still down.
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(window.canvas, key)
    assert len(window.canvas.drawing.strokes) == 2
    window.actions_offered.undo.trigger()
    assert window.canvas.drawing == LINE


def test_delete_in_a_number_field_does_not_clear_the_drawing(window: MainWindow) -> None:
    window.canvas.set_drawing(LINE)
    window.recipe_panel.form.field("steps").setFocus()
    QTest.keyClick(window.recipe_panel.form.field("steps"), Qt.Key.Key_Delete)
    assert window.canvas.drawing == LINE
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert not window.canvas.drawing


def test_a_theme_chosen_in_the_menu_is_applied(qtbot: QtBot, window: MainWindow) -> None:
    window.themes[Theme.DARK].trigger()
    assert window.theme is Theme.DARK
    qtbot.waitUntil(lambda: window.palette().window().color().name() == DARK_SHADES.window)
    window.set_theme(Theme.LIGHT)
    assert window.themes[Theme.LIGHT].isChecked()


def test_the_menu_and_the_box_switch_the_error_rate_together(window: MainWindow) -> None:
    window.curves.error_rate.setChecked(True)
    assert window.curves.is_error_rate_shown
    assert window.curves.error_rate_box.isChecked()
    window.curves.error_rate_box.setChecked(False)
    assert not window.curves.error_rate.isChecked()
    assert not window.curves.is_error_rate_shown


def test_the_columns_keep_their_widths(window: MainWindow) -> None:
    window.resize(1_280, 800)
    window.splitter.setSizes([900, 379])
    sizes = window.splitter.sizes()
    geometry, columns = window.save_state()
    assert not geometry.isEmpty()
    window.splitter.setSizes([960, 320])
    assert window.splitter.sizes() != sizes
    # Not the geometry: it would be cut to the offscreen screen, which is small.
    window.restore_state(QByteArray(), columns)
    assert window.splitter.sizes() == pytest.approx(sizes, abs=2)
    window.restore_state(QByteArray(), QByteArray(b"foreign"))
    assert window.splitter.sizes() == pytest.approx(sizes, abs=2)


def test_leaving_is_told_while_the_window_is_seen_and_closing_once_it_is_not(
    window: MainWindow,
) -> None:
    visible: list[bool] = []
    window.leaving.connect(lambda: visible.append(window.isVisible()))
    window.closing.connect(lambda: visible.append(window.isVisible()))
    assert window.close()
    assert visible == [True, False]
    assert not window.isVisible()


def test_the_window_does_not_load_tensorflow() -> None:
    code = (
        "import sys, mnist_gui.gui.window.main_window; "
        "sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_values_are_as_wide_with_the_scroll_bar_as_without(
    qtbot: QtBot, window: MainWindow
) -> None:
    bar = window.recipe_panel.values.verticalScrollBar()
    window.recipe_panel.values_button.setChecked(True)
    window.recipe_panel.form.more_button.setChecked(True)
    window.show()
    window.resize(1_100, 700)
    qtbot.waitUntil(bar.isVisible)
    with_bar = window.recipe_panel.form.width()
    window.resize(1_100, 2_400)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert window.recipe_panel.form.width() == with_bar


def test_the_buttons_and_the_progress_stay_in_sight_whatever_is_unfolded(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.recipe_panel.values_button.setChecked(True)
    window.recipe_panel.form.more_button.setChecked(True)
    window.show()
    window.resize(1_100, 700)
    qtbot.waitUntil(window.recipe_panel.values.verticalScrollBar().isVisible)
    for part in (window.recipe_panel.start_button, window.progress_panel.message):
        assert part.mapTo(window, part.rect().bottomRight()).y() < 700
        assert part.visibleRegion().boundingRect() == part.rect()


def test_the_view_menu_ticks_the_page_in_front(window: MainWindow) -> None:
    def ticked() -> list[str]:
        return [action.text() for action in window.pages.actions_offered if action.isChecked()]

    assert ticked() == ["&Train"]
    window.pages.bring_to_front(Page.RUNS)
    assert ticked() == ["&Runs"]
    window.pages.actions_offered[4].trigger()
    assert ticked() == ["T&est"]
    assert window.pages.in_front is Page.RESULTS


def test_a_room_is_entered_where_it_was_left(window: MainWindow) -> None:
    window.pages.bring_to_front(Page.MY_DIGITS)
    window.pages.enter(Room.TEST)
    seen = [window.pages.in_front]
    window.pages.enter(Room.DRAW)
    assert [*seen, window.pages.in_front] == [Page.RESULTS, Page.MY_DIGITS]


def test_the_parts_of_a_room_are_its_pages(window: MainWindow) -> None:
    window.pages.enter(Room.DRAW)
    segments = window.pages.segments
    titles = [segments.tabText(number) for number in range(segments.count())]
    assert titles == ["Why", "Picture", "My digits", "Alike", "Change"]
    window.pages.parts[1].trigger()
    seen = [window.pages.in_front]
    window.pages.enter(Room.LEARN)
    window.pages.parts[4].trigger()
    assert [*seen, window.pages.in_front] == [Page.PICTURE, Page.START]


def test_a_narrow_window_has_room_for_the_view_and_shows_the_pad_to_draw(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show()
    window.resize(720, 520)
    qtbot.waitUntil(window.pad.isHidden)
    assert window.size().toTuple() == (720, 520)
    window.pages.enter(Room.DRAW)
    assert window.canvas.isVisible()
    window.pages.enter(Room.RUNS)
    assert window.pad.isHidden()
    window.actions_offered.pad.trigger()
    assert window.canvas.isVisible()
    window.resize(1280, 800)
    qtbot.waitUntil(window.pad.isVisible)


def test_the_hint_line_says_what_the_control_with_the_focus_is_for(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show()
    window.activateWindow()
    window.recipe_panel.start_button.setFocus()
    qtbot.waitUntil(lambda: window.hint.text() == "Train this network from the beginning")


def test_the_figures_of_a_run_that_was_stopped_are_not_cut_off(
    qapp: QApplication, window: MainWindow, session: Session
) -> None:
    panel = window.progress_panel
    window.resize(1_280, 800)
    window.pages.bring_to_front(Page.CURVES)
    session.run_state.set(RunState.TRAINING)
    panel.show_progress(Progress(197, 20_000, 0.18, 9.5, 160.4, 26.4))
    for state in (RunState.STOPPING, RunState.IDLE):
        session.run_state.set(state)
    qapp.processEvents()
    qapp.processEvents()
    assert panel.test_button.isVisible()
    for label in (panel.step, panel.epoch, panel.elapsed, panel.remaining, panel.speed):
        assert label.height() >= label.fontMetrics().height()
