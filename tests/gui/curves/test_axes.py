import pytest

from mnist_gui.gui.curves.data import axis_end, linear_ticks, log_ticks


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


@pytest.mark.parametrize(
    ("end", "last", "spacing"),
    [(1, "1", 1), (957, "800", 200), (20_000, "20,000", 5_000), (1_000_000, "1,000,000", 200_000)],
)
def test_steps_are_marked_at_round_numbers(end: float, last: str, spacing: float) -> None:
    places, words = zip(*linear_ticks(0, end), strict=True)
    assert (places[0], words[0]) == (0, "0")
    assert (places[1], words[-1]) == (spacing, last)


def test_percents_are_marked_within_their_axis() -> None:
    assert " ".join(text for _, text in linear_ticks(0, 104, most=7)) == "0 20 40 60 80 100"
    assert " ".join(text for _, text in linear_ticks(90, 100.4, most=7)) == "90 92 94 96 98 100"


@pytest.mark.parametrize("step", [0, 1, 2, 7, 99, 100, 101, 957, 19_999, 20_000, 999_999])
def test_an_axis_ends_at_or_a_little_after_the_last_step(step: int) -> None:
    end = axis_end(step)
    assert max(step, 1) <= end <= max(1.5 * step, 2)
