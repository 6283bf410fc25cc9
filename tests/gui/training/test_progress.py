import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import Progress, RunState
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
    assert panel.bar.maximum() == 0
    panel.set_state(RunState.TRAINING)
    assert (panel.bar.value(), panel.message.text()) == (0, "Training")


def test_a_run_that_was_stopped_says_where_and_that_it_is_not_tested(
    panel: ProgressPanel,
) -> None:
    panel.set_state(RunState.TRAINING)
    panel.show_progress(Progress(872, 1_100, 2.03, 4.0, 3.9, 220.0))
    for state in (RunState.STOPPING, RunState.IDLE):
        panel.set_state(state)
    assert panel.message.text().startswith("Stopped at step 872 of 1,100, not tested")
    assert panel.remaining.text() == "\u2013"


def test_after_a_test_the_bar_is_where_the_training_came_to(panel: ProgressPanel) -> None:
    panel.show_progress(Progress(550, 1_100, 2.03, 4.0, 3.9, 220.0))
    panel.set_state(RunState.TESTING)
    panel.show_testing(10_000, 10_000)
    panel.set_state(RunState.IDLE)
    assert panel.bar.value() / panel.bar.maximum() == 0.5


def test_the_outcome_stays_until_the_next_run(panel: ProgressPanel) -> None:
    panel.show_outcome("Test accuracy 99.21 %")
    panel.set_state(RunState.IDLE)
    assert panel.outcome.text() == "Test accuracy 99.21 %"
    assert panel.outcome.isVisible()
    panel.set_state(RunState.PREPARING)
    assert not panel.outcome.isVisible()


def test_drawing_pen_styles_moves_the_bar_until_the_network_is_built(panel: ProgressPanel) -> None:
    panel.set_state(RunState.PREPARING)
    panel.show_drawn(1_200, 2_400)
    assert panel.bar.value() / panel.bar.maximum() == 0.5
    assert panel.message.text() == "Drawing pen styles: 1,200 of 2,400"
    panel.show_drawn(2_400, 2_400)
    assert panel.bar.maximum() == 0
    assert "Building the network" in panel.message.text()
