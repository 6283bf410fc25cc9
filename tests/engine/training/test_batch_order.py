import numpy as np
import pytest

from mnist_gui.engine.training.policies import BatchSampler


def order(seed: int = 1, images: int = 10, batch_size: int = 4) -> BatchSampler:
    return BatchSampler(images=images, batch_size=batch_size, seed=seed)


def test_each_epoch_has_every_image_once() -> None:
    row = order().indices(0, 5).ravel()
    assert sorted(row[:10]) == sorted(row[10:]) == list(range(10))


def test_each_epoch_has_an_order_of_its_own() -> None:
    row = order().indices(0, 5).ravel()
    assert not np.array_equal(row[:10], row[10:])


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_batches_do_not_depend_on_how_many_are_asked_for_at_once(cut: int) -> None:
    whole = order().indices(0, 5)
    parts = np.concatenate([order().indices(0, cut), order().indices(cut, 5 - cut)])
    assert np.array_equal(whole, parts)


def test_a_batch_may_be_larger_than_the_set() -> None:
    batch = order(images=3, batch_size=7).indices(0, 1)[0]
    assert np.bincount(batch).tolist() in ([3, 2, 2], [2, 3, 2], [2, 2, 3])


def test_seeds_give_different_orders() -> None:
    assert not np.array_equal(order(1).indices(0, 2), order(2).indices(0, 2))


def test_epochs_count_how_often_the_images_were_seen() -> None:
    assert order().epoch(5) == 2.0
