from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.models.networks import build_network, network_weights, to_network_input
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.training.train_step import (
    TrainStep,
    count_correct,
    cross_entropy,
    share_correct,
)

LOGITS = tf.constant([[2.0] + [0.0] * 9, [0.0] * 9 + [3.0]])
# With weights of zero all digits are as likely, and a step at this rate adds what was missing.
ONE_STEP = replace(find_recipe("softmax-tutorial"), learning_rate=1.0, batch_size=4)
LABELS = [3, 3, 3, 5]


def labelled(*labels: int) -> LabelledImages:
    """Return an upright stroke for each label."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[:, 6:22, 13:15] = 255
    return LabelledImages(images, np.array(labels, np.uint8))


def after_a_step(
    recipe: Recipe, drawn: LabelledImages | None = None
) -> dict[str, NDArray[np.float32]]:
    """Return the weights that one step on LABELS leaves of zeros."""
    network = build_network("softmax")
    step = TrainStep(network, labelled(*LABELS), recipe, drawn)
    step.run(np.arange(recipe.dataset_per_batch, dtype=np.int32)[np.newaxis], 0)
    return network_weights(network)


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


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_smoothed_labels_share_out_a_part_of_their_probability(smoothing: float) -> None:
    bias = after_a_step(replace(ONE_STEP, label_smoothing=smoothing))["output/bias"]
    shares = np.bincount(LABELS, minlength=10) / len(LABELS)
    assert bias == pytest.approx((1 - smoothing) * (shares - 0.1), abs=1e-6)


def test_drawn_images_are_a_share_of_each_batch_with_labels_of_their_own() -> None:
    recipe = replace(ONE_STEP, drawn_share=0.25)
    bias = after_a_step(recipe, labelled(7, 7))["output/bias"]
    shares = np.bincount([*LABELS[:3], 7], minlength=10) / 4
    assert bias == pytest.approx(shares - 0.1, abs=1e-6)


def test_images_are_distorted_as_far_as_the_recipe_says() -> None:
    plain, little, much = (
        after_a_step(replace(ONE_STEP, distortion=strength))["output/kernel"]
        for strength in (0.0, 0.1, 2.0)
    )
    changes = [float(np.abs(kernel - plain).sum()) for kernel in (little, much)]
    assert 0 < changes[0] < changes[1] / 3
