import numpy as np
import pytest

from mnist_gui.engine.rate_test import RateTest, growing_rates, smoothed


def test_each_rate_is_the_same_factor_above_the_one_before() -> None:
    rates = growing_rates(281)
    assert rates[0] == 1e-6
    assert rates[-1] == pytest.approx(10.0)
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10 ** (7 / 280))


def test_the_average_is_that_of_the_weighted_sum_of_all_before() -> None:
    values = np.array([4.0, 1.0, 7.0, 2.0])
    for place in range(4):
        weights = 0.85 ** np.arange(place, -1, -1)
        expected = (weights * values[: place + 1]).sum() / weights.sum()
        assert smoothed(values)[place] == pytest.approx(expected)


def made_up(losses: np.ndarray) -> RateTest:
    return RateTest(growing_rates(len(losses)), losses, len(losses), is_over=True)


def test_the_zone_lies_between_a_tenth_and_nine_tenths_of_the_fall() -> None:
    losses = np.concatenate([np.full(60, 2.0), np.linspace(2, 1, 100), np.full(40, 1.0)])
    test = made_up(losses)
    zone = test.zone
    assert zone is not None
    for rate, share in ((zone.low, 0.1), (zone.high, 0.9)):
        loss = 2 - share * (2 - test.smoothed.min())
        at = int(np.flatnonzero(test.rates == rate)[0])
        assert test.smoothed[at] <= loss < test.smoothed[at - 1]
    assert zone.low < zone.suggested < zone.high
    assert f"{zone.suggested:.0e}" == f"{zone.suggested:e}".replace(".000000", "")
    assert test.loss_at(zone.low) == pytest.approx(1.9, abs=0.02)
    assert test.loss_at(100.0) is None


def test_without_a_fall_there_is_no_zone() -> None:
    assert made_up(np.full(50, 2.3)).zone is None
    assert made_up(np.linspace(2.3, 2.2, 50)).zone is None
    assert made_up(np.empty(0)).zone is None
