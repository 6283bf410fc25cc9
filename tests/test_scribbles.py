import numpy as np
import pytest

from benchmarks.drawn_numbers import make_number
from benchmarks.invariance import CHANGES, images_after
from benchmarks.scribbles import LETTERS, SCRIBBLES, letters, overlaid, shuffled
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.screenshot import draw_three

THREE = LabelledDrawing(draw_three(), 3)
CROSS = Drawing((Stroke([(0.2, 0.2), (0.8, 0.8)]), Stroke([(0.8, 0.2), (0.2, 0.8)])))


@pytest.mark.parametrize("kind", SCRIBBLES)
def test_a_seed_gives_the_same_scribble_again_and_another_one_another(kind: str) -> None:
    one, again, other = (SCRIBBLES[kind](np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.parametrize("kind", LETTERS)
def test_letters_come_in_turn(kind: str) -> None:
    count = len(LETTERS[kind])
    drawn = letters(kind, count + 1, np.random.default_rng(1))
    assert len(drawn) == count + 1
    assert len(drawn[0].strokes) == len(drawn[count].strokes)


def test_shuffled_pieces_are_those_of_the_drawing() -> None:
    pieces = shuffled(draw_three(), np.random.default_rng(1))
    assert 4 <= len(pieces.strokes) <= 6
    points = sum(len(stroke.points) for stroke in pieces.strokes)
    assert points == len(draw_three().strokes[0].points)
    assert len(overlaid(CROSS, draw_three()).strokes) == 3


def test_a_number_lies_on_the_canvas_from_left_to_right_with_its_gaps() -> None:
    number = make_number([THREE] * 4, np.random.default_rng(1))
    assert (number.text, number.stroke_counts) == ("3333", [1, 1, 1, 1])
    points = np.concatenate([stroke.points for stroke in number.drawing.strokes])
    assert points.min() >= 0
    assert points.max() <= 1
    lefts = [float(stroke.points[:, 0].min()) for stroke in number.drawing.strokes]
    assert lefts == sorted(lefts)


def test_a_digit_drawn_small_or_large_anywhere_gives_nearly_the_same_image() -> None:
    as_drawn = images_after([THREE], CHANGES["as drawn"])[0].astype(int)
    for name in ("a fifth of the canvas, anywhere", "all of the canvas"):
        difference = np.abs(images_after([THREE], CHANGES[name])[0] - as_drawn)
        assert difference.max() <= 8, name
