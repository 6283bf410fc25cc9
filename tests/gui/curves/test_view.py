from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import (
    BestWeightsRestored,
    LearningRateChanged,
    Paused,
    Resumed,
    StepsAdded,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.history import Curve, History
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.curves.data import accuracy_curves, loss_curves, value_at
from mnist_gui.gui.curves.view import CurvesView, redraw_interval
from tests.gui.scripted import history


@pytest.fixture
def curves(qtbot: QtBot) -> CurvesView:
    curves = CurvesView()
    qtbot.addWidget(curves)
    curves.resize(600, 500)
    return curves


def test_news_is_drawn_soon_once_the_curves_can_be_seen(qtbot: QtBot, curves: CurvesView) -> None:
    curves.show_history(history(accuracy=0.75))
    assert len(curves.accuracy_pane.points("batch")) == 0
    curves.show()
    qtbot.waitUntil(lambda: len(curves.accuracy_pane.points("batch")) == 10)
    drawn = curves.accuracy_pane.points("batch")
    np.testing.assert_allclose(drawn.values, 75.0)
    np.testing.assert_allclose(drawn.steps, np.arange(0, 100, 10))
    assert curves.accuracy_pane.points("validation").values.tolist() == [75.0]


def test_much_news_in_a_row_is_drawn_together(qtbot: QtBot, curves: CurvesView) -> None:
    drawn: list[int] = []
    curves.show()
    qtbot.waitExposed(curves)
    run = history()
    curves.redraw_done.connect(lambda: drawn.append(run.step))
    for _ in range(50):
        curves.show_history(run)
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) == 1


def test_the_error_rate_has_a_logarithmic_axis(curves: CurvesView) -> None:
    run = history(accuracy=0.5)
    run.append(Validated(200, 0.99, 0.1))
    curves.show_history(run)
    curves.error_rate.setChecked(True)
    drawn = curves.accuracy_pane.points("validation").values
    np.testing.assert_allclose(drawn, [np.log10(50), 0], atol=1e-9)
    assert curves.legend.value("validation")[0].startswith("1.00")


def test_before_the_first_accuracy_the_error_rate_has_a_place(curves: CurvesView) -> None:
    curves.show_history(History(RECIPES["softmax-tutorial"]))
    curves.error_rate.setChecked(True)
    curves.redraw()
    assert len(curves.accuracy_pane.points("batch")) == 0


def test_no_error_at_all_does_not_stretch_the_axis(curves: CurvesView) -> None:
    run = history(accuracy=1.0)
    run.append(Validated(200, 0.99, 0.1))
    curves.show_history(run)
    curves.error_rate.setChecked(True)
    low, high = curves.accuracy_pane.ranges()[1]
    assert -0.8 < low < 0 < high < 0.2


def test_a_batch_without_errors_is_drawn_as_if_half_an_image_was_wrong(curves: CurvesView) -> None:
    curves.show_history(history(accuracy=1.0, every=1))
    curves.error_rate.setChecked(True)
    # Batches of 100 images; the average is over eight of them.
    np.testing.assert_allclose(curves.accuracy_pane.points("batch").values, np.log10(0.5))
    np.testing.assert_allclose(curves.accuracy_pane.points("training").values, np.log10(0.5 / 8))
    low, _ = curves.accuracy_pane.ranges()[1]
    assert low < np.log10(0.5 / 8)
    assert curves.legend.value("batch")[0].startswith("0.00")


def test_the_previous_run_is_kept_behind(curves: CurvesView) -> None:
    curves.show_history(history(accuracy=0.5))
    curves.set_previous_run()
    curves.show_history(history(steps=300, accuracy=0.9))
    curves.redraw()
    pane = curves.accuracy_pane
    np.testing.assert_allclose(pane.points("earlier_training").values, 50.0)
    np.testing.assert_allclose(pane.points("training").values, 90.0)
    assert curves.legend.value("earlier_validation")[0].startswith("50.00")


def test_a_run_without_steps_does_not_displace_the_previous_one(curves: CurvesView) -> None:
    curves.show_history(history(accuracy=0.5))
    curves.set_previous_run()
    curves.set_previous_run()
    curves.redraw()
    assert len(curves.accuracy_pane.points("earlier_validation")) == 1


def test_the_pointer_reads_the_values_at_its_step(qtbot: QtBot, curves: CurvesView) -> None:
    curves.show_history(history(accuracy=0.5))
    curves.show()
    qtbot.waitExposed(curves)
    curves.redraw()
    plot = curves.accuracy_pane.widget
    QTest.mouseMove(plot.viewport(), QPoint(plot.width() // 2, plot.height() // 3))
    qtbot.waitUntil(lambda: curves.legend.step.text() not in {"", "Step 100"})
    step = int(curves.legend.step.text().removeprefix("Step "))
    assert 20 < step < 70
    expected = value_at(loss_curves(history()).training, step)
    assert float(curves.legend.value("training")[1]) == pytest.approx(expected, abs=1e-4)


def test_batches_without_errors_are_read_out_as_a_whole(curves: CurvesView) -> None:
    curves.show_history(history(accuracy=float(np.nextafter(np.float32(1), np.float32(0)))))
    curves.error_rate.setChecked(False)
    curves.redraw()
    curves.error_rate.setChecked(True)
    curves.error_rate.setChecked(False)
    assert curves.legend.value("training")[0].startswith("100.00")


def test_the_steps_are_marked_to_the_end_with_their_thousands_apart(curves: CurvesView) -> None:
    run = history(steps=9_000)
    run.recipe = replace(run.recipe, steps=20_000)
    curves.show_history(run)
    curves.redraw()
    assert curves.loss_pane.x_labels()[-1] == "10,000"


def test_the_axes_end_where_the_run_does(curves: CurvesView) -> None:
    run = history(steps=950)
    run.recipe = replace(run.recipe, steps=957)
    curves.show_history(run)
    curves.redraw()
    _, end = curves.accuracy_pane.ranges()[0]
    assert 957 <= end < 970


def test_axes_stay_still_while_a_curve_grows_a_little(curves: CurvesView) -> None:
    run = history(steps=620)
    curves.show_history(run)
    curves.redraw()
    before = curves.loss_pane.ranges()
    run.append(StepsTrained(640, 1.2, [0.6] * 20, [], 0.1))
    curves.redraw()
    assert len(curves.loss_pane.points("batch")) == 214
    assert curves.loss_pane.ranges() == before


def test_before_any_run_the_curves_say_so(curves: CurvesView) -> None:
    curves.show()
    assert curves.hint.isVisible()
    assert curves.hint.text() == "No run yet: choose a recipe and press Start."
    curves.show_history(History(RECIPES["softmax-tutorial"]))
    curves.redraw()
    assert curves.hint.text().startswith("Preparing")
    curves.show_history(history())
    curves.redraw()
    assert not curves.hint.isVisible()


def test_a_long_run_has_at_most_a_few_hundred_points_a_curve() -> None:
    run = history(steps=20_000, every=1)
    for curves in (accuracy_curves(run), loss_curves(run)):
        assert 100 < len(curves.batch) <= 240
        assert 70 < len(curves.training) <= 160
        assert curves.last_step >= 19_980


def test_a_value_is_read_on_the_line_and_there_is_none_where_the_line_is_not() -> None:
    curve = Curve(np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 8.0]))
    places = (9.9, 10, 14, 20, 25, 30, 31)
    assert [value_at(curve, place) for place in places] == [None, 1, 1.4, 2, 5, 8, None]
    assert value_at(Curve(np.empty(0), np.empty(0)), 3) is None
    assert value_at(Curve(np.array([5.0]), np.array([2.0])), 5) == 2


def test_on_a_logarithmic_axis_a_value_is_read_on_the_straight_line() -> None:
    curve = Curve(np.array([10.0, 20.0]), np.array([1.0, 0.01]))
    assert value_at(curve, 15, logarithmic=True) == pytest.approx(0.1)


def test_long_runs_are_redrawn_less_often() -> None:
    run = History(RECIPES["cnn-tutorial"])
    intervals = []
    for seconds in (1.0, 9.0, 90.0):
        run.append(StepsTrained(1, 0.1, [1.0], [(0, 1.0)], seconds))
        intervals.append(redraw_interval(run))
    assert intervals == [80, 800, 1_000]
    assert redraw_interval(None) == 66


def test_the_end_of_a_run_that_got_no_better_is_marked_with_its_best_step(qtbot: QtBot) -> None:
    curves = CurvesView()
    qtbot.addWidget(curves)
    run = history(100)
    run.append(BestWeightsRestored(100, 70, 0.9, 5, is_early=True))
    curves.show_history(run)
    curves.redraw()
    assert curves.accuracy_pane.annotations() == [(100.0, "stopped, best at 70")]
    run.append(Resumed(100, from_checkpoint=True))
    run.append(StepsAdded(100, 150))
    curves.show_history(run)
    curves.redraw()
    marks = curves.accuracy_pane.annotations()
    assert marks == [(100.0, "stopped, best at 70 · to 150 steps")]


def test_what_was_done_to_a_run_is_marked_on_its_curves(qtbot: QtBot) -> None:
    curves = CurvesView()
    qtbot.addWidget(curves)
    run = history(100)
    for mark in (Paused(40), Resumed(40), LearningRateChanged(60, 0.01), StepsAdded(100, 150)):
        run.append(mark)
    curves.show_history(run)
    curves.redraw()
    assert curves.accuracy_pane.annotations() == [
        (40.0, "paused"), (60.0, "rate 0.01"), (100.0, "to 150 steps")
    ]  # fmt: skip
    assert [step for step, _ in curves.loss_pane.annotations()] == [40.0, 60.0, 100.0]
    curves.show_history(history(100))
    curves.redraw()
    assert not curves.accuracy_pane.annotations()
