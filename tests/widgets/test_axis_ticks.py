import pytest

from mnist_gui.widgets.axis_ticks import log_ticks


def texts(low: float, high: float) -> list[str]:
    return [text for _, text in log_ticks(low, high)]


def test_two_decades_are_marked_at_one_two_and_five() -> None:
    assert texts(0.0, 2.0) == ["1", "2", "5", "10", "20", "50", "100"]


def test_half_a_decade_is_marked_more_finely() -> None:
    assert texts(-0.2, 0.3) == ["0.7", "0.8", "0.9", "1", "1.5"]


def test_many_decades_are_marked_at_powers_of_ten() -> None:
    assert texts(-3.0, 2.0) == ["0.001", "0.01", "0.1", "1", "10", "100"]


@pytest.mark.parametrize("high", [-4.5, -3.0, -1.3, 0.2, 1.0, 2.0, 9.0])
def test_a_tick_stands_where_its_text_says_and_there_are_never_many(high: float) -> None:
    ticks = log_ticks(-5.0, high)
    assert 1 <= len(ticks) <= 7
    for place, text in ticks:
        assert 10**place == pytest.approx(float(text))
