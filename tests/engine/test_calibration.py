import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.calibration import (
    LEAST_TEMPERATURE,
    MOST_TEMPERATURE,
    expected_calibration_error,
    fit_temperature,
)


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
