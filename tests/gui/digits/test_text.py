from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_gui.engine.digits.model import UserDigit
from mnist_gui.gui.digits.text import DigitChoice, Order, Outcome
from tests.gui.own_digits import kept, reading
from tests.gui.scripted import prediction

digits_and_readings = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)


def names(digits: Sequence[UserDigit]) -> str:
    return "".join(digit.digit_id for digit in digits)


@given(digits_and_readings)
def test_every_digit_is_either_read_right_or_wrong(pairs: list[tuple[int, int]]) -> None:
    digits = kept([label for label, _ in pairs])
    read = reading([read_as for _, read_as in pairs])
    right = DigitChoice(outcome=Outcome.RIGHT).of(digits, read)
    wrong = DigitChoice(outcome=Outcome.WRONG).of(digits, read)
    assert len(right) == sum(label == read_as for label, read_as in pairs)
    assert {digit.digit_id for digit in [*right, *wrong]} == {d.digit_id for d in digits}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NEWEST, "3210"),
        (Order.OLDEST, "0123"),
        (Order.LABEL, "1302"),
        (Order.HARDEST, "2310"),
    ],
)
def test_digits_come_in_order(order: Order, expected: str) -> None:
    read = reading([7, 1, 3, 1])
    shares = dict(read.probabilities) | {
        "3": prediction(1, 0.5).probabilities,
        "1": prediction(1, 0.8).probabilities,
    }
    read = type(read)(read.network, read.step, shares)
    assert names(DigitChoice(order=order).of(kept([7, 1, 8, 1]), read)) == expected


def test_a_label_is_chosen_with_what_is_read_wrong_of_it() -> None:
    choice = DigitChoice(label=7, outcome=Outcome.WRONG, order=Order.OLDEST)
    assert names(choice.of(kept([7, 7, 1, 7]), reading([7, 1, 7, 2]))) == "13"


def test_what_was_not_read_is_neither_right_nor_wrong() -> None:
    for outcome in (Outcome.RIGHT, Outcome.WRONG):
        assert DigitChoice(outcome=outcome).of(kept([1]), None) == []
    assert names(DigitChoice(order=Order.HARDEST).of(kept([1, 2]), reading([1]))) == "01"
