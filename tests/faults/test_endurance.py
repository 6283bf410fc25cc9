"""Doing the same thing again and again leaves nothing behind.

MNIST_GUI_ENDURANCE tells the share of the whole measurement that is made; 1 is all of it, as
`python -m benchmarks.endurance` does.
"""

import os

import pytest

from benchmarks.endurance import MOST_GROWTH, outcome

SHARE = float(os.environ.get("MNIST_GUI_ENDURANCE", "0.02"))


@pytest.mark.slow
@pytest.mark.parametrize("thing", ["starts", "windows", "loads", "steps"])
def test_memory_stays_flat_no_thread_is_left_and_the_program_ends_well(thing: str) -> None:
    result = outcome(thing, SHARE)
    assert result["status"] == 0
    assert result["threads_left"] <= 0
    assert result["growth"] <= MOST_GROWTH
