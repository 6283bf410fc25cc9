import pytest
import tensorflow as tf

from mnist_gui.engine.training.optimizers import learning_rate_factor


def factor(schedule: str, step: int) -> float:
    return float(learning_rate_factor(schedule, tf.constant(step, tf.int64), 1_000))


def test_a_constant_rate_stays() -> None:
    assert factor("constant", 0) == factor("constant", 999) == 1.0


@pytest.mark.parametrize(
    ("step", "expected"), [(0, 0.1), (125, 0.55), (250, 1.0), (625, 0.505), (999, 0.01132)]
)
def test_one_cycle_climbs_for_a_quarter_and_falls_for_the_rest(step: int, expected: float) -> None:
    assert factor("one-cycle", step) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("step", [1_000, 5_000])
def test_a_run_that_is_extended_goes_on_at_a_tenth(step: int) -> None:
    assert factor("one-cycle", step) == pytest.approx(0.1)
