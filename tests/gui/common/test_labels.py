import pytest

from mnist_gui.gui.common.labels import count, duration, percent


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.9724, 1, "97.2 %"),
        (0.9921, 2, "99.21 %"),
        (0.0, 1, "0.0 %"),
        (1.0, 1, "100.0 %"),
        (0.99996, 1, ">99.9 %"),
        (0.99944, 1, "99.9 %"),
    ],
)
def test_a_share_is_written_in_percent(share: float, decimals: int, text: str) -> None:
    assert percent(share, decimals).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (65.4, "1:05"), (3_723, "1:02:03"), (59.7, "1:00"), (0.34, "0.3\u00a0s")],
)
def test_a_time_is_written_in_minutes_and_hours(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_thousands_are_grouped() -> None:
    assert count(3_274_634) == "3,274,634"
