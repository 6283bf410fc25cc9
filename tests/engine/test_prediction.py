import numpy as np
import pytest

from mnist_gui.engine.prediction import MIN_DIGIT_SCORE, Certainty, Prediction


def prediction(digit_score: float = 1.0, min_margin: float = 0.1, **shares: float) -> Prediction:
    """Return a prediction with these digits' probabilities: `prediction(d4=0.5, d9=0.5)`."""
    probabilities = np.zeros(10, np.float32)
    for digit, share in shares.items():
        probabilities[int(digit[1])] = share
    return Prediction(probabilities, digit_score, min_margin)


def test_the_two_likeliest_digits_are_its_candidates() -> None:
    assert prediction(d4=0.5, d9=0.3, d7=0.2).candidates == (4, 9)


def test_of_equal_digits_the_first_two_are_its_candidates() -> None:
    assert Prediction(np.full(10, 0.1, np.float32)).candidates == (0, 1)


def test_two_digits_alike_are_undecided() -> None:
    close = prediction(min_margin=0.1, d4=0.54, d9=0.46)
    assert close.certainty is Certainty.UNDECIDED
    assert not close.is_sure
    assert prediction(min_margin=0.1, d4=0.56, d9=0.44).is_sure


def test_how_far_a_digit_must_lead_hangs_on_the_network() -> None:
    assert prediction(min_margin=0.01, d4=0.52, d9=0.48).is_sure
    assert not prediction(min_margin=0.1, d4=0.52, d9=0.48).is_sure


def test_digits_that_are_all_alike_are_undecided() -> None:
    assert Prediction(np.full(10, 0.1, np.float32)).certainty is Certainty.UNDECIDED


def test_what_does_not_look_like_a_digit_is_none_whatever_the_network_says() -> None:
    assert prediction(MIN_DIGIT_SCORE - 0.01, d4=1.0).certainty is Certainty.NOT_A_DIGIT
    assert prediction(MIN_DIGIT_SCORE, d4=1.0).certainty is Certainty.SURE


def test_its_margin_is_the_lead_of_the_likeliest_digit() -> None:
    assert prediction(d4=0.5, d9=0.3).margin == pytest.approx(0.2)


def test_the_digits_it_may_be_are_one_two_or_none() -> None:
    assert prediction(d4=0.9, d9=0.1).plausible_digits == (4,)
    assert prediction(d4=0.52, d9=0.48).plausible_digits == (4, 9)
    assert prediction(MIN_DIGIT_SCORE - 0.01, d4=1.0).plausible_digits == ()
