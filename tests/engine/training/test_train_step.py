import numpy as np
import pytest
import tensorflow as tf

from mnist_gui.engine.models.networks import to_network_input
from mnist_gui.engine.training.train_step import count_correct, cross_entropy, share_correct

LOGITS = tf.constant([[2.0] + [0.0] * 9, [0.0] * 9 + [3.0]])


def test_images_are_scaled_to_shares_and_get_a_channel() -> None:
    images = to_network_input(tf.constant(np.array([[[0, 51], [102, 255]]], np.uint8)))
    assert images.shape == (1, 2, 2, 1)
    assert images.numpy().ravel() == pytest.approx([0, 0.2, 0.4, 1])


def test_cross_entropy_is_the_mean_of_minus_the_logarithm_of_the_labels_probability() -> None:
    probabilities = np.exp([2.0, 0.0]) / (np.exp([2.0, 3.0]) + 9)
    expected = -np.log(probabilities).mean()
    assert float(cross_entropy(LOGITS, tf.constant([0, 0]))) == pytest.approx(expected)


def test_correct_are_those_whose_label_is_likeliest() -> None:
    assert int(count_correct(LOGITS, tf.constant([0, 0]))) == 1
    assert float(share_correct(LOGITS, tf.constant([0, 9]))) == 1.0
