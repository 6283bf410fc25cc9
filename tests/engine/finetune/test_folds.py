"""Own digits are held out fairly, and each once while there are few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_gui.engine.finetune.finetune import stratified_folds

labels_of = st.lists(st.integers(0, 9), min_size=10, max_size=250)


@given(labels_of, st.integers(0, 100))
def test_what_is_held_out_is_not_learnt_and_nothing_else_is_left_out(
    labels: list[int], seed: int
) -> None:
    folds = stratified_folds(np.array(labels, np.uint8), seed)
    assert len(folds) == (1 if len(labels) >= 200 else 3)
    for fold in folds:
        both = np.concatenate([fold.trained, fold.held_out])
        np.testing.assert_array_equal(np.sort(both), np.arange(len(labels)))


@given(st.lists(st.integers(0, 9), min_size=10, max_size=199))
def test_each_of_few_digits_is_held_out_once(labels: list[int]) -> None:
    folds = stratified_folds(np.array(labels, np.uint8), seed=1)
    held_out = np.concatenate([fold.held_out for fold in folds])
    np.testing.assert_array_equal(np.sort(held_out), np.arange(len(labels)))


def test_many_digits_are_divided_once() -> None:
    (fold,) = stratified_folds(np.arange(400, dtype=np.uint8) % 10, seed=1)
    assert len(fold.held_out) == 100


@pytest.mark.parametrize("count", [30, 300])
def test_each_digit_is_spread_evenly(count: int) -> None:
    labels = (np.arange(count) % 10).astype(np.uint8)
    for fold in stratified_folds(labels, seed=3):
        held_out = np.bincount(labels[fold.held_out], minlength=10)
        assert held_out.max() - held_out.min() <= 1


def test_the_seed_decides() -> None:
    labels = np.zeros(50, np.uint8)
    first, same, other = (stratified_folds(labels, seed)[0].held_out for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
