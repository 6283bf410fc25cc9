import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import LearningRateChanged, StepsTrained, TestEvaluated, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.training.optimizers import learning_rate_factor
from mnist_gui.gui.common.theme import DARK_PLOT, LIGHT_PLOT, PlotColours
from mnist_gui.gui.curves.data import loss_curves, rate_curve, value_at
from mnist_gui.gui.curves.legend import CurveLegend
from mnist_gui.gui.curves.plot import curve_pens
from mnist_gui.gui.curves.view import CurvesView
from tests.gui.common.test_theme import contrast
from tests.gui.scripted import evaluation, history

THICKNESS_AT_TWICE_THE_SIZE = """
from mnist_gui.app import build_application
from tests.gui.curves.test_look import long_run, thickness
application = build_application()
curves = long_run()
curves.redraw()
print(thickness(curves))
"""


def long_run() -> CurvesView:
    """Return a view that shows a run of a thousand steps with an accuracy of 50 %."""
    curves = CurvesView()
    curves.resize(640, 560)
    curves.show_history(history(steps=1_000))
    curves.show()
    return curves


@pytest.fixture
def curves(qtbot: QtBot) -> CurvesView:
    curves = long_run()
    qtbot.addWidget(curves)
    qtbot.waitExposed(curves)
    curves.redraw()
    return curves


def plot(curves: CurvesView) -> QWidget:
    widget: QWidget = curves.accuracy_pane.widget
    return widget


def seen(curves: CurvesView) -> tuple[float, float]:
    """Return the part of the x axis that both plots show."""
    panes = (curves.accuracy_pane, curves.loss_pane)
    (start, end), other = (pane.ranges()[0] for pane in panes)
    assert [start, end] == pytest.approx(other)
    return start, end


def turn_wheel(curves: CurvesView, notches: int) -> None:
    viewport = curves.accuracy_pane.widget.viewport()
    place = QPointF(viewport.width() / 2, viewport.height() / 2)
    event = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def press(curves: CurvesView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(plot(curves), key)


@pytest.mark.parametrize("colours", [LIGHT_PLOT, DARK_PLOT])
def test_every_curve_stands_out_from_its_ground(colours: PlotColours) -> None:
    for name, pen in curve_pens(colours).items():
        assert contrast(pen.color().name(), colours.background) >= 3, name


def test_lines_are_two_pixels_thick_and_three_before_a_class(curves: CurvesView) -> None:
    assert thickness(curves) == 2
    curves.set_presenting(presenting=True)
    assert thickness(curves) == 3


def thickness(curves: CurvesView) -> int:
    """Return how many pixels the validation's level line is thick."""
    for name in ("training", "batch"):
        curves.legend.switch(name).setChecked(False)
    run = curves.history
    assert run is not None
    # Not at the edge of the plot, as the accuracy before.
    run.append(Validated(1_001, 0.55, 0.4))
    run.append(Validated(2_000, 0.55, 0.4))
    curves.redraw()
    image = plot(curves).grab().toImage()
    column = (image.pixelColor(3 * image.width() // 4, y) for y in range(image.height()))
    # The ground has as much blue as red, and pixels at the edges some of it.
    shades = [pixel.red() - pixel.blue() for pixel in column]
    return round(sum(shade for shade in shades if shade > 10) / max(shades))


def test_lines_are_two_of_the_systems_pixels_thick_on_a_magnified_screen() -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", THICKNESS_AT_TWICE_THE_SIZE]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert int(result.stdout) == 4


def test_no_tick_of_a_smaller_plot_is_left_in_one_that_grew(curves: CurvesView) -> None:
    # The width of the y axis, whose ticks move.
    axis = QRect(0, 0, 50, 900)
    for height in (330, 900):
        curves.resize(640, height)
        kept = curves.figure.grab(axis).toImage()
    with curves.figure.painted_as_lines():
        assert kept == curves.figure.grab(axis).toImage()


def test_no_name_in_the_legend_is_cut_when_values_need_its_room(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(480, 200)
    legend = CurveLegend(switches=True)
    legend.setParent(window)
    legend.resize(480, 120)
    window.show()
    name = legend.switch("validation")
    assert "not trained on" in name.text()
    legend.show_values("training", "0" * 30, None)
    qtbot.waitUntil(lambda: name.text() == "Validation")
    assert name.width() >= name.sizeHint().width()


def test_the_wheel_zooms_all_plots_and_a_double_click_shows_the_whole_run(
    curves: CurvesView,
) -> None:
    before = seen(curves)
    assert not curves.whole_run_button.isEnabled()
    turn_wheel(curves, 3)
    start, end = seen(curves)
    assert end - start < 0.6 * (before[1] - before[0])
    assert start < 500 < end
    # What is new does not move what is looked at.
    assert curves.history is not None
    curves.history.append(StepsTrained(1_050, 1.9, [0.4] * 50, [], 0.1))
    curves.redraw()
    assert seen(curves) == pytest.approx((start, end))
    viewport = curves.accuracy_pane.widget.viewport()
    middle = viewport.rect().center()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=middle)
    assert seen(curves) == pytest.approx(before, rel=0.2)
    turn_wheel(curves, 3)
    curves.whole_run_button.click()
    assert seen(curves) == pytest.approx(before, rel=0.2)


def test_nobody_gets_lost_beyond_the_run(curves: CurvesView) -> None:
    before = seen(curves)
    turn_wheel(curves, -20)
    assert seen(curves) == pytest.approx(before)
    turn_wheel(curves, 200)
    start, end = seen(curves)
    assert end - start >= 1


def test_keys_zoom_move_and_show_the_whole_run(curves: CurvesView) -> None:
    before = seen(curves)
    press(curves, Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    start, end = seen(curves)
    assert end - start == pytest.approx(0.49 * (before[1] - before[0]))
    QTest.keyClick(plot(curves), Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert seen(curves)[0] < start
    press(curves, Qt.Key.Key_0)
    assert seen(curves) == pytest.approx(before)


def test_the_arrow_keys_read_the_curves_and_the_values_are_spoken(curves: CurvesView) -> None:
    plot(curves).setFocus()
    press(curves, Qt.Key.Key_Home)
    assert curves.legend.step.text() == "Step 0"
    press(curves, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert curves.legend.step.text() == "Step 1"
    # Validation begins at the end, so there is nothing to read yet.
    assert curves.legend.value("validation") == ("", "")
    assert "Training (average) 50.00" in plot(curves).accessibleDescription()
    assert "Validation" not in plot(curves).accessibleDescription()
    press(curves, Qt.Key.Key_End)
    assert "Step 1,000" in plot(curves).accessibleDescription()
    assert "not trained on) 50.00" in plot(curves).accessibleDescription()


def test_a_plot_with_the_focus_has_a_ring(curves: CurvesView) -> None:
    def corner() -> QColor:
        return plot(curves).grab().toImage().pixelColor(1, 30)

    curves.axis_box.setFocus()
    assert corner() == QColor(LIGHT_PLOT.background)
    plot(curves).setFocus()
    assert corner() == QColor(LIGHT_PLOT.training)


def test_curves_are_drawn_over_epochs_or_over_time(curves: CurvesView) -> None:
    run = curves.history
    assert run is not None
    run.append(StepsTrained(2_000, 2_000 / 550, [0.4] * 1_000, [], 3.0))
    curves.redraw()
    curves.axis_box.setCurrentIndex(1)
    assert curves.loss_pane.points("batch").steps[-1] == pytest.approx(2_000 / 550)
    assert curves.legend.step.text() == "Epoch 3.64 (step 2,000)"
    curves.axis_box.setCurrentIndex(2)
    # The first thousand steps took one second, the others three.
    place = curves.accuracy_pane.points("validation").steps[0]
    assert (place, curves.loss_pane.points("batch").steps[-1]) == (1.0, 4.0)
    assert curves.loss_pane.x_labels()[-1] == "4"


def test_the_average_does_not_trail_what_it_is_the_average_of() -> None:
    run = History(replace(RECIPES["cnn-fast"], steps=1_000))
    steps = np.arange(1, 1_001)
    losses = 2.3 * np.exp(-steps / 200)
    run.append(StepsTrained(1_000, 1.0, losses.tolist(), [], 1.0))
    average = loss_curves(run).training
    assert (average.steps[0], average.steps[-1]) == (1, 1_000)
    assert average.values[0] == pytest.approx(losses[0])
    # A step ahead or behind is 0.5 %.
    read = np.array([value_at(average, step) for step in (20, 47, 300, 800)], np.float64)
    np.testing.assert_allclose(read, losses[[19, 46, 299, 799]], rtol=0.01)


def test_each_curve_can_be_switched_off(curves: CurvesView) -> None:
    assert len(curves.loss_pane.points("batch"))
    curves.legend.switch("batch").setChecked(False)
    for pane in (curves.accuracy_pane, curves.loss_pane):
        assert len(pane.points("batch")) == 0
        assert len(pane.points("training"))


def test_the_test_is_a_curve_of_one_point(curves: CurvesView) -> None:
    assert curves.legend.switch("test").isHidden()
    run = curves.history
    assert run is not None
    run.append(TestEvaluated(run.recipe, 1_000, evaluation([1, 2, 3, 4], [1, 2, 3, 3]), 1.0))
    curves.redraw()
    assert curves.accuracy_pane.points("test").values.tolist() == [75.0]
    assert curves.legend.value("test")[0].startswith("75.00")


def test_the_errors_are_zoomed_in_on_once_they_are_few_unless_the_user_chose(
    curves: CurvesView,
) -> None:
    run = curves.history
    assert run is not None
    assert not curves.error_rate.isChecked()
    run.append(Validated(1_100, 0.98, 0.1))
    curves.redraw()
    assert curves.error_rate.isChecked()
    curves.set_previous_run()
    assert not curves.error_rate.isChecked()
    curves.show_history(run)
    curves.redraw()
    curves.error_rate_box.click()
    curves.redraw()
    assert not curves.error_rate.isChecked()


def test_the_learning_rate_is_the_one_that_the_optimizer_uses() -> None:
    run = History(replace(RECIPES["cnn-fast"], steps=80))
    run.append(StepsTrained(100, 1.0, [1.0] * 100, [], 1.0))
    run.append(LearningRateChanged(40, 0.5))
    rates = rate_curve(run)
    assert rates.steps.tolist() == list(range(100))
    factors = [float(learning_rate_factor("one-cycle", step, 80)) for step in range(100)]
    first = np.where(np.arange(100) < 40, run.recipe.learning_rate, 0.5)
    np.testing.assert_allclose(rates.values, first * factors, rtol=1e-5)


def test_the_learning_rate_has_a_plot_of_its_own(curves: CurvesView) -> None:
    assert len(curves.figure.panes) == 2
    curves.rate_box.setChecked(True)
    pane = curves.figure.rate_pane
    assert pane is not None
    np.testing.assert_allclose(pane.points("training").values, 0.5)
    assert pane.widget.isVisible()
    assert curves.whole_run in pane.widget.actions()
    curves.rate_box.setChecked(False)
    assert not pane.widget.isVisible()
