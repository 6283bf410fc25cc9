import math

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.calibration import (
    BINS,
    LEAST_TEMPERATURE,
    MOST_TEMPERATURE,
    Bias,
    Verdict,
    expected_calibration_error,
    fit_temperature,
    measure_honesty,
    reliability,
    verdict,
)
from mnist_gui.words.calibration import verdict_sentence


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def digits_by_chance(random: np.random.Generator, logits: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return a label for each row, by its probabilities."""
    reached = softmax(logits).cumsum(axis=1) > random.random((len(logits), 1))
    return np.asarray(reached.argmax(axis=1), np.uint8)


@pytest.mark.parametrize("true", [0.4, 1.0, 2.5])
def test_the_temperature_that_logits_were_made_with_is_found(true: float) -> None:
    random = np.random.default_rng(5)
    honest = random.normal(0, 3, (50_000, 10))
    labels = digits_by_chance(random, honest)
    assert fit_temperature((honest * true).astype(np.float32), labels) == pytest.approx(
        true, rel=0.03
    )


def test_the_error_is_that_of_a_computation_bin_by_bin() -> None:
    random = np.random.default_rng(6)
    logits = random.normal(0, 2, (3_000, 10))
    labels = digits_by_chance(random, logits)
    shares = softmax(logits * 1.7).astype(np.float32)
    wanted = 0.0
    for number in range(15):
        low, high = number / 15, (number + 1) / 15
        inside = [
            (max(row), row.index(max(row)) == label)
            for row, label in zip(shares.tolist(), labels.tolist(), strict=True)
            if low < max(row) <= high
        ]
        if inside:
            said = sum(share for share, _ in inside) / len(inside)
            right = sum(is_right for _, is_right in inside) / len(inside)
            wanted += len(inside) / 3_000 * abs(said - right)
    assert wanted > 0.05
    assert expected_calibration_error(shares, labels) == pytest.approx(wanted, abs=1e-9)


def test_certain_answers_that_are_all_wrong_are_off_by_everything() -> None:
    shares = np.eye(10, dtype=np.float32)
    assert expected_calibration_error(shares, np.arange(10, dtype=np.uint8)) == 0
    assert expected_calibration_error(shares, np.arange(1, 11, dtype=np.uint8) % 10) == 1


def test_a_few_images_that_are_all_right_are_no_certainty() -> None:
    labels = np.arange(10, dtype=np.uint8)
    logits = np.eye(10)
    probability = softmax(logits / fit_temperature(logits, labels)).max(axis=1)
    assert probability.mean() == pytest.approx(11 / 12, abs=0.01)


def test_a_temperature_stays_within_what_files_may_have() -> None:
    labels = np.zeros(100, np.uint8)
    wrong = np.tile(np.eye(10)[1] * 1_000, (100, 1))
    assert fit_temperature(wrong, labels) == pytest.approx(MOST_TEMPERATURE, rel=1e-3)
    right = np.tile(np.eye(10)[0] * 1e-3, (100, 1))
    assert fit_temperature(right, labels) == pytest.approx(LEAST_TEMPERATURE, rel=1e-3)
    assert LEAST_TEMPERATURE <= fit_temperature(right, labels) <= MOST_TEMPERATURE


def some_answers(temperature: float) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    random = np.random.default_rng(8)
    logits = random.normal(0, 3, (4_000, 10))
    labels = digits_by_chance(random, logits)
    return softmax(logits / temperature).astype(np.float32), labels


def test_reliability_counts_each_answer_once_in_the_bin_of_its_probability() -> None:
    shares, labels = some_answers(1.5)
    found = reliability(shares, labels)
    for number in range(BINS):
        inside = [
            (float(row.max()), int(row.argmax()) == label)
            for row, label in zip(shares, labels, strict=True)
            if number / BINS < row.max() <= (number + 1) / BINS
        ]
        assert found.images[number] == len(inside)
        assert found.right[number] == sum(is_right for _, is_right in inside)
        if inside:
            assert found.probability[number] == pytest.approx(np.mean([p for p, _ in inside]))
            share = sum(is_right for _, is_right in inside) / len(inside)
            assert found.accuracy[number] == pytest.approx(share)
    assert np.isnan(found.accuracy[0])
    assert found.gaps[0] == 0


def test_measures_of_honesty_are_those_of_formulas_written_out() -> None:
    shares, labels = some_answers(2.0)
    found = measure_honesty(shares, labels)
    assert found.expected_error == expected_calibration_error(shares, labels)
    gaps = {}
    for number in range(BINS):
        inside = (number / BINS < shares.max(axis=1)) & (shares.max(axis=1) <= (number + 1) / BINS)
        if inside.any():
            right = np.mean(shares[inside].argmax(axis=1) == labels[inside])
            gaps[number] = abs(right - shares[inside].max(axis=1).astype(float).mean())
    worst = max(gaps, key=lambda number: gaps[number])
    assert found.maximum_error == pytest.approx(gaps[worst], abs=1e-12)
    assert found.images_of_maximum == found.reliability.images[worst]
    brier = loss = 0.0
    for row, label in zip(shares.tolist(), labels.tolist(), strict=True):
        brier += sum((share - (digit == label)) ** 2 for digit, share in enumerate(row)) / 4_000
        loss -= math.log(row[label]) / 4_000
    assert found.brier_score == pytest.approx(brier)
    assert found.loss == pytest.approx(loss)


def test_the_scores_are_best_at_the_temperature_that_the_labels_were_drawn_with() -> None:
    honest, *others = (measure_honesty(*some_answers(each)) for each in (1.0, 0.6, 1.6))
    for other in others:
        assert honest.brier_score < other.brier_score
        assert honest.loss < other.loss
        assert honest.expected_error < other.expected_error


def test_a_label_with_no_probability_at_all_costs_much_but_not_everything() -> None:
    shares = np.eye(10, dtype=np.float32)
    wrong = measure_honesty(shares, np.arange(1, 11, dtype=np.uint8) % 10)
    assert wrong.brier_score == 2
    assert 80 < wrong.loss < 100
    right = measure_honesty(shares, np.arange(10, dtype=np.uint8))
    assert (right.brier_score, right.loss, right.maximum_error) == (0, 0, 0)


@pytest.mark.parametrize(
    ("temperature", "bias"), [(0.5, Bias.SURE), (1.0, Bias.HONEST), (2.0, Bias.MODEST)]
)
def test_too_high_a_temperature_makes_modest_and_too_low_a_one_sure(
    temperature: float, bias: Bias
) -> None:
    assert verdict(reliability(*some_answers(temperature))).bias is bias


def test_what_chance_can_do_is_no_verdict() -> None:
    shares = np.full((10, 10), 0.02, np.float32)
    shares[:, 3] = 0.82
    labels = np.full(10, 3, np.uint8)
    assert verdict(reliability(shares, labels)).bias is Bias.HONEST
    many = verdict(reliability(np.tile(shares, (10, 1)), np.tile(labels, 10)))
    assert (many.bias, many.accuracy) == (Bias.MODEST, 1.0)
    assert many.probability == pytest.approx(0.82)


def test_of_honest_probabilities_the_fullest_bin_is_told() -> None:
    found = reliability(*some_answers(1.0))
    fullest = int(np.argmax(found.images))
    assert verdict(found).probability == found.probability[fullest]
    assert verdict(found).accuracy == found.accuracy[fullest]


@pytest.mark.parametrize(
    ("probability", "accuracy", "words"),
    [
        (0.9, 0.97, "Where it says 90 %, it is right in 97 of 100: too modest."),
        (0.994, 0.99, "Where it says 99.4 %, it is right in 990 of 1,000: too modest."),
        (0.9, 1.0, "Where it says 90.0 %, it is right in 1,000 of 1,000: too modest."),
    ],
)
def test_the_sentence_has_as_many_digits_as_tell_the_difference(
    probability: float, accuracy: float, words: str
) -> None:
    assert verdict_sentence(Verdict(Bias.MODEST, probability, accuracy)) == words
