import numpy as np
import pytest

from mnist_gui.engine.prediction import LEAST_LIKENESS, LEAST_MARGIN, Certainty, Prediction


def prediction(likeness: float = 1.0, **shares: float) -> Prediction:
    """Return a prediction with these digits' probabilities: `prediction(d4=0.5, d9=0.5)`."""
    probabilities = np.zeros(10, np.float32)
    for digit, share in shares.items():
        probabilities[int(digit[1])] = share
    return Prediction(probabilities, likeness)


def test_the_two_likeliest_digits_are_its_candidates() -> None:
    assert prediction(d4=0.5, d9=0.3, d7=0.2).candidates == (4, 9)


def test_of_equal_digits_the_first_two_are_its_candidates() -> None:
    assert Prediction(np.full(10, 0.1, np.float32)).candidates == (0, 1)


def test_two_digits_alike_are_undecided() -> None:
    close = prediction(d4=0.5 + LEAST_MARGIN / 2 - 0.01, d9=0.5 - LEAST_MARGIN / 2 + 0.01)
    assert close.certainty is Certainty.UNDECIDED
    assert not close.is_sure
    assert prediction(d4=0.5 + LEAST_MARGIN, d9=0.5 - LEAST_MARGIN).is_sure


def test_a_network_that_knows_nothing_yet_is_undecided() -> None:
    assert Prediction(np.full(10, 0.1, np.float32)).certainty is Certainty.UNDECIDED


def test_what_does_not_look_like_a_digit_is_none_whatever_the_network_says() -> None:
    assert prediction(LEAST_LIKENESS - 0.01, d4=1.0).certainty is Certainty.NO_DIGIT
    assert prediction(LEAST_LIKENESS, d4=1.0).certainty is Certainty.SURE


def test_its_margin_is_the_lead_of_the_likeliest_digit() -> None:
    assert prediction(d4=0.5, d9=0.3).margin == pytest.approx(0.2)
