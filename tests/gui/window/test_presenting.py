import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.presenting import Presenting


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    Presenting(window)
    window.show()
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
    assert window.pages.rail.isHidden()
    assert window.training_page.form.isHidden()
    assert window.isFullScreen()
    assert qapp.font().pointSizeF() == pytest.approx(1.6 * points, rel=0.01)
    window.actions_offered.present.trigger()
    assert window.pages.rail.isVisible()
    assert not window.isFullScreen()
    assert qapp.font().pointSizeF() == pytest.approx(points)
