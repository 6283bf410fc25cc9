import pytest
import tensorflow as tf

from mnist_gui.engine.training.train_step import WeightAverage


def test_it_is_the_mean_over_the_last_steps() -> None:
    variable = tf.Variable(0.0)
    average = WeightAverage([variable], first_step=2)
    for step, value in enumerate([100.0, 100.0, 1.0, 2.0, 6.0]):
        variable.assign(value)
        average.include(tf.constant(step, tf.int64))
    average.apply()
    assert float(variable) == pytest.approx(3.0)
