"""Styles in which people draw the digits, in a box of about 0..1, x to the right and y down."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, radians, sin, tan
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Strokes: TypeAlias = list[list[Point]]
"""The control points of each stroke, which is a smooth curve through them."""

Between: TypeAlias = Callable[[float, float], float]
"""Returns a new random number from `low` to `high`."""


@dataclass(frozen=True, slots=True)
class DigitStyle:
    """One way to write a digit; `weight` is its frequency relative to the digit's other styles.

    `slant` are the mean and the standard deviation of the lean to the right, in widths per height;
    `turn` those of the clockwise rotation in radians.
    """

    digit: int
    name: str
    weight: float
    strokes: Callable[[Between], Strokes]
    slant: tuple[float, float] = (0.12, 0.2)
    turn: tuple[float, float] = (0.0, 0.1)


def corner(x: float, y: float) -> tuple[Point, Point]:
    """Return a point twice: there the curve has a sharp corner."""
    return (x, y), (x, y)


def ring(centre: Point, size: Point, *, start: float = 0, turns: float = 1) -> list[Point]:
    """Return an ellipse of this centre and size, from its top to the left and on.

    `start` and `turns` are in whole turns; each turn has eight points.
    """
    (x, y), (width, height) = centre, size
    angles = [2 * pi * (start + turns * step / 8) for step in range(9)]
    return [(x - width / 2 * sin(angle), y - height / 2 * cos(angle)) for angle in angles]


def path(text: str) -> Callable[[Between], Strokes]:
    """Return what draws the strokes of a text: points "x y" in hundredths, "/" between strokes.

    "a~b" in place of a number is a random one between the two. A point with a "!" is a corner.
    """
    strokes = [list(map(_parsed_point, stroke.split("  "))) for stroke in text.split(" / ")]

    def draw(between: Between) -> Strokes:
        def number(low: float, high: float) -> float:
            return low if low == high else between(low, high)

        return [
            [point for x, y, times in stroke for point in times * [(number(*x), number(*y))]]
            for stroke in strokes
        ]

    return draw


def _parsed_point(text: str) -> tuple[Point, Point, int]:
    """Return the bounds of x and those of y, and how often the point stands."""
    bounds = [[int(each) / 100 for each in word.split("~")] for word in text.strip("!").split()]
    x, y = ((each[0], each[-1]) for each in bounds)
    return x, y, 2 if text.endswith("!") else 1


# A 1 leans and turns further than other digits.
_SLANT = (0.25, 0.25)
_TURN = (0.18, 0.2)


def plain_zero(between: Between) -> Strokes:
    """Draw one turn that may end a little too early or too late."""
    return [ring((0.5, 0.5), (0.9, 1), start=between(-0.08, 0.08), turns=between(0.95, 1.07))]


def slashed_zero(between: Between) -> Strokes:
    """Draw a stroke through the ring, from the upper right to the lower left."""
    beyond = between(0, 0.18)
    return [*plain_zero(between), [(0.8 + beyond, 0.1 - beyond), (0.2 - beyond, 0.9 + beyond)]]


def short_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby."""
    return [[*_flag_one(between, between(0.06, 0.25)), *_stem_one(between)]]


def long_flag_one(between: Between) -> Strokes:
    """Come up to the top from nearby, or from as far away as the stem is long."""
    return [[*_flag_one(between, between(0.15, 0.9)), *_stem_one(between)]]


def round_flag_one(between: Between) -> Strokes:
    """Turn at the top in a curve."""
    length, drop = between(0.12, 0.5), between(0.15, 0.45)
    start = [(0.5 - length, drop), (0.5 - length * 0.45, drop / 2), (0.47, 0.02)]
    return [[*start, (0.5, 0.15), (between(0.45, 0.53), 0.6), (0.48, 1)]]


def flag_and_base_one(between: Between) -> Strokes:
    """Stand a flagged 1 on a level stroke."""
    return [*long_flag_one(between), _base_one(between)]


def curled_one(between: Between) -> Strokes:
    """End a flagged 1 in a curl to the left."""
    curl = [(between(0.3, 0.45), between(0.95, 1.03)), (between(0.2, 0.4), 0.95)]
    return [[*_flag_one(between, between(0.15, 0.55)), (0.5, 0.6), (0.48, 0.9), *curl]]


def _flag_one(between: Between, length: float) -> list[Point]:
    """Rise by 22 to 58 degrees to the top of the stem."""
    drop = min(length * tan(radians(between(22, 58))), 0.55)
    sag = between(-0.04, 0.05)
    return [(0.5 - length, drop), (0.5 - length / 2, drop / 2 + sag), *corner(0.5, 0)]


def _stem_one(between: Between) -> list[Point]:
    return [(between(0.47, 0.53), 0.5), (0.5, 1)]


def _base_one(between: Between) -> list[Point]:
    return [(between(0.05, 0.4), 1), (between(0.6, 0.95), between(0.95, 1.05))]


def looped_two(between: Between) -> Strokes:
    """Turn from the bow to the foot in a small loop."""
    size = between(0.05, 0.16)
    bow = [(0.12, 0.25), (0.4, 0), (0.8, 0.2), (0.6, 0.6)]
    loop = [(0.2, 0.98), (0.1 - size / 2, 0.95 - size / 2), (0.18, 0.85 - size)]
    return [[*bow, *loop, (0.45, 0.92), (0.95, between(0.92, 1.04))]]


def plain_three(between: Between) -> Strokes:
    """Draw two bows that meet in a sharp corner."""
    upper = [(0.15, between(0.05, 0.2)), (0.5, 0), (0.8, 0.22)]
    lower = [(0.85, 0.7), (0.5, 1), (0.1, between(0.78, 0.95))]
    return [[*upper, *corner(between(0.3, 0.55), 0.46), *lower]]


def open_top_four(between: Between) -> Strokes:
    """Draw an L, and a stem through its foot."""
    bar, stem = between(0.5, 0.68), between(0.55, 0.8)
    foot = [(0.5, bar + between(-0.04, 0.04)), (0.95, bar + between(-0.06, 0.04))]
    left = [(between(0.17, 0.47), 0), *corner(0.08, bar), *foot]
    return [left, [(stem, between(-0.05, 0.4)), (stem - 0.02, 0.6), (stem - between(0, 0.1), 1)]]


def closed_four(between: Between) -> Strokes:
    """Draw the printed 4: a triangle on a stem."""
    bar, stem = between(0.55, 0.72), between(0.58, 0.72)
    foot = [(0.5, bar), (0.95, bar + between(-0.05, 0.04))]
    return [[*corner(stem, 0), *corner(0.05, bar), *foot], [(stem, 0), (stem, 1)]]


def narrow_four(between: Between) -> Strokes:
    """Let the foot end at the stem, or just beyond."""
    bar, stem = between(0.45, 0.65), between(0.58, 0.75)
    foot = (stem + between(0.02, 0.2), bar + between(-0.08, 0.02))
    left = [(between(0.33, 0.5), 0), *corner(0.15, bar), foot]
    top = bar - between(0.08, 0.35)
    return [left, [(stem, top), (stem - 0.03, 0.75), (stem - between(0, 0.12), 1)]]


def one_stroke_four(between: Between) -> Strokes:
    """Turn back down from the foot without lifting the pen: a 9 with an open, angular head."""
    bar, stem = between(0.45, 0.6), between(0.5, 0.75)
    left = [(between(0.2, 0.5), 0), (0.15, bar * 0.7), *corner(0.12, bar)]
    top = bar - between(0.1, 0.4)
    down = [*corner(stem, top), (stem - 0.02, 0.7), (stem - between(0, 0.12), 1)]
    return [[*left, (0.45, bar - 0.02), *down]]


def hooked_four(between: Between) -> Strokes:
    """Draw a tall left side and a low turn; the stem begins far below the top."""
    bar, stem = between(0.55, 0.75), between(0.55, 0.8)
    top = bar - between(0.12, 0.4)
    left = [(between(0.23, 0.5), 0), (0.18, bar * 0.6), *corner(0.1, bar)]
    foot = [(0.3, bar + between(-0.02, 0.03)), (stem, bar - 0.05)]
    down = [(stem, top), (stem - 0.02, top + 0.05), (stem - between(0.02, 0.12), 1)]
    return [[*left, *foot, *down]]


def looped_four(between: Between) -> Strokes:
    """Turn from the foot into the stem in a narrow loop."""
    bar, stem = between(0.5, 0.7), between(0.5, 0.75)
    rise, half = between(0.15, 0.4), between(0.02, 0.1)
    left = [(between(0.17, 0.47), 0), (0.12, bar * 0.7), (0.15, bar), (0.5, bar - 0.03)]
    side = bar - rise * 0.6
    loop = [(stem + half, side), (stem, bar - rise), (stem - half, side)]
    return [[*left, *loop, (stem - 0.03, 0.8), (stem - between(0, 0.12), 1)]]


def crossed_six(between: Between) -> Strokes:
    """Let the ring's end cross the back."""
    top = between(0.5, 0.7)
    back = [(between(0.5, 0.8), 0), (0.32, 0.35), (0.2, 0.75)]
    ring = [(0.4, 1), (0.75, 0.82), (0.5, top), (0.2, top + 0.05)]
    return [[*back, *ring, (between(-0.15, 0.05), top + between(0.02, 0.15))]]


def wave_seven(between: Between) -> Strokes:
    """Swing the top up and down."""
    sag = between(0.05, 0.15)
    top = [(0.03, sag + 0.05), (0.2, 0), (0.5, sag * 0.7), *corner(0.92, between(-0.08, 0.05))]
    return [[*top, (between(0.54, 0.7), 0.45), (between(0.28, 0.52), 1)]]


def _barred_seven(seven: Callable[[Between], Strokes]) -> Callable[[Between], Strokes]:
    """Return what draws this 7 with a bar."""

    def draw(between: Between) -> Strokes:
        return [*seven(between), _bar_seven(between)]

    return draw


def bowed_barred_seven(between: Between) -> Strokes:
    """Bar a small bow that is no wider than the bar: it looks like a 2 or a 3."""
    top = [(between(0.02, 0.22), between(0.1, 0.23)), (0.4, 0), (0.75, 0.05), (0.8, 0.25)]
    middle, tilt = between(0.45, 0.7), between(-0.08, 0.08)
    bar = [(between(0.1, 0.45), middle + tilt), (between(0.72, 1.05), middle - tilt)]
    return [[*top, (0.62, 0.55), (0.5, 0.85), (between(0.2, 0.55), 1)], bar]


def _bar_seven(between: Between) -> list[Point]:
    middle, tilt = between(0.42, 0.62), between(-0.1, 0.1)
    right = (between(0.72, 1), middle - tilt * between(0.3, 1))
    return [(between(0.18, 0.45), middle + tilt), right]


def plain_eight(between: Between) -> Strokes:
    """Begin at the upper right, as an S does, and close it."""
    waist = between(0.4, 0.52)
    upper = [(0.78, between(0.1, 0.23)), (0.5, 0), (0.2, 0.2)]
    lower = _lower_loop_eight(waist, between(0.29, 0.34))
    return [[*upper, *lower, (0.75, between(0.15, 0.3))]]


def from_the_middle_eight(between: Between) -> Strokes:
    """Begin and end at the waist."""
    waist = between(0.4, 0.52)
    upper = [(0.5, waist), (0.2, 0.2), (0.5, 0), (0.8, 0.2)]
    return [[*upper, (0.5, waist), (0.18, 0.75), (0.5, 1), (0.82, 0.75), (0.5, waist)]]


def two_rings_eight(between: Between) -> Strokes:
    """Put one ring on another."""
    upper, roundness = between(0.4, 0.6), between(0.95, 1.35)
    return [
        ring((0.5, upper / 2), (upper * roundness, upper)),
        ring((0.5, (1 + upper) / 2), ((1 - upper) * roundness, 1 - upper)),
    ]


def open_top_eight(between: Between) -> Strokes:
    """Begin and end with tails at the upper right that need not meet."""
    start = [(between(0.7, 0.95), between(-0.02, 0.1)), (0.5, between(0.05, 0.15)), (0.3, 0.2)]
    lower = _lower_loop_eight(between(0.38, 0.6), between(0.2, 0.35))
    return [[*start, *lower, (0.75, 0.2), (between(0.73, 0.95), between(-0.05, 0.1))]]


def crossed_eight(between: Between) -> Strokes:
    """Draw only the lower loop; its ends stick out above like those of a ribbon."""
    start = [(between(0.1, 0.3), between(0, 0.15)), (0.35, 0.25)]
    lower = _lower_loop_eight(between(0.45, 0.62), between(0.17, 0.32))
    # This loop is entered from the left, so it is gone round the other way.
    lower = [(1 - x, y) for x, y in lower]
    return [[*start, *lower, (0.72, 0.25), (between(0.7, 0.9), between(-0.05, 0.1))]]


def small_top_eight(between: Between) -> Strokes:
    """Draw a large lower loop and a small upper one."""
    half = between(0.18, 0.27)
    upper = [(0.5 + half, 0.1), (0.5, 0), (0.5 - half, 0.15)]
    lower = _lower_loop_eight(between(0.3, 0.4), 0.32)
    return [[*upper, *lower, (0.5 + half, between(0.06, 0.17))]]


def big_top_eight(between: Between) -> Strokes:
    """Draw a large upper loop and a small lower one."""
    upper = [(0.78, 0.15), (0.5, 0), (0.2, 0.25)]
    lower = _lower_loop_eight(between(0.55, 0.68), between(0.18, 0.27))
    return [[*upper, *lower, (0.75, between(0.2, 0.35))]]


def _lower_loop_eight(waist: float, half: float) -> list[Point]:
    """Go round to the right from the waist, half as wide as said, and back to the waist."""
    side = 0.8 if waist > 0.45 else 0.75
    return [(0.5, waist), (0.5 + half, side), (0.5, 1), (0.5 - half, side), (0.5, waist)]


def hooked_nine(between: Between) -> Strokes:
    """End in a hook to the left."""
    hook = [(0.82, 0.6), (0.62, 0.93), (0.4, 1), (between(0, 0.3), between(0.8, 0.97))]
    return [[*_head_nine(between), *corner(0.82, 0.12), *hook]]


def like_an_s_nine(between: Between) -> Strokes:
    """End in a wide bow, so that the whole is an S that is closed above."""
    bow = [(0.84, between(0.05, 0.2)), (between(0.79, 0.96), 0.62), (0.68, 0.95)]
    end = [(0.3, between(0.97, 1.03)), (between(-0.2, 0.2), between(0.73, 0.97))]
    return [[*_head_nine(between), *bow, *end]]


def flat_foot_nine(between: Between) -> Strokes:
    """End in a level stroke to the left."""
    foot = [(0.8, 0.93), (0.5, 1), (between(-0.15, 0.2), between(0.9, 1.02))]
    return [[*_head_nine(between), *corner(0.83, 0.1), (0.86, 0.55), *foot]]


def tiny_head_nine(between: Between) -> Strokes:
    """Draw a very small head on a long stem: nearly a 1."""
    low = between(0.18, 0.32)
    head = [(0.72, 0.08), (0.48, 0), (between(0.18, 0.34), low * 0.6), (0.46, low)]
    return [[*head, (0.72, 0.08), (0.75, 0.15), (0.68, 0.55), (between(0.3, 0.6), 1)]]


def tail_up_nine(between: Between) -> Strokes:
    """Lead the tail far to the left and up again."""
    head = [(0.78, 0.1), (0.48, 0), (0.2, 0.2), (0.45, between(0.32, 0.5)), (0.8, 0.15)]
    left = between(-0.15, 0.25)
    tail = [(0.78, 0.88), (0.45, 1), (left + 0.1, 0.92), (left, between(0.65, 0.87))]
    return [[*head, (0.85, 0.5), *tail]]


def _head_nine(between: Between) -> list[Point]:
    """Go round from the upper right to the left and below, and up again."""
    start = (between(0.75, 0.83), between(0.06, 0.22))
    return [start, (0.45, 0), (0.12, 0.24), (0.42, between(0.4, 0.55)), (0.8, 0.22)]


# Draw a bow, then a level foot from a sharp corner.
_PLAIN_TWO = path("5~20 17~33  40 0  80 20  62 55  10 100!  50 94~104  90 93~103")
# Draw a wide upper bow that turns into the lower one without a corner.
_ROUNDED_THREE = path("2~22 10~30  45 0  80 15  62 42  50~68 47  85 65  75 90  40 100  0~20 88")
# Put the bar on last, where it may miss the rest.
_TWO_STROKES_FIVE = path("25 2!  20 45!  50 38  82 68  48 100  8 82~97 / 15~32 -5~4  80~100 -8~4")
# Draw a long back and a small ring.
_SMALL_RING_SIX = path("40~80 0  30 35  15 80  35 100  60~85 85  45 55~70  0~20 74~88")
# Draw a level top and a sharp corner.
_PLAIN_SEVEN = path("5 -3~10  45 2  90 0!  52~70 45  25~55 100")
# Begin with a short stroke, up to where the level top starts.
_SERIF_SEVEN = path("5 10~28!  5~13 2!  92 -5~5!  60 45  25~55 100")
# Turn from the top into the stem in a curve.
_ROUNDED_SEVEN = path("10 12  40 0  80 2  90 15  65 55  35~55 100")
# Draw a small head and a wide bow below it.
_SMALL_HEAD_NINE = path(
    "75 10  50 0  28 15  50 28~40  78 12  86 42~58  72 90  35 100  -10~25 76~96"
)
# Draw a ring, then a hooked stem beside it.
_TWO_STROKES_NINE = path(
    "80 10  45 0  12 24  42 50  80 25  75 8 / 82 -6~10  84 60  60 95  35 100  -2~28 80~98"
)
# Begin the head to the right of the stem.
_EARED_NINE = path(
    "85~110 -2~8  50 0  20 20  42 30~50  75 25  80 10!  84 55  60~80 92  40 100  -10~30 78~98"
)
# End in a straight stem.
_STRAIGHT_NINE = path("75~83 6~22  45 0  12 24  42 40~55  80 22  82 12!  78 55  52~82 100")

DIGIT_STYLES: tuple[DigitStyle, ...] = (
    DigitStyle(0, "plain", 2, plain_zero),
    DigitStyle(0, "slashed", 1, slashed_zero),
    # Begin at the right and end inside, beyond the place where the ring is closed.
    DigitStyle(0, "tailed", 1, path("75 -10~5  35 5  5 50  40 100  90 60  75 15  40 5~20")),
    # Draw an upright stroke, hardly bent.
    DigitStyle(1, "plain", 1, path("50 0  46~54 50  50 100"), _SLANT, _TURN),
    DigitStyle(1, "short flag", 1, short_flag_one, _SLANT, _TURN),
    DigitStyle(1, "long flag", 7, long_flag_one, _SLANT, _TURN),
    DigitStyle(1, "round flag", 2.5, round_flag_one, _SLANT, _TURN),
    DigitStyle(1, "flag and base", 1.5, flag_and_base_one, _SLANT, _TURN),
    # Stand a bare 1 on a level stroke.
    DigitStyle(1, "base", 0.5, path("50 0  50 100 / 5~40 100  60~95 95~105"), _SLANT, _TURN),
    DigitStyle(1, "curled", 0.7, curled_one, _SLANT, _TURN),
    DigitStyle(2, "plain", 1, _PLAIN_TWO),
    DigitStyle(2, "looped", 1, looped_two),
    # Draw a slender plain 2.
    DigitStyle(2, "narrow", 1, path("25 10~25  45 0  70 15  65 50  25 97!  55 97  85 100")),
    DigitStyle(3, "plain", 1, plain_three),
    # Draw a Z above, a bow below.
    DigitStyle(3, "flat top", 1, path("10 2!  80 0!  30~50 40!  85 68  50 100  10 78~95")),
    # Hardly turn in between the bows.
    DigitStyle(3, "shallow", 1, path("20 5  60 0  85 20  55~70 45  90 70  55 100  15 82~97")),
    DigitStyle(3, "rounded", 0.7, _ROUNDED_THREE),
    DigitStyle(4, "open", 1, open_top_four),
    DigitStyle(4, "closed", 1, closed_four),
    DigitStyle(4, "narrow", 1, narrow_four),
    DigitStyle(4, "one stroke", 1, one_stroke_four),
    DigitStyle(4, "hooked", 1.2, hooked_four),
    DigitStyle(4, "looped", 1, looped_four),
    # Begin with the bar at the right; go on down and into the bow.
    DigitStyle(5, "one stroke", 1, path("85 -6~6  25 0!  18 45!  50 36  85 66  50 100  10 80~98")),
    DigitStyle(5, "two strokes", 1, _TWO_STROKES_FIVE),
    # Draw no corner at all.
    DigitStyle(5, "like an S", 1, path("85 3  50 0  22 20  35 42  75 58  75 88  45 100  10 92")),
    # Draw a round back and a large ring.
    DigitStyle(6, "plain", 1, path("55~85 0  30 30  12 70  42 100  82 80  55 42~60  15 70~85")),
    # Draw a straight back.
    DigitStyle(6, "straight", 1, path("30~70 0  22 40  15 80  45 100  80 82  50 50~65  20 85")),
    DigitStyle(6, "small ring", 1, _SMALL_RING_SIX),
    DigitStyle(6, "crossed", 0.7, crossed_six),
    DigitStyle(7, "plain", 1, _PLAIN_SEVEN),
    DigitStyle(7, "serif", 1, _SERIF_SEVEN),
    DigitStyle(7, "wave", 0.5, wave_seven),
    DigitStyle(7, "rounded", 0.7, _ROUNDED_SEVEN),
    DigitStyle(7, "barred", 1, _barred_seven(_PLAIN_SEVEN)),
    DigitStyle(7, "serif, barred", 1, _barred_seven(_SERIF_SEVEN)),
    DigitStyle(7, "wave, barred", 0.7, _barred_seven(wave_seven)),
    DigitStyle(7, "rounded, barred", 1, _barred_seven(_ROUNDED_SEVEN)),
    DigitStyle(7, "bowed, barred", 1.2, bowed_barred_seven),
    DigitStyle(8, "plain", 1, plain_eight),
    DigitStyle(8, "from the middle", 1, from_the_middle_eight),
    DigitStyle(8, "two rings", 1, two_rings_eight),
    DigitStyle(8, "open", 0.7, open_top_eight),
    DigitStyle(8, "crossed", 1, crossed_eight),
    DigitStyle(8, "small top", 0.7, small_top_eight),
    DigitStyle(8, "big top", 0.7, big_top_eight),
    DigitStyle(9, "straight", 1, _STRAIGHT_NINE),
    DigitStyle(9, "hooked", 1.5, hooked_nine),
    DigitStyle(9, "like an S", 1.5, like_an_s_nine),
    DigitStyle(9, "flat foot", 1.2, flat_foot_nine),
    DigitStyle(9, "small head", 1, _SMALL_HEAD_NINE),
    DigitStyle(9, "two strokes", 1, _TWO_STROKES_NINE),
    DigitStyle(9, "eared", 1.2, _EARED_NINE),
    DigitStyle(9, "tiny head", 0.8, tiny_head_nine),
    DigitStyle(9, "tail up", 1.2, tail_up_nine),
)
