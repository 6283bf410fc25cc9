import os

import pytest

from mnist_gui.engine.io.patience import Asked, answer_in_time


def test_a_disk_that_does_not_answer_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    assert answer_in_time(lambda: os.read(reading, 1), b"none", seconds=0.01) == b"none"
    asked = Asked(lambda: os.read(reading, 1))
    assert not asked.is_answered(0)
    os.write(writing, b"ab")
    assert asked.is_answered(10)
    assert asked.answer in (b"a", b"b")


def test_what_is_raised_in_time_is_raised_where_it_was_asked() -> None:
    with pytest.raises(FileNotFoundError):
        answer_in_time(lambda: os.stat("none"), None, seconds=10)  # noqa: PTH116
