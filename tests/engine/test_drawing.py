"""Strokes as values, and drawings in and out of JSON."""

import json
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, format_drawing, parse_drawing
from mnist_gui.engine.errors import DrawingError
from mnist_gui.words.errors import sentence

TWO = [[0.1, 0.2], [0.3, 0.4]]


def test_times_and_pressures_cannot_be_changed_from_outside() -> None:
    times, pressures = np.array([0.0, 0.5]), np.array([0.1, 0.9])
    stroke = Stroke(TWO, times, pressures)
    times[1], pressures[1] = 9, 0
    assert stroke.times is not None
    assert stroke.pressures is not None
    assert stroke.times.tolist() == [0.0, 0.5]
    np.testing.assert_allclose(stroke.pressures, [0.1, 0.9])
    with pytest.raises(ValueError, match="read-only"):
        stroke.times[0] = 1
    with pytest.raises(FrozenInstanceError):
        stroke.times = None  # type: ignore[misc]


def test_strokes_are_equal_when_all_they_hold_is() -> None:
    timed = Stroke(TWO, [0, 1])
    assert timed == Stroke(np.array(TWO), [0.0, 1.0])
    assert hash(timed) == hash(Stroke(TWO, [0, 1]))
    assert len({timed, Stroke(TWO), Stroke(TWO, [0, 2]), Stroke(TWO, [0, 1], [0.5, 0.5])}) == 4


def test_a_negative_zero_is_the_same_point_and_has_the_same_hash() -> None:
    assert Stroke([[0.0, 0.0]]) == Stroke([[-0.0, -0.0]])
    assert hash(Stroke([[0.0, 0.0]])) == hash(Stroke([[-0.0, -0.0]]))


def test_points_may_be_numbers_of_numpy_in_lists() -> None:
    points: list[list[float]] = [[np.float64(0.5), 1], [np.float64(0), 0.25]]
    assert Stroke(points) == Stroke([[0.5, 1], [0, 0.25]])


def test_a_drawing_ends_when_its_last_stroke_does() -> None:
    assert Drawing().end == 0
    assert Drawing((Stroke(TWO),)).end == 0
    assert Drawing((Stroke(TWO, [0, 1]), Stroke(TWO, [2, 3.5]), Stroke(TWO))).end == 3.5


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ([TWO * 50_001], "more than 100,000 points"),
        ([TWO * 30_000, TWO * 30_000], "more than 100,000 points"),
        ([TWO] * 10_001, "more than 10,000 strokes"),
    ],
)
def test_a_drawing_larger_than_a_hand_draws_is_refused(strokes: list[Any], words: str) -> None:
    with pytest.raises(DrawingError) as refused:
        parse_drawing({"strokes": strokes})
    assert words in sentence(refused.value)


def test_files_without_times_are_written_as_before() -> None:
    line = format_drawing(LabelledDrawing(Drawing((Stroke(TWO),)), 7))
    assert line == '{"strokes":[[[0.1,0.2],[0.3,0.4]]],"label":7}'


def test_a_long_stroke_is_written_like_a_short_one() -> None:
    shares = np.linspace(0, 1, 2_345)
    points = np.stack([shares, shares**2], axis=1)
    drawing = Drawing((Stroke(points, shares, shares), Stroke(TWO)))
    record = json.loads(format_drawing(LabelledDrawing(drawing, None)))
    long = drawing.strokes[0]
    assert long.times is not None
    assert long.pressures is not None
    assert record["strokes"] == [[[round(x, 5), round(y, 5)] for x, y in long.points.tolist()], TWO]
    assert record["times"] == [[round(each, 4) for each in long.times.tolist()], None]
    assert record["pressures"] == [[round(each, 3) for each in long.pressures.tolist()], None]


def test_a_stroke_whose_times_are_not_known_has_null_beside_those_that_are() -> None:
    drawing = Drawing((Stroke(TWO, [0, 0.25]), Stroke(TWO, None, [0, 1])))
    record = json.loads(format_drawing(LabelledDrawing(drawing, None)))
    assert record["times"] == [[0.0, 0.25], None]
    assert record["pressures"] == [None, [0.0, 1.0]]
    assert parse_drawing(record).drawing == drawing


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no list": ({"times": 3}, '"times" must be a list with one list, or null'),
    "too few lists": ({"times": [[0, 1]]}, 'strokes: 2, "times": 1'),
    "too few times": ({"times": [[0, 1], [2]]}, 'points: 2, "times": 1'),
    "no times": ({"times": [[], None]}, 'points: 2, "times": 0'),
    "pairs": ({"times": [TWO, None]}, '"times" must be a list of numbers'),
    "ragged": ({"times": [[0, [1]], None]}, '"times" must be a list of numbers'),
    "text": ({"times": [["0", "1"], None]}, '"times" must be a list of numbers'),
    "true": ({"times": [[False, True], None]}, '"times" must be a list of numbers'),
    "null": ({"times": [[0, None], None]}, '"times" must be a list of numbers'),
    "huge": ({"times": [[0, 10**400], None]}, '"times" must be a list of numbers'),
    "negative": ({"times": [[-1, 0], None]}, "finite seconds"),
    "infinite": ({"times": [[0, 1e999], None]}, "finite seconds"),
    "not a number": ({"times": [[float("nan"), 1], None]}, "finite seconds"),
    "back": ({"times": [[1, 0.5], None]}, "must not go back"),
    "a stroke too early": ({"times": [[0, 1], [0, 1]]}, '"times" of stroke 2 begin before'),
    "hard": ({"pressures": [[0.5, 1.5], None]}, '"pressures" must lie between 0 and 1'),
    "pressure NaN": ({"pressures": [[0.5, float("nan")], None]}, "between 0 and 1"),
    "too few pressures": ({"pressures": [[0.5], None]}, 'points: 2, "pressures": 1'),
}


@pytest.mark.parametrize("case", WRONG)
def test_times_that_do_not_belong_to_the_points_are_refused_in_one_sentence(case: str) -> None:
    extra, problem = WRONG[case]
    with pytest.raises(DrawingError) as caught:
        parse_drawing({"strokes": [TWO, TWO], **extra})
    message = sentence(caught.value)
    assert problem in message
    assert "\n" not in message
    assert message.endswith(".")


@pytest.mark.parametrize("fault", [[0, [1]], [0], [], ["0", 1], [False, 1], [0, None], 0.5])
def test_a_fault_behind_thousands_of_good_points_is_found_as_well(fault: Any) -> None:
    with pytest.raises(DrawingError):
        parse_drawing({"strokes": [[[0.5, 0.5]] * 12_000 + [fault]]})


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Strokes of which some have times, and some pressures, on a grid that survives rounding."""
    strokes, now = [], 0
    for _ in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 6))
        points = draw(
            st.lists(st.tuples(*[st.integers(-99, 199)] * 2), min_size=count, max_size=count)
        )
        times = None
        if draw(st.booleans()):
            steps = draw(st.lists(st.integers(0, 50_000), min_size=count, max_size=count))
            ticks = now + np.cumsum(steps)
            now, times = int(ticks[-1]), ticks / 10_000
        pressures = None
        if draw(st.booleans()):
            pressures = (
                np.array(draw(st.lists(st.integers(0, 1000), min_size=count, max_size=count)))
                / 1000
            )
        strokes.append(Stroke(np.array(points) / 100, times, pressures))
    return Drawing(tuple(strokes))


@settings(max_examples=100, deadline=None)
@given(drawings(), st.none() | st.integers(0, 9))
def test_what_is_written_is_read_again(drawing: Drawing, label: int | None) -> None:
    labelled = LabelledDrawing(drawing, label)
    assert parse_drawing(json.loads(format_drawing(labelled))) == labelled
