"""Batches of two kinds of images: as many of each as wanted, and each in its turn."""

import numpy as np

from mnist_gui.engine.finetune.finetune import MixedBatchSampler
from mnist_gui.engine.training.policies import BatchSampler

OWN = np.array([103, 105, 109], np.int32)


def order(seed: int = 1) -> MixedBatchSampler:
    data = BatchSampler(images=100, batch_size=7, seed=seed)
    return MixedBatchSampler(data, BatchSampler(images=len(OWN), batch_size=3, seed=seed), OWN)


def test_each_batch_has_its_share_of_own_digits() -> None:
    indices = order().indices(0, 20)
    assert indices.shape == (20, 10)
    assert indices.dtype == np.int32
    assert (indices[:, :7] < 100).all()
    # Three places and three digits: each batch has all of them.
    np.testing.assert_array_equal(np.sort(indices[:, 7:]), np.tile(OWN, (20, 1)))


def test_batches_do_not_hang_on_how_they_are_asked_for() -> None:
    whole = order().indices(0, 9)
    parts = np.concatenate([order().indices(0, 4), order().indices(4, 5)])
    np.testing.assert_array_equal(whole, parts)


def test_the_seed_decides() -> None:
    assert (order(1).indices(0, 5) != order(2).indices(0, 5)).any()
