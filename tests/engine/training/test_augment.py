import numpy as np
import pytest
import tensorflow as tf

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.training.augment import augment

SEED = tf.constant([1, 2], tf.int64)


@pytest.fixture(scope="module")
def images() -> tf.Tensor:
    return tf.constant(load_dataset().train.images[:64])


def test_next_to_no_strength_changes_next_to_nothing(images: tf.Tensor) -> None:
    plain = images.numpy().astype(np.float32)
    assert augment(images, 1e-6, SEED).numpy() == pytest.approx(plain, abs=0.5)


def test_a_seed_gives_the_same_distortions_and_another_one_others(images: tf.Tensor) -> None:
    first, again = (augment(images, 1.0, SEED).numpy() for _ in range(2))
    other = augment(images, 1.0, tf.constant([1, 3], tf.int64)).numpy()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_each_image_of_a_batch_is_distorted_its_own_way(images: tf.Tensor) -> None:
    twice = tf.stack([images[0], images[0]])
    first, second = augment(twice, 1.0, SEED).numpy()
    assert not np.array_equal(first, second)


def test_greys_stay_greys(images: tf.Tensor) -> None:
    greys = augment(images, 5.0, SEED).numpy()
    assert greys.min() >= 0
    assert greys.max() <= 255


def test_about_as_much_ink_stays_and_it_stays_in_the_middle(images: tf.Tensor) -> None:
    before, after = images.numpy().astype(np.float32), augment(images, 1.0, SEED).numpy()
    assert after.sum() == pytest.approx(before.sum(), rel=0.1)
    rows = np.arange(28)[:, np.newaxis]
    centres = (after * rows).sum(axis=(1, 2)) / after.sum(axis=(1, 2))
    assert np.all(np.abs(centres - 14) < 2.5)


def test_strength_is_how_far_images_are_moved(images: tf.Tensor) -> None:
    plain = images.numpy().astype(np.float32)
    changes = [np.abs(augment(images, s, SEED).numpy() - plain).mean() for s in (0.25, 1.0, 3.0)]
    assert changes == sorted(changes)
