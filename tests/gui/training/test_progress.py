import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import Progress, RunState
from mnist_gui.engine.runs.run import Score
from mnist_gui.gui.training.progress import ProgressPanel


@pytest.fixture
def panel(qtbot: QtBot) -> ProgressPanel:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_progress_is_written_out(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(12_300, 20_000, 11.18, 256.0, 160.4, 48.04))
    assert panel.bar.value() / panel.bar.maximum() == pytest.approx(0.615)
    assert panel.step.text() == "12,300 of 20,000"
    assert panel.epoch.text() == "11.18"
    assert panel.elapsed.text() == "4:16"
    assert panel.remaining.text() == "2:40"
    assert panel.speed.text() == "48.0"


def test_what_is_not_known_yet_is_a_dash(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(0, 20_000, 0.0, 0.0, None, None))
    assert (panel.remaining.text(), panel.speed.text()) == ("\u2013", "\u2013")


def test_testing_moves_the_bar_over_the_images(panel: ProgressPanel) -> None:
    panel.show_testing(2_500, 10_000)
    assert panel.bar.value() / panel.bar.maximum() == 0.25
    assert panel.message.text() == "Testing: 2,500 of 10,000 images"


def test_a_run_in_preparation_is_busy_without_a_share(panel: ProgressPanel) -> None:
    panel.set_state(RunState.PREPARING)
    assert (panel.bar.maximum(), panel.message.text()) == (0, "Preparing \u2026")
    panel.set_state(RunState.TRAINING)
    assert (panel.bar.value(), panel.message.text()) == (0, "Training")


def test_a_run_that_was_stopped_says_where_and_offers_to_test_it(
    panel: ProgressPanel, qtbot: QtBot
) -> None:
    panel.set_state(RunState.TRAINING)
    panel.show_progress(Progress(872, 1_100, 2.03, 4.0, 3.9, 220.0))
    for state in (RunState.STOPPING, RunState.IDLE):
        panel.set_state(state)
    assert panel.message.text() == "Stopped after 872 of 1,100 steps."
    assert panel.remaining.text() == "\u2013"
    assert panel.test_button.isVisible()
    with qtbot.waitSignal(panel.test_requested):
        panel.test_button.click()
    panel.set_state(RunState.TESTING)
    assert not panel.test_button.isVisible()


def test_what_was_stopped_is_not_done_though_it_is_tested(panel: ProgressPanel) -> None:
    panel.set_state(RunState.TRAINING)
    panel.show_progress(Progress(197, 20_000, 0.18, 9.5, 160.4, 26.4))
    for state in (RunState.STOPPING, RunState.IDLE, RunState.TESTING):
        panel.set_state(state)
    panel.show_test("cnn-tutorial", Score(197, 9_107, 10_000), "")
    panel.set_state(RunState.IDLE)
    assert panel.message.text() == "Stopped after 197 of 20,000 steps."
    assert panel.result.isVisible()
    assert not panel.test_button.isVisible()


def test_after_a_test_the_bar_is_where_the_training_came_to(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(550, 1_100, 2.03, 4.0, 3.9, 220.0))
    panel.set_state(RunState.TESTING)
    panel.show_testing(10_000, 10_000)
    panel.set_state(RunState.IDLE)
    assert panel.bar.value() / panel.bar.maximum() == 0.5


def test_a_result_is_large_and_stays_until_the_next_run(panel: ProgressPanel) -> None:
    result = panel.result
    panel.set_state(RunState.TESTING)
    panel.show_test("cnn-fast", Score(1_150, 9_921, 10_000), "")
    panel.set_state(RunState.IDLE)
    assert panel.message.text() == "Done"
    assert result.network.text() == "CNN, fast, after 1,150 steps"
    assert result.accuracy.text() == "99.21\u00a0%"
    assert result.accuracy.font().pointSizeF() >= panel.font().pointSizeF() + 19
    assert result.images.text() == "of 10,000 test images"
    assert result.interval.text() == "95 % interval: 99.02\u00a0% to 99.37\u00a0%"
    assert result.isVisible()
    panel.set_state(RunState.PREPARING)
    assert not result.isVisible()


def test_a_test_that_fails_leaves_no_older_result(panel: ProgressPanel) -> None:
    panel.show_test("cnn-fast", Score(1_150, 9, 10), "")
    for state in (RunState.TESTING, RunState.IDLE):
        panel.set_state(state)
    assert not panel.result.isVisible()
    assert panel.message.text() == "Ready"


def test_a_result_says_what_can_be_done_next(panel: ProgressPanel, qtbot: QtBot) -> None:
    result = panel.result
    panel.show_test("cnn-fast", Score(1_150, 9, 10), "")
    asked = [
        (result.mistakes_button, result.mistakes_requested, "See its mistakes"),
        (result.draw_button, result.draw_requested, "Draw"),
        (result.compare_button, result.compare_requested, "Compare"),
    ]
    for button, signal, text in asked:
        assert button.text() == text
        with qtbot.waitSignal(signal):
            button.click()


def test_what_the_program_draws_moves_the_bar_until_the_network_is_built(
    panel: ProgressPanel,
) -> None:
    panel.set_state(RunState.PREPARING)
    panel.show_drawn(1_200, 2_400)
    assert panel.bar.value() / panel.bar.maximum() == 0.5
    assert panel.message.text() == "Preparing extra handwritten examples: 1,200 of 2,400"
    panel.show_drawn(2_400, 2_400)
    assert panel.bar.maximum() == 0
    assert "building the network" in panel.message.text()
