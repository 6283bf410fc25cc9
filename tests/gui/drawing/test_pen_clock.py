import pytest

from mnist_gui.gui.drawing.input import PenClock


def begun(clock: PenClock, stamp: float, end: float | None) -> float:
    clock.begin_stroke(stamp, end)
    return clock.seconds(stamp)


def test_a_drawing_begins_at_nought_and_pauses_count() -> None:
    clock = PenClock()
    assert begun(clock, 500.0, None) == 0
    assert begun(clock, 502.5, 1.0) == pytest.approx(2.5)


@pytest.mark.parametrize("stamp", [3.0, 500.0 + 1e9], ids=["went back", "leapt ahead"])
def test_a_clock_that_cannot_be_true_counts_as_a_short_rest(stamp: float) -> None:
    clock = PenClock()
    begun(clock, 500.0, None)
    assert begun(clock, stamp, 1.0) == pytest.approx(1.3)


def test_after_strokes_of_another_day_a_stroke_begins_a_little_later() -> None:
    assert begun(PenClock(), 500.0, 7.0) == pytest.approx(7.3)
