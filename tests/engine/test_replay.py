"""What is on the canvas at each moment of a replay."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.replay import LONGEST_PAUSE, Replay

TIMED = Drawing(
    (
        Stroke([[0.1, 0.1], [0.3, 0.1], [0.5, 0.1]], [0.0, 0.2, 0.3]),
        Stroke([[0.5, 0.5]], [0.5]),
        Stroke([[0.1, 0.9], [0.9, 0.9]], [0.6, 1.0], [0.2, 0.8]),
    )
)


def counts(drawing: Drawing) -> list[int]:
    return [len(stroke.points) for stroke in drawing.strokes]


def test_strokes_come_back_at_the_pace_and_with_the_pauses_they_had() -> None:
    replay = Replay(TIMED)
    assert replay.duration == pytest.approx(1.0)
    shown = [counts(replay.at(seconds)) for seconds in (0, 0.2, 0.31, 0.499, 0.501, 0.6, 1)]
    assert shown == [[1], [2], [3], [3], [3, 1], [3, 1, 1], [3, 1, 2]]


def test_between_two_points_the_pen_is_on_its_way() -> None:
    [stroke] = Replay(TIMED).at(0.1).strokes
    np.testing.assert_allclose(stroke.points, [[0.1, 0.1], [0.2, 0.1]], atol=1e-6)
    last = Replay(TIMED).at(0.8).strokes[-1]
    np.testing.assert_allclose(last.points, [[0.1, 0.9], [0.5, 0.9]], atol=1e-6)
    assert last.pressures is not None
    np.testing.assert_allclose(last.pressures, [0.2, 0.2])


def test_without_times_the_pace_is_even() -> None:
    bar = Drawing((Stroke([[0.0, 0.5], [0.1, 0.5], [1.0, 0.5]]),))
    replay = Replay(bar)
    tips = [replay.at(share * replay.duration).strokes[0].points[-1, 0] for share in (0.25, 0.5)]
    np.testing.assert_allclose(tips, [0.25, 0.5], atol=0.03)
    assert 0.3 < replay.duration < 1.5


def test_without_times_the_pen_rests_between_strokes() -> None:
    bar, stem = Stroke([[0.1, 0.5], [0.9, 0.5]]), Stroke([[0.5, 0.1], [0.5, 0.9]])
    alone = Replay(Drawing((bar,))).duration + Replay(Drawing((stem,))).duration
    assert Replay(Drawing((bar, stem))).duration == pytest.approx(alone + 0.3)


def test_no_one_waits_for_someone_who_once_thought_for_an_hour() -> None:
    strokes = (Stroke([[0, 0], [1, 1]], [0, 3600]), Stroke([[0, 1], [1, 0]], [9000, 9000.5]))
    assert Replay(Drawing(strokes)).duration == pytest.approx(2 * LONGEST_PAUSE + 0.5)


def test_an_empty_drawing_is_over_at_once() -> None:
    assert Replay(Drawing()).duration == 0
    assert Replay(Drawing()).at(0) == Drawing()


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    coordinate = st.floats(0, 1, width=32)
    strokes, now = [], 0.0
    for _ in range(draw(st.integers(1, 4))):
        points = draw(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=5))
        times = None
        if draw(st.booleans()):
            steps = draw(
                st.lists(
                    st.sampled_from([0.0, 0.01, 0.5, 60.0]),
                    min_size=len(points),
                    max_size=len(points),
                )
            )
            times = now + np.cumsum(steps)
            now = float(times[-1])
        strokes.append(Stroke(points, times))
    return Drawing(tuple(strokes))


@settings(max_examples=60, deadline=None)
@given(drawings(), st.lists(st.floats(0, 1), max_size=6))
def test_a_drawing_only_grows_and_is_whole_at_the_end(
    drawing: Drawing, shares: list[float]
) -> None:
    replay = Replay(drawing)
    moments = [0.0, *sorted(share * replay.duration for share in shares)]
    shown = [replay.at(seconds) for seconds in moments]
    for before, after in pairwise(shown):
        assert before.strokes[:-1] == after.strokes[: len(before.strokes) - 1]
        assert sum(counts(before)) <= sum(counts(after)) + 1
    assert all(shown)
    assert replay.at(replay.duration) == drawing
