import pytest
import tensorflow as tf

from mnist_gui.engine.schedule import learning_rate_factor


def factor(schedule: str, step: int) -> float:
    return float(learning_rate_factor(schedule, tf.constant(step, tf.int64), 1_000))


def test_a_constant_rate_stays() -> None:
    assert factor("constant", 0) == factor("constant", 999) == 1.0


@pytest.mark.parametrize(
    ("step", "expected"), [(0, 0.1), (125, 0.55), (250, 1.0), (625, 0.505), (1_000, 0.01)]
)
def test_one_cycle_climbs_for_a_quarter_and_falls_for_the_rest(step: int, expected: float) -> None:
    assert factor("one-cycle", step) == pytest.approx(expected)


def test_one_cycle_stays_low_when_a_run_is_extended() -> None:
    assert factor("one-cycle", 5_000) == pytest.approx(0.01)
