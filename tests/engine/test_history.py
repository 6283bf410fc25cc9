import numpy as np
import pytest

from mnist_gui.engine.events import (
    LearningRateChanged,
    RunPrepared,
    StepsAdded,
    StepsTrained,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.history import Curve, History
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import find_recipe


def steps_ended(
    step: int, losses: list[float], accuracies: list[tuple[int, float]]
) -> StepsTrained:
    return StepsTrained(step, step / 550, losses, accuracies, 0.5)


@pytest.fixture
def history() -> History:
    return History(find_recipe("softmax-tutorial"))


def test_losses_stand_after_their_steps_and_accuracies_before(history: History) -> None:
    history.append(steps_ended(2, [2.0, 1.0], [(0, 0.1)]))
    history.append(steps_ended(4, [0.5, 0.25], [(0, 0.6)]))
    assert history.loss.steps.tolist() == [1, 2, 3, 4]
    assert history.loss.values.tolist() == [2.0, 1.0, 0.5, 0.25]
    assert history.train_accuracy.steps.tolist() == [0, 2]
    assert history.train_accuracy.values.tolist() == pytest.approx([0.1, 0.6])


def test_validations_stand_at_their_steps(history: History) -> None:
    history.append(Validated(100, 0.9, 0.3))
    assert history.validation_accuracy.steps.tolist() == [100]
    assert history.validation_accuracy.values.tolist() == [0.9]
    assert history.validation_loss.values.tolist() == [0.3]


def test_what_was_done_to_the_run_is_kept_in_its_order(history: History) -> None:
    marks = (LearningRateChanged(100, 0.1), StepsAdded(1_000, 2_000))
    for mark in marks:
        history.append(mark)
    assert history.annotations == marks


def test_a_curve_that_was_taken_does_not_change_when_the_run_goes_on(history: History) -> None:
    history.append(steps_ended(1, [2.0], []))
    curve = history.loss
    for step in range(2, 2_000):
        history.append(steps_ended(step, [1.0], []))
    assert curve.values.tolist() == [2.0]
    assert len(history.loss) == 1_999


def test_the_remaining_time_follows_from_the_recent_speed(history: History) -> None:
    history.append(steps_ended(100, [1.0] * 100, []))
    progress = history.progress
    assert progress.steps_per_second == 200
    assert progress.remaining == 900 / 200
    assert progress.elapsed == 0.5


def test_nothing_is_said_of_the_remaining_time_before_the_first_step(history: History) -> None:
    history.append(RunPrepared("CPU", "float32", 7_850, 1.0))
    assert history.progress.remaining is None


def test_the_final_test_is_kept(history: History) -> None:
    evaluation = Evaluation(np.zeros(1, np.uint8), np.full((1, 10), 0.1, np.float32))
    history.append(TestEvaluated(history.recipe, 1_000, evaluation, 1.0))
    assert history.evaluation is evaluation


def test_smoothing_neither_trails_nor_bends_a_straight_line_at_its_start() -> None:
    steps = np.arange(1_000.0)
    smoothed = Curve(steps, 100 - steps / 10).smoothed(50)
    assert smoothed.values[0] == 100
    np.testing.assert_allclose(smoothed.values[:900], 100 - steps[:900] / 10, atol=0.5)
    np.testing.assert_allclose(smoothed.values[200:800], 100 - steps[200:800] / 10, atol=1e-4)
    # At the last points there is nothing after them yet.
    assert abs(smoothed.values[-1] - 0.1) < 50 / 4 / 10


def test_smoothing_takes_as_much_noise_away_as_the_mean_of_so_many_points() -> None:
    noise = np.random.default_rng(1).standard_normal(40_000)
    smoothed = Curve(np.arange(40_000.0), noise).smoothed(25)
    assert smoothed.values[100:-100].std() == pytest.approx(1 / 5, rel=0.1)


def test_thinning_keeps_the_mean_and_the_last_step() -> None:
    curve = Curve(np.arange(1.0, 11.0), np.arange(10.0)).thinned(4)
    assert curve.steps.tolist() == [3, 6, 9, 10]
    assert curve.values.tolist() == [1, 4, 7, 9]


def test_a_short_curve_is_not_thinned() -> None:
    curve = Curve(np.arange(4.0), np.arange(4.0))
    assert curve.thinned(4) is curve
