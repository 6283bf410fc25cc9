import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.training.augment import augment, spoil

SEED = tf.constant([1, 2], tf.int64)
BAR = np.zeros((28, 28), np.uint8)
BAR[13:15, 4:24] = 255


def distorted(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return 500 distortions of an image, at strength 1."""
    images: NDArray[np.float32] = augment(tf.constant(np.stack([image] * 500)), 1.0, SEED).numpy()
    return images


def degrees(bars: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return by how much level bars (n, 28, 28) are turned."""
    columns = np.arange(8, 20)
    ink = bars[:, :, columns]
    heights = (ink * np.arange(28)[:, np.newaxis]).sum(axis=1) / ink.sum(axis=1)
    turned: NDArray[np.float64] = np.degrees(np.arctan(np.polyfit(columns, heights.T, 1)[0]))
    return turned


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


def test_images_are_turned_by_some_degrees_and_what_is_upright_leans_besides() -> None:
    level = degrees(distorted(BAR))
    upright = degrees(distorted(BAR.T).transpose(0, 2, 1))
    assert level.mean() == pytest.approx(0, abs=0.5)
    # Evenly within 3.5 degrees, they spread by 2; bending adds a little, and shear to upright ones.
    assert 2.0 < level.std() < 3.2
    assert 3.2 < upright.std() < 4.2


def test_strokes_become_thicker_as_often_as_thinner() -> None:
    ink = distorted(BAR).sum(axis=(1, 2)) / BAR.sum(dtype=np.int64)
    assert ink.mean() == pytest.approx(1, abs=0.02)
    assert np.quantile(ink, 0.05) < 0.85
    assert np.quantile(ink, 0.95) > 1.15


def test_strokes_get_thicker_here_and_thinner_there() -> None:
    ink = distorted(BAR).sum(axis=1)
    ends = ink[:, 8:11].mean(axis=1) / ink[:, 17:20].mean(axis=1)
    assert np.median(abs(np.log(ends))) > 0.05


def test_a_few_images_of_a_batch_are_spoiled_and_the_others_stay(images: tf.Tensor) -> None:
    batch = tf.concat([tf.cast(images, tf.float32)] * 4, axis=0)
    spoiled = spoil(batch, SEED).numpy()
    changed = np.flatnonzero(abs(spoiled - batch.numpy()).max(axis=(1, 2)))
    assert changed.tolist() == list(range(8))
    assert 0 <= spoiled.min() <= spoiled.max() <= 255
    # Stripes turn the paper at both sides to ink.
    assert (spoiled[6:8, :, [0, -1]] == 255).all()


def test_a_seed_spoils_the_same_way_and_another_one_otherwise(images: tf.Tensor) -> None:
    batch = tf.concat([tf.cast(images, tf.float32)] * 4, axis=0)
    first, again, other = (
        spoil(batch, seed).numpy() for seed in (SEED, SEED, tf.constant([1, 3], tf.int64))
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
