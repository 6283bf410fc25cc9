import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.pages import Room
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.presenting import Presenting


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    Presenting(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture(autouse=True)
def points(qapp: QApplication) -> float:
    return qapp.font().pointSizeF()


def test_type_grows_and_shrinks_in_steps_and_comes_back(
    window: MainWindow, points: float, qapp: QApplication
) -> None:
    actions = window.actions_offered
    actions.larger.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(1.1 * points, rel=0.01)
    actions.smaller.trigger()
    actions.smaller.trigger()
    assert qapp.font().pointSizeF() < points
    actions.usual_size.trigger()
    assert qapp.font().pointSizeF() == pytest.approx(points)


def test_presenting_hides_what_a_class_does_not_need_and_gives_it_back(
    window: MainWindow, points: float, qapp: QApplication
) -> None:
    window.actions_offered.present.trigger()
    not_needed = (window.menuBar(), window.training_page.form, window.drawing_column.save_row)
    assert all(part.isHidden() for part in not_needed)
    assert window.isFullScreen()
    assert qapp.font().pointSizeF() == pytest.approx(1.6 * points, rel=0.01)
    window.actions_offered.present.trigger()
    assert not any(part.isHidden() for part in not_needed)
    assert not window.isFullScreen()
    assert qapp.font().pointSizeF() == pytest.approx(points)


def test_what_is_larger_than_other_text_stays_so_in_another_theme(
    window: MainWindow, points: float
) -> None:
    probability, present = window.prediction_panel.probability, window.actions_offered.present
    present.trigger()
    larger = probability.font().pointSizeF()
    assert larger > 1.6 * points + 1
    for theme in (Theme.DARK, Theme.LIGHT):
        window.set_theme(theme)
        assert probability.font().pointSizeF() == larger
    present.trigger()
    assert probability.font().pointSizeF() < larger


def test_the_keys_of_the_hidden_menus_work_while_presenting(
    window: MainWindow, points: float, qapp: QApplication
) -> None:
    keys, control = Qt.Key, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window.canvas, keys.Key_F11)
    QTest.keyClick(window.canvas, keys.Key_6, control)
    assert window.pages.in_front.room is Room.RUNS
    assert window.pages.rail.isVisible()
    QTest.keyClick(window.canvas, keys.Key_Plus, control)
    assert qapp.font().pointSizeF() == pytest.approx(1.6 * 1.1 * points, rel=0.01)
    QTest.keyClick(window.canvas, keys.Key_0, control)
    QTest.keyClick(window.canvas, keys.Key_F11)
    assert window.menuBar().isVisible()


def test_escape_ends_the_presentation_and_clears_the_canvas_only_afterwards(
    window: MainWindow,
) -> None:
    window.canvas.set_drawing(Drawing((Stroke([[0.2, 0.5], [0.8, 0.5]]),)))
    window.actions_offered.present.trigger()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.actions_offered.present.isChecked()
    assert window.canvas.drawing
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.canvas.drawing


def test_the_pad_is_wider_while_presenting_and_as_wide_as_before_afterwards(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1200, 760)
    QApplication.processEvents()
    before = window.pad.width()
    window.actions_offered.present.trigger()
    # First the size of the screen comes, which is narrow here.
    QApplication.processEvents()
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: window.pad.width() > 1.5 * before)
    window.actions_offered.present.trigger()
    window.resize(1200, 760)
    qtbot.waitUntil(lambda: window.pad.width() == before)
