from collections.abc import Iterator
from datetime import datetime

import pytest

from mnist_gui.gui.common.labels import count, duration, moment, percent, significant
from mnist_gui.words.language import use_language


@pytest.fixture(autouse=True)
def speaks_english_again() -> Iterator[None]:
    yield
    use_language("en")


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


def test_the_sign_of_percent_stands_as_the_language_wants_it() -> None:
    use_language("zh_CN")
    assert percent(0.9724) == "97.2%"
    assert percent(0.99996) == ">99.9%"


def test_a_moment_is_written_from_the_year_to_the_minute() -> None:
    time = datetime(2026, 11, 28, 9, 5).astimezone()
    assert moment(time) == "2026-11-28 09:05"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234.4, "1,234"),
        (45.678, "45.7"),
        (-0.0012345, "-0.00123"),
        (1.2e-7, "1.2e-7"),
        (3e9, "3e9"),
        (float("nan"), "\u2013"),
    ],
)
def test_numbers_of_any_size_have_three_digits_that_count(value: float, text: str) -> None:
    assert significant(value) == text
