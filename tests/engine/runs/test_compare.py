from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run import Comparison, TestPredictions, compare
from mnist_gui.words.errors import sentence
from tests.refusals import refused


def reading(predicted: list[int], fingerprint: str = "same") -> TestPredictions:
    labels = np.arange(len(predicted), dtype=np.uint8) % 10
    return TestPredictions(fingerprint, 1, labels, np.array(predicted, np.uint8))


def test_only_images_on_which_the_two_differ_count() -> None:
    first = reading([0, 1, 2, 3, 0, 0])
    second = reading([0, 1, 0, 0, 4, 0])
    assert compare(first, second) == Comparison(2, 1, 6)
    assert compare(second, first) == Comparison(1, 2, 6)


def test_runs_that_were_tested_on_other_images_are_not_compared() -> None:
    with refused(RunStoreError, match="different images"):
        compare(reading([0, 1]), reading([0, 1], "other"))
    with refused(RunStoreError, match="different images"):
        compare(reading([0, 1]), reading([0, 1, 2]))


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        (0, 1, 1.0),
        (0, 5, 0.0625),
        (5, 15, 0.04138947),
        (1, 9, 0.02148438),
    ],
)
def test_the_p_value_is_the_binomial_one(only_first: int, only_second: int, p: float) -> None:
    assert Comparison(only_first, only_second, 100).p_value == pytest.approx(p)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_p_value_is_a_probability_and_the_same_both_ways(first: int, second: int) -> None:
    p = Comparison(first, second, 200).p_value
    assert p == Comparison(second, first, 200).p_value
    tail = sum(comb(first + second, k) for k in range(min(first, second) + 1))
    assert p == pytest.approx(min(1.0, tail / 2 ** (first + second - 1)) if first + second else 1)


def test_many_differences_are_counted_exactly() -> None:
    assert Comparison(4_900, 5_100, 10_000).p_value == pytest.approx(0.0466, abs=2e-3)


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (
            Comparison(60, 20, 10_000),
            "A is 0.40 points better than B; a real difference, not luck "
            "(p < 0.001; McNemar's test).",
        ),
        (
            Comparison(9, 1, 10_000),
            "A is 0.08 points better than B; a real difference, not luck "
            "(p = 0.021; McNemar's test).",
        ),
        (
            Comparison(10, 16, 10_000),
            "A is 0.06 points worse than B; could be luck (p = 0.33; McNemar's test).",
        ),
        (Comparison(7, 7, 10_000), "A reads exactly as many of 10,000 test images right as B."),
    ],
)
def test_the_verdict_is_in_words(comparison: Comparison, words: str) -> None:
    assert sentence(comparison.verdict("A", "B")) == words
